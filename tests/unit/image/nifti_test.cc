#include "image/read.hpp"
#include "unit/image/support.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>

using namespace calcar;
using namespace calcar::image;
using namespace calcar::image::test;
using Catch::Contains;

TEST_CASE("a NIfTI affine in RAS becomes positions in LPS")
{
  const TemporaryFolder folder;
  write_file(folder / "ct.nii", good_nifti());
  const Loaded<float> ct = read_volume(folder / "ct.nii");
  CHECK(ct.image.grid.size == std::array<int, 3>{4, 3, 2});
  check_point(ct.image.grid.point({0, 0, 0}), {-100, 50, 30});
  check_point(ct.image.grid.point({3, 0, 0}), {-94, 50, 30}); // 6 mm to the left
  check_point(ct.image.grid.point({0, 2, 0}), {-100, 46, 30});
  check_point(ct.image.grid.point({0, 0, 1}), {-100, 50, 32});
  CHECK(ct.image.at(3, 2, 1) == 23.0f);
  CHECK(ct.warnings.empty());
  CHECK(ct.image.source.sha256.size() == 64);
  CHECK(!ct.acquisition.kvp);
}

TEST_CASE("gzip, slope and intercept are applied whatever the file is called")
{
  const TemporaryFolder folder;
  std::string bytes = good_nifti();
  put_at<float>(bytes, 112, 0.5f);
  put_at<float>(bytes, 116, -10.f);
  write_file(folder / "no_ending", gzipped(bytes));
  const Volume ct = read_volume(folder / "no_ending").image;
  CHECK(ct.at(3, 2, 1) == 1.5f);
}

TEST_CASE("foreign byte order is read")
{
  const TemporaryFolder folder;
  std::string bytes = good_nifti();
  const auto turn = [&bytes](std::size_t first, std::size_t last, std::size_t width)
  {
    for (std::size_t at = first; at < last; at += width)
      std::reverse(bytes.begin() + std::ptrdiff_t(at), bytes.begin() + std::ptrdiff_t(at + width));
  };
  turn(0, 4, 4);
  turn(40, 56, 2);
  turn(70, 74, 2);
  turn(76, 120, 4);
  turn(252, 256, 2);
  turn(256, 328, 4);
  turn(352, bytes.size(), 2);
  write_file(folder / "a.nii", bytes);
  const Volume ct = read_volume(folder / "a.nii").image;
  CHECK(ct.at(3, 2, 1) == 23.0f);
  check_point(ct.grid.point({0, 2, 0}), {-100, 46, 30});
}

TEST_CASE("NIfTI-2 is read")
{
  const TemporaryFolder folder;
  std::string b(544, '\0');
  put_at<std::int32_t>(b, 0, 540);
  b.replace(4, 8, std::string("n+2\0\r\n\032\n", 8));
  put_at<std::int16_t>(b, 12, 64);
  const std::int64_t dim[] = {3, 2, 1, 2, 1, 1, 1, 1};
  for (std::size_t i = 0; i < 8; ++i)
  {
    put_at(b, 16 + 8 * i, dim[i]);
    put_at(b, 104 + 8 * i, 1.5);
  }
  put_at<std::int64_t>(b, 168, 544);
  put_at<std::int32_t>(b, 348, 2);
  const double rows[3][4] = {{1.5, 0, 0, 1}, {0, 1.5, 0, 2}, {0, 0, 1.5, 3}};
  for (std::size_t r = 0; r < 3; ++r)
    for (std::size_t c = 0; c < 4; ++c)
      put_at(b, 400 + 32 * r + 8 * c, rows[r][c]);
  for (const double v : {0.5, 1.5, 2.5, 3.5})
    put(b, v);
  write_file(folder / "a.nii", b);
  const Volume ct = read_volume(folder / "a.nii").image;
  CHECK(ct.values == std::vector<float>{0.5f, 1.5f, 2.5f, 3.5f});
  check_point(ct.grid.point({1, 0, 1}), {-2.5, -2, 4.5});
}

TEST_CASE("a qform alone gives the position")
{
  const TemporaryFolder folder;
  std::string bytes = good_nifti();
  put_at<std::int16_t>(bytes, 254, 0);
  put_at<std::int16_t>(bytes, 252, 1);
  put_at<float>(bytes, 76, -1); // k is turned over
  put_at<float>(bytes, 264, 1); // d = 1: half a turn about z
  put_at<float>(bytes, 268, 100);
  put_at<float>(bytes, 272, -50);
  put_at<float>(bytes, 276, 30);
  write_file(folder / "ct.nii", bytes);
  const Grid grid = read_volume(folder / "ct.nii").image.grid;
  check_point(grid.point({0, 0, 0}), {-100, 50, 30});
  check_point(grid.point({1, 0, 0}), {-98, 50, 30});
  check_point(grid.point({0, 1, 0}), {-100, 52, 30});
  check_point(grid.point({0, 0, 1}), {-100, 50, 28});
}

