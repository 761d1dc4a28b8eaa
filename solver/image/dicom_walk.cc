#include "base/error.hpp"
#include "image/dicom_tags.hpp"

#include <cctype>
#include <fstream>
#include <string_view>

namespace calcar::image
{
namespace
{
struct Asked
{
  const char* keyword;
  std::uint16_t group;
  std::uint16_t element;
  bool is_short; ///< a 16-bit number, not text
};

constexpr Asked asked[] = {
    {"TransferSyntaxUID", 0x0002, 0x0010, false},
    {"SOPClassUID", 0x0008, 0x0016, false},
    {"StudyDate", 0x0008, 0x0020, false},
    {"AcquisitionDate", 0x0008, 0x0022, false},
    {"Modality", 0x0008, 0x0060, false},
    {"Manufacturer", 0x0008, 0x0070, false},
    {"SeriesDescription", 0x0008, 0x103e, false},
    {"ManufacturerModelName", 0x0008, 0x1090, false},
    {"ContrastBolusAgent", 0x0018, 0x0010, false},
    {"SliceThickness", 0x0018, 0x0050, false},
    {"KVP", 0x0018, 0x0060, false},
    {"ConvolutionKernel", 0x0018, 0x1210, false},
    {"SeriesInstanceUID", 0x0020, 0x000e, false},
    {"ImagePositionPatient", 0x0020, 0x0032, false},
    {"ImageOrientationPatient", 0x0020, 0x0037, false},
    {"SamplesPerPixel", 0x0028, 0x0002, true},
    {"NumberOfFrames", 0x0028, 0x0008, false},
    {"Rows", 0x0028, 0x0010, true},
    {"Columns", 0x0028, 0x0011, true},
    {"PixelSpacing", 0x0028, 0x0030, false},
    {"BitsAllocated", 0x0028, 0x0100, true},
    {"BitsStored", 0x0028, 0x0101, true},
    {"PixelRepresentation", 0x0028, 0x0103, true},
    {"RescaleIntercept", 0x0028, 0x1052, false},
    {"RescaleSlope", 0x0028, 0x1053, false},
};

constexpr std::uint32_t undefined = 0xffffffff;
constexpr std::uint32_t item = 0xfffee000, item_end = 0xfffee00d, sequence_end = 0xfffee0dd;
constexpr std::uint32_t pixel_data = 0x7fe00010;
constexpr int deepest = 32; ///< sequences within sequences

struct Element
{
  std::uint32_t tag = 0; ///< group * 65536 + element
  std::string vr;        ///< empty for implicit VR and items
  std::uint32_t length = 0;
};

/// Walks through a file element by element; every read and skip stays inside it.
class Walker
{
public:
  explicit Walker(const std::filesystem::path& file)
      : in_(file, std::ios::binary), size_(std::filesystem::file_size(file)), place_(file.string())
  {
  }

  std::uint64_t position() const { return position_; }
  bool at_end() const { return position_ >= size_; }
  void implicit_vr(bool on) { implicit_ = on; }

  [[noreturn]] void refuse(const std::string& given) const
  {
    throw InputError(Fault::data, {place_, given, "", "copy or export the series again", ""});
  }

  std::string bytes(std::uint64_t count)
  {
    require(count);
    std::string text(count, '\0');
    in_.seekg(static_cast<std::streamoff>(position_));
    if (!in_.read(text.data(), static_cast<std::streamsize>(count)))
      refuse("the file cannot be read");
    position_ += count;
    return text;
  }

  void skip(std::uint64_t count)
  {
    require(count);
    position_ += count;
  }

  std::uint32_t number(int width)
  {
    const std::string b = bytes(static_cast<std::uint64_t>(width));
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < b.size(); ++i)
      value |= static_cast<std::uint32_t>(static_cast<unsigned char>(b[i])) << (8 * i);
    return value;
  }

  /// Group and element of what comes next, without going there.
  std::uint32_t next_tag()
  {
    const std::uint64_t here = position_;
    const std::uint32_t group = number(2);
    const std::uint32_t tag = group * 65536 + number(2);
    position_ = here;
    return tag;
  }

