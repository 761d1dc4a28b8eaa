#include "unit/image/support.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <sstream>

namespace calcar::image::test
{

void write_file(const std::filesystem::path& file, const std::string& bytes)
{
  std::ofstream(file, std::ios::binary) << bytes;
}

std::string read_file(const std::filesystem::path& file)
{
  std::ostringstream text;
  text << std::ifstream(file, std::ios::binary).rdbuf();
  return text.str();
}

std::string nifti_bytes(const std::array<int, 3>& size,
                        const std::array<std::array<float, 4>, 3>& sform,
                        const std::array<float, 3>& spacing)
{
  std::string bytes(352, '\0');
  put_at<std::int32_t>(bytes, 0, 348);
  put_at<std::int16_t>(bytes, 40, 3);
  put_at<float>(bytes, 76, 1);
  for (std::size_t a = 0; a < 3; ++a)
  {
    put_at(bytes, 42 + 2 * a, static_cast<std::int16_t>(size[a]));
    put_at(bytes, 80 + 4 * a, spacing[a]);
    for (std::size_t c = 0; c < 4; ++c)
      put_at(bytes, 280 + 16 * a + 4 * c, sform[a][c]);
  }
  for (std::size_t a = 4; a < 8; ++a)
    put_at<std::int16_t>(bytes, 40 + 2 * a, 1);
  put_at<std::int16_t>(bytes, 70, 4);
  put_at<std::int16_t>(bytes, 72, 16);
  put_at<float>(bytes, 108, 352);
  bytes[123] = 2;
  put_at<std::int16_t>(bytes, 254, 1);
  bytes.replace(344, 4, std::string("n+1\0", 4));
  for (int v = 0; v < size[0] * size[1] * size[2]; ++v)
    put(bytes, static_cast<std::int16_t>(v));
  return bytes;
}

namespace
{
bool implicit_vr = false; // of the slice being written

void element(std::string& bytes, std::uint16_t group, std::uint16_t number, const std::string& vr,
             std::string value)
{
  if (value.size() % 2)
    value += vr == "UI" ? '\0' : ' ';
  put(bytes, group);
  put(bytes, number);
  if (implicit_vr && group != 2)
  {
    put(bytes, static_cast<std::uint32_t>(value.size()));
    bytes += value;
    return;
  }
  bytes += vr;
  if (vr == "OW" || vr == "OB")
  {
    put<std::uint16_t>(bytes, 0);
    put(bytes, static_cast<std::uint32_t>(value.size()));
  }
  else
    put(bytes, static_cast<std::uint16_t>(value.size()));
  bytes += value;
}

std::string us(int value)
{
  std::string bytes;
  put(bytes, static_cast<std::uint16_t>(value));
  return bytes;
}

void item(std::string& bytes, std::uint16_t number, std::uint32_t length)
{
  put<std::uint16_t>(bytes, 0xfffe);
  put(bytes, number);
  put(bytes, length);
}

/// RLE (PS3.5 annex G): one literal run for the upper and one for the lower bytes.
std::string packed_pixels(const std::string& pixels)
{
  std::string upper(1, static_cast<char>(pixels.size() / 2 - 1)), lower = upper;
  for (std::size_t i = 0; i < pixels.size(); i += 2)
  {
    lower += pixels[i];
    upper += pixels[i + 1];
  }
  for (std::string* run : {&upper, &lower})
    *run += run->size() % 2 ? "\x80" : "";
  std::string fragment;
  put<std::uint32_t>(fragment, 2);
  put<std::uint32_t>(fragment, 64);
  put(fragment, static_cast<std::uint32_t>(64 + upper.size()));
  fragment.resize(64);
  fragment += upper + lower;
  std::string bytes;
  put<std::uint16_t>(bytes, 0x7fe0);
  put<std::uint16_t>(bytes, 0x0010);
  bytes += std::string("OB\0\0", 4);
  put<std::uint32_t>(bytes, 0xffffffff);
  item(bytes, 0xe000, 0);
  item(bytes, 0xe000, static_cast<std::uint32_t>(fragment.size()));
  bytes += fragment;
  item(bytes, 0xe0dd, 0);
  return bytes;
}

/// Two sequences of unknown length, one inside the other.
void sequence(std::string& bytes)
{
  for (int level = 0; level < 2; ++level)
  {
    put<std::uint16_t>(bytes, 0x0018);
    put<std::uint16_t>(bytes, 0x9346);
    if (!implicit_vr)
      bytes += std::string("SQ\0\0", 4);
    put<std::uint32_t>(bytes, 0xffffffff);
    item(bytes, 0xe000, 0xffffffff);
  }
  element(bytes, 0x0018, 0x0060, "DS", "80"); // not the slice's own kVp
  for (int level = 0; level < 2; ++level)
  {
    item(bytes, 0xe00d, 0);
    item(bytes, 0xe0dd, 0);
  }
}

void image_elements(std::string& b, const TestSlice& s)
{
  element(b, 0x0028, 0x0002, "US", us(1));
  element(b, 0x0028, 0x0004, "CS", "MONOCHROME2");
  if (!s.frames.empty())
    element(b, 0x0028, 0x0008, "IS", s.frames);
  element(b, 0x0028, 0x0010, "US", us(s.rows));
  element(b, 0x0028, 0x0011, "US", us(s.columns));
  element(b, 0x0028, 0x0030, "DS", "0.7\\0.5"); // rows 0.7 mm apart, columns 0.5 mm
  element(b, 0x0028, 0x0100, "US", us(16));
  element(b, 0x0028, 0x0101, "US", us(s.bits_stored));
  element(b, 0x0028, 0x0102, "US", us(s.bits_stored - 1));
  element(b, 0x0028, 0x0103, "US", us(s.bits_stored == 12));
  element(b, 0x0028, 0x1052, "DS", s.bits_stored == 12 ? "1024" : "-1024");
  if (!s.slope.empty())
    element(b, 0x0028, 0x1053, "DS", s.slope);
  std::string pixels;
  for (int p = 0; p < s.rows * s.columns; ++p)
  {
    const int value = 1024 + 100 * s.number + p;
    put(pixels, static_cast<std::uint16_t>(s.bits_stored == 12 ? 0x5000 | ((value - 2048) & 0xfff)
                                                               : value));
  }
  if (s.syntax == "1.2.840.10008.1.2.5")
    b += packed_pixels(pixels);
  else
    element(b, 0x7fe0, 0x0010, "OW", pixels);
}
} // namespace

std::string dicom_bytes(const TestSlice& s)
{
  implicit_vr = s.syntax == "1.2.840.10008.1.2";
  const std::string instance = "1.2.3.4." + std::to_string(s.number);
  std::string meta;
  element(meta, 0x0002, 0x0001, "OB", std::string("\0\1", 2));
  element(meta, 0x0002, 0x0002, "UI", "1.2.840.10008.5.1.4.1.1.2");
  element(meta, 0x0002, 0x0003, "UI", instance);
  element(meta, 0x0002, 0x0010, "UI", s.syntax);
  std::string b = std::string(128, '\0') + "DICM";
  std::string length;
  put(length, static_cast<std::uint32_t>(meta.size()));
  element(b, 0x0002, 0x0000, "UL", length);
  b += meta;
  element(b, 0x0008, 0x0016, "UI", "1.2.840.10008.5.1.4.1.1.2");
  element(b, 0x0008, 0x0018, "UI", instance);
  element(b, 0x0008, 0x0022, "DA", "20261102");
  element(b, 0x0008, 0x0060, "CS", s.modality);
  element(b, 0x0008, 0x0070, "LO", "Scanner maker");
  element(b, 0x0008, 0x103e, "LO", s.description);
  element(b, 0x0010, 0x0010, "PN", "Doe^Jane");
  element(b, 0x0018, 0x0050, "DS", "2");
  element(b, 0x0018, 0x0060, "DS", s.kvp);
  element(b, 0x0018, 0x1210, "SH", "B30s");
  if (s.with_sequence)
    sequence(b);
  element(b, 0x0020, 0x000d, "UI", "1.2");
  element(b, 0x0020, 0x000e, "UI", s.series);
  element(b, 0x0020, 0x0013, "IS", std::to_string(s.number));
  std::ostringstream position;
  position << "-10\\" << 20 + s.y << "\\" << s.z;
  element(b, 0x0020, 0x0032, "DS", position.str());
  element(b, 0x0020, 0x0037, "DS", s.orientation);
  image_elements(b, s);
  return b;
}

Mask ball(int n, double radius, Vec3 centre)
{
  Mask mask{{{n, n, n}, {}, {1, 1, 1}, identity()}, {}, {"ball.nii.gz", ""}};
  mask.values.resize(mask.grid.voxels());
  for (int k = 0; k < n; ++k)
    for (int j = 0; j < n; ++j)
      for (int i = 0; i < n; ++i)
        mask.at(i, j, k) = norm(Vec3{i + 0.0, j + 0.0, k + 0.0} - centre) <= radius;
  return mask;
}

} // namespace calcar::image::test