TEST_CASE("NIfTI: what cannot be trusted is refused")
{
  std::string b = good_nifti();
  SECTION("zero spacing, which the library would take for 1 mm")
  {
    put_at<float>(b, 84, 0);
    CHECK_THAT(refused("a.nii", b),
               Contains("the voxel spacing along axis j is 0 mm; allowed: a positive spacing"));
  }
  SECTION("negative and undefined spacing")
  {
    put_at<float>(b, 84, -2);
    CHECK_THAT(refused("a.nii", b), Contains("is -2 mm"));
    put_at<float>(b, 84, NAN);
    CHECK_THAT(refused("a.nii", b), Contains("is nan mm"));
  }
  SECTION("spacing that contradicts the sform")
  {
    put_at<float>(b, 84, 1);
    CHECK_THAT(refused("a.nii", b), Contains("spacing 1 mm, but the sform steps by 2 mm"));
  }
  SECTION("four dimensions")
  {
    put_at<std::int16_t>(b, 40, 4);
    put_at<std::int16_t>(b, 48, 5);
    CHECK_THAT(
        refused("a.nii", b),
        Contains("more than three dimensions (5 volumes or components); allowed: one 3-D volume"));
  }
  SECTION("two dimensions")
  {
    put_at<std::int16_t>(b, 40, 2);
    CHECK_THAT(refused("a.nii", b), Contains("only 2 dimensions"));
  }
  SECTION("damaged numbers")
  {
    put_at<std::int16_t>(b, 42, -4);
    CHECK_THAT(refused("a.nii", b), Contains("damaged: size -4 along axis i"));
    put_at<std::int16_t>(b, 40, 99);
    CHECK_THAT(refused("a.nii", b), Contains("claims 99 dimensions"));
  }
  SECTION("damaged start of voxels")
  {
    put_at<float>(b, 108, 3);
    CHECK_THAT(refused("a.nii", b), Contains("voxels begin at byte 3"));
  }
  SECTION("colours")
  {
    put_at<std::int16_t>(b, 70, 128);
    CHECK_THAT(refused("a.nii", b),
               Contains("colours, vectors or complex numbers (NIfTI datatype 128)"));
  }
  SECTION("no orientation")
  {
    put_at<std::int16_t>(b, 254, 0);
    CHECK_THAT(refused("a.nii", b),
               Contains("does not say how the patient lies (neither sform nor qform is set)"));
  }
  SECTION("two orientations")
  {
    put_at<std::int16_t>(b, 252, 1);
    CHECK_THAT(refused("a.nii", b), Contains("two orientations that differ by"));
  }
  SECTION("metres")
  {
    b[123] = 1;
    CHECK_THAT(refused("a.nii", b), Contains("lengths in metres; allowed: millimetres"));
  }
  SECTION("Analyze")
  {
    b.replace(344, 4, std::string(4, '\0'));
    CHECK_THAT(refused("a.hdr", b), Contains("an Analyze image or a NIfTI image of two files"));
  }
  SECTION("skewed axes")
  {
    b = nifti_bytes({40, 40, 40}, {{{1, 0.1f, 0, 0}, {0, 1, 0, 0}, {0, 0, 1, 0}}}, {1, 1, 1});
    CHECK_THAT(refused("a.nii", b),
               Contains("not at right angles: straightening them would move a corner by"));
  }
}

TEST_CASE("a slightly skewed sform is straightened with a warning")
{
  const TemporaryFolder folder;
  std::string b =
      nifti_bytes({40, 40, 40}, {{{1, 0.004f, 0, 0}, {0, 1, 0, 0}, {0, 0, 1, 0}}}, {1, 1, 1});
  write_file(folder / "ct.nii", b);
  const Loaded<float> ct = read_volume(folder / "ct.nii");
  REQUIRE(ct.warnings.size() == 1);
  CHECK(ct.warnings[0].code == "skewed_axes");
  CHECK_THAT(ct.warnings[0].text, Contains("were straightened; a corner moved by 0.0"));
  CHECK(std::abs(dot(transpose(ct.image.grid.direction)[0],
                     transpose(ct.image.grid.direction)[1])) < 1e-12);
}
