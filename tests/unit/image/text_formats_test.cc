#include "image/read.hpp"
#include "unit/image/support.hpp"

#include <catch2/catch.hpp>
#include <zlib.h>

using namespace calcar;
using namespace calcar::image;
using namespace calcar::image::test;
using Catch::Contains;

TEST_CASE("MetaImage: position, direction and values")
{
  const TemporaryFolder folder;
  write_file(folder / "ct.mha", mha_header() + twelve_shorts());
  const Volume ct = read_volume(folder / "ct.mha").image;
  check_point(ct.grid.point({0, 0, 0}), {1, 2, 3});
  check_point(ct.grid.point({1, 0, 0}),
              {1, 2.5, 3}); // the first three numbers of the matrix: axis i
  check_point(ct.grid.point({0, 1, 0}), {0.4, 2, 3});
  CHECK(ct.at(0, 0, 0) == -3.0f);
  CHECK(ct.at(2, 1, 1) == 8.0f);
}

TEST_CASE("MetaImage: packed voxels and voxels in a file of their own are read")
{
  const TemporaryFolder folder;
  const std::string data = twelve_shorts();
  std::string packed(200, '\0');
  uLongf size = packed.size();
  compress(reinterpret_cast<Bytef*>(packed.data()), &size,
           reinterpret_cast<const Bytef*>(data.data()), data.size());
  packed.resize(size);
  const std::string true_size = "True\nCompressedDataSize = " + std::to_string(size);
  write_file(folder / "a.mha", mha_header("Data = False", "Data = " + true_size) + packed);
  CHECK(read_volume(folder / "a.mha").image.at(2, 1, 1) == 8.0f);
  write_file(folder / "b.mhd", mha_header("LOCAL", "b.raw"));
  write_file(folder / "b.raw", data);
  CHECK(read_volume(folder / "b.mhd").image.at(2, 1, 1) == 8.0f);
}

TEST_CASE("MetaImage: what the library would fill or repair is refused")
{
  const std::string data = twelve_shorts();
  CHECK_THAT(refused("a.mha", mha_header() + data.substr(2)),
             Contains("truncated: it holds 22 of 24 bytes"));
  CHECK_THAT(refused("a.mha", mha_header("0.5 0.6", "0.5 0") + data),
             Contains("spacing along axis j is 0 mm"));
  CHECK_THAT(refused("a.mha", mha_header("ElementSpacing = 0.5 0.6 0.7\n") + data),
             Contains("states no voxel spacing"));
  CHECK_THAT(refused("a.mha", mha_header("NDims = 3", "NDims = 4") + data),
             Contains("the image has 4 dimensions"));
  CHECK_THAT(refused("a.mha", mha_header("TransformMatrix = 0 1 0 -1 0 0 0 0 1\n") + data),
             Contains("how the patient lies (no \"TransformMatrix\")"));
  CHECK_THAT(refused("a.mha", mha_header("DimSize", "ElementNumberOfChannels = 3\nDimSize") + data),
             Contains("hold 3 numbers each"));
  CHECK_THAT(refused("a.mhd", mha_header("LOCAL", "ct.raw")),
             Contains("its file of voxels \"ct.raw\" is missing"));
  CHECK_THAT(refused("a.mha", mha_header("LOCAL", "LIST")), Contains("spread over several files"));
  CHECK_THAT(refused("a.mha", mha_header("3 2 2", "3 -2 2") + data),
             Contains("damaged: image size \"3 -2 2\""));
  CHECK_THAT(refused("a.mha", mha_header("CompressedData = False", "CompressedData = True") + data),
             Contains("the compressed data are damaged"));
}

TEST_CASE("NRRD: RAS is turned to LPS, raw and gzip")
{
  const TemporaryFolder folder;
  write_file(folder / "a.nrrd", nrrd_header() + twelve_shorts());
  write_file(folder / "b.nrrd", nrrd_header("raw", "gzip") + gzipped(twelve_shorts()));
  for (const char* name : {"a.nrrd", "b.nrrd"})
  {
    const Volume ct = read_volume(folder / name).image;
    check_point(ct.grid.point({0, 0, 0}), {-1, -2, 3});
    check_point(ct.grid.point({1, 1, 1}), {-1.5, -2.6, 3.7});
    CHECK(ct.at(2, 1, 1) == 8.0f);
  }
}

TEST_CASE("NRRD: what the library would fill or guess is refused")
{
  const std::string data = twelve_shorts();
  CHECK_THAT(refused("a.nrrd", nrrd_header() + data.substr(2)),
             Contains("truncated: it holds 22 of 24 bytes"));
  CHECK_THAT(refused("a.nrrd", nrrd_header("raw", "gzip") + gzipped(data).substr(0, 20)),
             Contains("truncated"));
  CHECK_THAT(refused("a.nrrd", nrrd_header("(0,0.6,0)", "(0,0,0)") + data),
             Contains("spacing along axis j is 0 mm"));
  CHECK_THAT(refused("a.nrrd", nrrd_header("dimension: 3", "dimension: 4") + data),
             Contains("the image has 4 dimensions"));
  CHECK_THAT(refused("a.nrrd", nrrd_header("space: right-anterior-superior\n") + data),
             Contains("how the patient lies (no \"space\" with directions)"));
  CHECK_THAT(refused("a.nrrd", nrrd_header("raw", "bzip2") + data),
             Contains("encoded as \"bzip2\"; allowed: raw or gzip"));
  CHECK_THAT(refused("a.nrrd", nrrd_header("endian", "byte skip: 4\nendian") + data),
             Contains("several files or begin after skipped bytes"));
  CHECK_THAT(refused("a.nrrd", nrrd_header("(0,0.6,0)", "(0.6,0,0)") + data),
             Contains("two of them have the same direction"));
}
