#include "image/dicom_walker.hpp"

#include "base/error.hpp"

#include <algorithm>
#include <cctype>
#include <string_view>

namespace calcar::image
{
namespace
{
constexpr std::uint64_t window_bytes = 1 << 14; ///< read at once
constexpr int deepest = 32;                     ///< sequences within sequences
constexpr std::uint32_t transfer_syntax_uid = 0x00020010;
} // namespace

DicomWalker::DicomWalker(const std::filesystem::path& file)
    : in_(file, std::ios::binary), size_(std::filesystem::file_size(file)), place_(file.string())
{
}

void DicomWalker::begin_data_set(const std::string& syntax)
{
  implicit_ = syntax == "1.2.840.10008.1.2";
  const bool big_endian = syntax == "1.2.840.10008.1.2.2";
  const bool deflated = syntax == "1.2.840.10008.1.2.1.99";
  if (!implicit_ && (big_endian || deflated || !syntax.starts_with("1.2.840.10008.1.2.")))
    refuse("the DICOM transfer syntax \"" + syntax + "\" is not read");
}

void DicomWalker::refuse(const std::string& given) const
{
  throw InputError(Fault::data, {place_, given, "", "copy or export the series again", ""});
}

const char* DicomWalker::window(std::uint64_t count)
{
  require(count);
  const bool there =
      position_ >= window_start_ && position_ + count <= window_start_ + window_.size();
  if (!there)
  {
    window_start_ = position_;
    window_.resize(std::max(count, std::min<std::uint64_t>(window_bytes, size_ - position_)));
    in_.seekg(static_cast<std::streamoff>(position_));
    if (!in_.read(window_.data(), static_cast<std::streamsize>(window_.size())))
      refuse("the file cannot be read");
  }
  const char* first = window_.data() + (position_ - window_start_);
  position_ += count;
  return first;
}

std::string DicomWalker::bytes(std::uint64_t count)
{
  const char* first = window(count);
  return {first, first + count};
}

void DicomWalker::skip(std::uint64_t count)
{
  require(count);
  position_ += count;
}

std::uint32_t DicomWalker::number(int width)
{
  const char* b = window(static_cast<std::uint64_t>(width));
  std::uint32_t value = 0;
  for (int i = 0; i < width; ++i)
    value |= static_cast<std::uint32_t>(static_cast<unsigned char>(b[i])) << (8 * i);
  return value;
}

std::uint32_t DicomWalker::next_tag()
{
  const std::uint64_t here = position_;
  const std::uint32_t group = number(2);
  const std::uint32_t tag = group * 65536 + number(2);
  position_ = here;
  return tag;
}

DicomElement DicomWalker::element()
{
  DicomElement e;
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

void DicomWalker::skip_value(const DicomElement& e, int depth)
{
  if (e.length != dicom::undefined)
    return skip(e.length);
  if (depth > deepest)
    refuse("the DICOM file is damaged");
  const bool before = implicit_;
  if (e.vr == "UN")
    implicit_ = true; // PS3.5 6.2.2
  for (DicomElement i = element(); i.tag != dicom::sequence_end; i = element())
  {
    if (i.tag != dicom::item)
      refuse("the DICOM file is damaged");
    if (i.length != dicom::undefined)
      skip(i.length);
    else
      for (DicomElement inner = element(); inner.tag != dicom::item_end; inner = element())
        skip_value(inner, depth + 1);
  }
  implicit_ = before;
}

/// The items of a sequence up to `end`, or up to its own end mark.
void DicomWalker::check_items(std::uint64_t end, int depth)
{
  while (position_ < end)
  {
    const DicomElement i = element();
    if (i.tag == dicom::sequence_end && end == size_)
      return;
    if (i.tag != dicom::item || (i.length != dicom::undefined && i.length > end - position_))
      refuse("the DICOM file is damaged");
    const std::uint64_t stop = i.length == dicom::undefined ? end : position_ + i.length;
    while (position_ < stop)
    {
      const DicomElement inner = element();
      if (inner.tag == dicom::item_end && i.length == dicom::undefined)
        break;
      check_value(inner, depth + 1);
      if (position_ > stop)
        refuse("the DICOM file is damaged");
    }
  }
}

void DicomWalker::check_value(const DicomElement& e, int depth)
{
  if (depth > deepest)
    refuse("the DICOM file is damaged");
  const bool packed = e.tag == dicom::pixel_data;
  if ((e.vr != "SQ" && e.length != dicom::undefined) || packed || e.vr == "UN")
    return skip_value(e, depth);
  if (e.length != dicom::undefined)
    require(e.length);
  const std::uint64_t end = e.length == dicom::undefined ? size_ : position_ + e.length;
  check_items(end, depth);
  if (e.length != dicom::undefined && position_ != end)
    refuse("the DICOM file is damaged");
}

void DicomWalker::require(std::uint64_t count) const
{
  if (count > size_ - position_)
    refuse("the slice is truncated or damaged");
}

void check_dicom_structure(const std::filesystem::path& file)
{
  DicomWalker walker(file);
  walker.skip(128);
  if (walker.bytes(4) != "DICM")
    walker.refuse("the file is not DICOM");
  std::string syntax;
  bool in_data_set = false;
  while (!walker.at_end())
  {
    if (!in_data_set && walker.next_tag() >> 16 != 2)
    {
      walker.begin_data_set(syntax);
      in_data_set = true;
    }
    const DicomElement e = walker.element();
    if (e.tag == transfer_syntax_uid && e.length < 128)
    {
      syntax = walker.bytes(e.length);
      syntax.erase(syntax.find_last_not_of(std::string("\0 ", 2)) + 1);
    }
    else
      walker.check_value(e);
  }
  if (!in_data_set)
    walker.refuse("the DICOM file ends before its data");
}

} // namespace calcar::image
