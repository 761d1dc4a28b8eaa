#include "image/text_header.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "image/compressed.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <fstream>
#include <sstream>
#include <vector>

namespace calcar::image
{
namespace
{
[[noreturn]] void refuse(const std::filesystem::path& file, const std::string& given,
                         const std::string& allowed, const std::string& remedy)
{
  throw InputError(Fault::data, {file.string(), given, allowed, remedy, ""});
}

std::string trimmed(const std::string& text)
{
  const auto first = text.find_first_not_of(" \t\r");
  if (first == std::string::npos)
    return "";
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

std::string small_letters(std::string text)
{
  std::ranges::transform(text, text.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

std::vector<double> numbers(const std::string& text)
{
  std::vector<double> result;
  std::istringstream in(text);
  std::string word;
  while (in >> word)
    try
    {
      result.push_back(std::stod(word));
    }
    catch (const std::exception&)
    {
      result.push_back(NAN);
    }
  return result;
}

/// Bytes of one value by the type names of both formats; 0 when unknown.
std::uint64_t bytes_of(const std::string& type)
{
  static const std::map<std::uint64_t, std::vector<std::string>> names = {
      {1,
       {"met_char", "met_uchar", "char", "signed char", "unsigned char", "uchar", "int8", "uint8",
        "int8_t", "uint8_t"}},
      {2,
       {"met_short", "met_ushort", "short", "short int", "signed short", "unsigned short", "ushort",
        "int16", "uint16", "int16_t", "uint16_t"}},
      {4,
       {"met_int", "met_uint", "met_float", "int", "signed int", "unsigned int", "uint", "int32",
        "uint32", "int32_t", "uint32_t", "float"}},
      {8,
       {"met_double", "met_long_long", "double", "int64", "uint64", "longlong", "long long",
        "unsigned long long"}}};
  for (const auto& [bytes, known] : names)
    if (std::ranges::find(known, small_letters(type)) != known.end())
      return bytes;
  return 0;
}

void check_dimensions(const std::filesystem::path& file, const std::string& text)
{
  const std::vector<double> dimension = numbers(text);
  if (dimension.size() != 1 || dimension[0] != 3)
    refuse(file, "the image has " + (text.empty() ? "no stated number of" : text) + " dimensions",
           "one 3-D volume", "split it and give one scalar volume");
}

void check_steps(const std::filesystem::path& file, const std::vector<double>& steps)
{
  const bool three = steps.size() == 3;
  for (std::size_t a = 0; a < 3; ++a)
    if (!three || !(steps[a] > 1e-6) || !std::isfinite(steps[a]))
      refuse(file,
             three ? "the voxel spacing along axis " + std::string(1, "ijk"[a]) + " is " +
                         format_number(steps[a]) + " mm"
                   : "the header states no voxel spacing",
             "a positive spacing", "correct the header or export the image again");
}

/// Where the voxels are, how they are packed, and how many bytes they must be.
struct Payload
{
  std::filesystem::path file;
  std::uint64_t start = 0;
  bool compressed = false;
  std::uint64_t bytes = 0;
};

void check_payload(const std::filesystem::path& header, const Payload& payload)
{
  if (!std::filesystem::is_regular_file(payload.file))
    refuse(header, "its file of voxels \"" + payload.file.filename().string() + "\" is missing", "",
           "put it beside the header");
  const std::uint64_t on_disk = std::filesystem::file_size(payload.file);
  const std::uint64_t given = payload.compressed ? inflated_size(payload.file, payload.start)
                                                 : on_disk - std::min(on_disk, payload.start);
  if (given < payload.bytes)
    refuse(payload.file,
           "the file is truncated: it holds " + std::to_string(given) + " of " +
               std::to_string(payload.bytes) + " bytes of voxels",
           "", "copy or export the file again");
}

std::uint64_t voxel_bytes(const std::filesystem::path& file, const std::string& sizes,
                          std::uint64_t bytes_each)
{
  const std::vector<double> size = numbers(sizes);
  double product = static_cast<double>(bytes_each);
  for (const double s : size)
    product *= s >= 1 && s < 1e5 ? s : NAN;
  if (size.size() != 3 || !std::isfinite(product))
    refuse(file, "the header is damaged: image size \"" + sizes + "\"", "",
           "copy or export the file again");
  return static_cast<std::uint64_t>(product);
}

std::vector<double> nrrd_steps(const std::string& directions)
{
  std::vector<double> steps;
  std::string text = directions;
  std::ranges::replace(text, ',', ' ');
  std::size_t open = 0;
  while ((open = text.find('(', open)) != std::string::npos)
  {
    const std::size_t close = text.find(')', open);
    double square = 0;
    for (const double c : numbers(text.substr(open + 1, close - open - 1)))
      square += c * c;
    steps.push_back(std::sqrt(square));
    ++open;
  }
  return steps;
}

void check_nrrd(const std::filesystem::path& file, const TextHeader& header)
{
  check_dimensions(file, header.value("dimension"));
  if (header.value("space").empty() || header.value("space directions").empty())
    refuse(file, "the header does not say how the patient lies (no \"space\" with directions)",
           "an orientation", "export the image from the DICOM series again");
  check_steps(file, nrrd_steps(header.value("space directions")));
  const std::string encoding = small_letters(header.value("encoding"));
  const bool packed = encoding == "gzip" || encoding == "gz";
  if (encoding != "raw" && !packed)
    refuse(file, "the voxels are encoded as \"" + encoding + "\"", "raw or gzip",
           "save the image with one of these");
  const std::string detached = header.value("data file") + header.value("datafile");
  const bool skips = !header.value("byte skip").empty() || !header.value("line skip").empty();
  if (skips || small_letters(detached).starts_with("list") ||
      detached.find('%') != std::string::npos)
    refuse(file, "the voxels are spread over several files or begin after skipped bytes",
           "one file of voxels", "save the image as one .nrrd file");
  const std::uint64_t bytes =
      voxel_bytes(file, header.value("sizes"), bytes_of(header.value("type")));
  check_payload(file, detached.empty() ? Payload{file, header.data_start, packed, bytes}
                                       : Payload{file.parent_path() / detached, 0, packed, bytes});
}

void check_meta(const std::filesystem::path& file, const TextHeader& header)
{
  check_dimensions(file, header.value("ndims"));
  const std::string spacing = header.value("elementspacing");
  check_steps(file, numbers(spacing.empty() ? header.value("elementsize") : spacing));
  if (header.value("transformmatrix").empty() && header.value("rotation").empty() &&
      header.value("orientation").empty())
    refuse(file, "the header does not say how the patient lies (no \"TransformMatrix\")",
           "an orientation", "export the image from the DICOM series again");
  const std::string channels = header.value("elementnumberofchannels");
  if (!channels.empty() && channels != "1")
    refuse(file, "the voxels hold " + channels + " numbers each (vector or colour)",
           "one number a voxel", "export one scalar image");
  const bool packed = small_letters(header.value("compresseddata")) == "true";
  const std::string data = header.value("elementdatafile");
  if (data == "LIST" || data.find('%') != std::string::npos)
    refuse(file, "the voxels are spread over several files", "one file of voxels",
           "save the image as one .mha file");
  const std::uint64_t bytes =
      voxel_bytes(file, header.value("dimsize"), bytes_of(header.value("elementtype")));
  check_payload(file, data == "LOCAL" ? Payload{file, header.data_start, packed, bytes}
                                      : Payload{file.parent_path() / data, 0, packed, bytes});
}
} // namespace

std::string TextHeader::value(const std::string& key) const
{
  const auto found = fields.find(key);
  return found == fields.end() ? "" : found->second;
}

TextHeader read_text_header(const std::filesystem::path& file, TextFormat format)
{
  TextHeader header;
  std::ifstream in(file, std::ios::binary);
  const char separator = format == TextFormat::nrrd ? ':' : '=';
  std::string line;
  for (int lines = 0; lines < 1000 && std::getline(in, line); ++lines)
  {
    line = trimmed(line);
    if (line.empty() && format == TextFormat::nrrd)
      break;
    const auto at = line.find(separator);
    if (at == std::string::npos || line.starts_with('#'))
      continue;
    const std::string key = small_letters(trimmed(line.substr(0, at)));
    header.fields[key] = trimmed(line.substr(at + 1));
    if (format == TextFormat::meta && key == "elementdatafile")
      break; // the last line of a MetaImage header
  }
  const auto position = in.good() ? in.tellg() : std::streampos(-1);
  header.data_start = position < 0 ? std::filesystem::file_size(file)
                                   : static_cast<std::uint64_t>(std::streamoff(position));
  return header;
}

void check_text_header(const std::filesystem::path& file, TextFormat format)
{
  const TextHeader header = read_text_header(file, format);
  if (format == TextFormat::nrrd)
    check_nrrd(file, header);
  else
    check_meta(file, header);
}

} // namespace calcar::image