  Element element()
  {
    Element e;
    e.tag = next_tag();
    skip(4);
    const bool meta = e.tag >> 16 == 2; // always explicit
    if (e.tag >> 16 == 0xfffe || (implicit_ && !meta))
    {
      e.length = number(4);
      return e;
    }
    e.vr = bytes(2);
    if (!std::isupper(static_cast<unsigned char>(e.vr[0])) ||
        !std::isupper(static_cast<unsigned char>(e.vr[1])))
      refuse("the DICOM file is damaged");
    constexpr std::string_view long_vrs = "OB OD OF OL OV OW SQ SV UC UN UR UT UV";
    if (long_vrs.find(e.vr) == std::string_view::npos)
      e.length = number(2);
    else
    {
      skip(2);
      e.length = number(4);
    }
    return e;
  }

  /// Passes over the value of an element, sequences of unknown length included.
  void skip_value(const Element& e, int depth)
  {
    if (e.length != undefined)
      return skip(e.length);
    if (depth > deepest)
      refuse("the DICOM file is damaged");
    const bool before = implicit_;
    if (e.vr == "UN")
      implicit_ = true; // PS3.5 6.2.2
    for (Element i = element(); i.tag != sequence_end; i = element())
    {
      if (i.tag != item)
        refuse("the DICOM file is damaged");
      if (i.length != undefined)
        skip(i.length);
      else
        for (Element inner = element(); inner.tag != item_end; inner = element())
          skip_value(inner, depth + 1);
    }
    implicit_ = before;
  }

private:
  void require(std::uint64_t count) const
  {
    if (count > size_ - position_)
      refuse("the slice is truncated or damaged");
  }

  std::ifstream in_;
  std::uint64_t size_;
  std::string place_;
  std::uint64_t position_ = 0;
  bool implicit_ = false;
};

std::string trimmed(std::string text)
{
  while (!text.empty() && (text.back() == ' ' || text.back() == '\0'))
    text.pop_back();
  text.erase(0, text.find_first_not_of(' '));
  return text;
}

/// Takes the value of an element that is asked for, else passes over it.
void take(Walker& walker, const Element& e, DicomTags& tags)
{
  for (const Asked& a : asked)
    if (e.tag == a.group * 65536u + a.element && e.length < 1024)
    {
      if (a.is_short && e.length == 2)
        tags.values[a.keyword] = std::to_string(walker.number(2));
      else
        tags.values[a.keyword] = trimmed(walker.bytes(e.length));
      return;
    }
  walker.skip_value(e, 0);
}

/// Implicit VR or not, once the data set begins; packed pixels come in explicit VR.
bool is_implicit(const Walker& walker, const std::string& syntax)
{
  if (syntax == "1.2.840.10008.1.2")
    return true;
  const bool big_endian = syntax == "1.2.840.10008.1.2.2";
  const bool deflated = syntax == "1.2.840.10008.1.2.1.99";
  if (big_endian || deflated || !syntax.starts_with("1.2.840.10008.1.2."))
    walker.refuse("the DICOM transfer syntax \"" + syntax + "\" is not read");
  return false;
}
} // namespace

DicomTags read_tags(const std::filesystem::path& file)
{
  DicomTags tags;
  tags.file = file;
  Walker walker(file);
  walker.skip(132);
  bool in_data_set = false;
  while (!walker.at_end())
  {
    if (!in_data_set && walker.next_tag() >> 16 != 2)
    {
      walker.implicit_vr(is_implicit(walker, tags.text("TransferSyntaxUID")));
      in_data_set = true;
    }
    const Element e = walker.element();
    if (e.tag != pixel_data)
    {
      take(walker, e, tags);
      continue;
    }
    tags.packed = e.length == undefined;
    tags.pixels_start = walker.position();
    tags.pixels_length = tags.packed ? 0 : e.length;
    walker.skip_value(e, 0); // so that a file cut short is noticed
    return tags;
  }
  return tags;
}

} // namespace calcar::image
