#include "image/read.hpp"
#include "unit/image/support.hpp"

#include <catch2/catch.hpp>
#include <zlib.h>

namespace calcar::image::test
{
namespace
{
const std::array<std::array<float, 4>, 3> left_anterior_up = {
    {{-2, 0, 0, 100}, {0, 2, 0, -50}, {0, 0, 2, 30}}};

} // namespace

std::string good_nifti()
{
  return nifti_bytes({4, 3, 2}, left_anterior_up, {2, 2, 2});
}

std::string gzipped(const std::string& bytes)
{
  std::string out(bytes.size() + 200, '\0');
  z_stream stream{};
  deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
  stream.next_in = reinterpret_cast<unsigned char*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<unsigned>(bytes.size());
  stream.next_out = reinterpret_cast<unsigned char*>(out.data());
  stream.avail_out = static_cast<unsigned>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::string mha_header(const std::string& change, const std::string& to)
{
  std::string text =
      "ObjectType = Image\nNDims = 3\nBinaryData = True\nBinaryDataByteOrderMSB = False\n"
      "CompressedData = False\nTransformMatrix = 0 1 0 -1 0 0 0 0 1\nOffset = 1 2 3\n"
      "CenterOfRotation = 0 0 0\nElementSpacing = 0.5 0.6 0.7\nDimSize = 3 2 2\n"
      "ElementType = MET_SHORT\nElementDataFile = LOCAL\n";
  if (!change.empty())
    text.replace(text.find(change), change.size(), to);
  return text;
}

std::string nrrd_header(const std::string& change, const std::string& to)
{
  std::string text =
      "NRRD0004\ntype: short\ndimension: 3\nspace: right-anterior-superior\nsizes: 3 2 2\n"
      "space directions: (0.5,0,0) (0,0.6,0) (0,0,0.7)\nkinds: domain domain domain\n"
      "endian: little\nencoding: raw\nspace origin: (1,2,3)\n\n";
  if (!change.empty())
    text.replace(text.find(change), change.size(), to);
  return text;
}

std::string twelve_shorts()
{
  std::string bytes;
  for (int v = 0; v < 12; ++v)
    put(bytes, static_cast<std::int16_t>(v - 3));
  return bytes;
}

std::string refused(const std::string& name, const std::string& bytes)
{
  const TemporaryFolder folder;
  write_file(folder / name, bytes);
  return refusal_of([&] { read_volume(folder / name); });
}

void check_point(Vec3 point, Vec3 expected)
{
  CHECK(norm(point - expected) < 1e-4);
}

} // namespace calcar::image::test
