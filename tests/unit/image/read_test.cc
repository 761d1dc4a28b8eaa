#include "image/grid.hpp"
#include "image/read.hpp"
#include "unit/image/support.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace calcar;
using namespace calcar::image;
using namespace calcar::image::test;
using Catch::Contains;

TEST_CASE("truncated and damaged files are refused, compressed or not")
{
  const std::string bytes = good_nifti();
  CHECK_THAT(refused("a.nii", bytes.substr(0, bytes.size() - 4)),
             Contains("truncated: it holds 44 of 48 bytes of voxels"));
  CHECK_THAT(refused("a.nii", bytes.substr(0, 200)), Contains("shorter than a NIfTI header"));
  std::string packed = gzipped(bytes);
  CHECK_THAT(refused("a.nii.gz", packed.substr(0, packed.size() - 12)),
             Contains("compressed data end early: the file is truncated"));
  packed[packed.size() - 6] ^= 1; // the checksum
  CHECK_THAT(refused("a.nii.gz", packed), Contains("the compressed data are damaged"));
}

TEST_CASE("missing, empty and foreign files are refused with the known formats")
{
  CHECK_THAT(refusal_of([] { read_volume("/nowhere/ct.nii.gz"); }),
             Contains("/nowhere/ct.nii.gz: there is no such file or folder"));
  CHECK_THAT(refused("a.nii", ""), Contains("empty or cannot be read"));
  const std::string text = refused("a.png", "\x89PNG and more");
  CHECK_THAT(text, Contains("not an image of a known format; allowed: NIfTI (.nii, .nii.gz), NRRD "
                            "(.nrrd, .nhdr), MetaImage"));
  CHECK_THAT(text, Contains("DICOM CT series"));
}

TEST_CASE("values that are not numbers are counted and placed")
{
  std::string b = good_nifti().substr(0, 352);
  put_at<std::int16_t>(b, 70, 16);
  for (int v = 0; v < 24; ++v)
    put(b, v == 6 || v == 9 ? NAN : 1.f);
  CHECK_THAT(refused("a.nii", b),
             Contains("2 voxels are not finite numbers (NaN or infinite), the first at (2, 1, 0)"));
}

TEST_CASE("labels must be whole numbers")
{
  const TemporaryFolder folder;
  std::string b = good_nifti();
  write_file(folder / "good.nii", b);
  CHECK(read_labels(folder / "good.nii").image.at(3, 2, 1) == 23);
  put_at<float>(b, 112, 0.5f);
  write_file(folder / "half.nii", b);
  const std::string text = refusal_of([&] { read_labels(folder / "half.nii"); });
  CHECK_THAT(
      text, Contains("12 voxels of the mask are not whole numbers, the first is 0.5 at (1, 0, 0)"));
  CHECK_THAT(text, Contains("is this the CT instead of its mask"));
}

TEST_CASE("no damaged byte crashes a reader: it is read or refused")
{
  const TemporaryFolder folder;
  const std::pair<std::string, std::string> files[] = {{"a.nii", good_nifti()},
                                                       {"a.mha", mha_header() + twelve_shorts()},
                                                       {"a.nrrd", nrrd_header() + twelve_shorts()},
                                                       {"b.nii.gz", gzipped(good_nifti())}};
  std::uint32_t random = 7;
  int read = 0, refused_files = 0;
  for (const auto& [name, bytes] : files)
    for (int trial = 0; trial < 300; ++trial)
    {
      std::string damaged = bytes;
      for (int change = 0; change < 2; ++change)
      {
        random = random * 1664525u + 1013904223u;
        damaged[(random >> 8) % damaged.size()] = static_cast<char>(random >> 3);
      }
      write_file(folder / name, damaged);
      try
      {
        read_volume(folder / name);
        ++read;
      }
      catch (const InputError&)
      {
        ++refused_files;
      }
    }
  CHECK(read > 0);
  CHECK(refused_files > 0);
}

TEST_CASE("a mask on another grid is refused in words")
{
  Grid ct{{40, 30, 20}, {1, 2, 3}, {1, 1, 2}, identity()};
  const auto words = [&](const Grid& mask)
  { return refusal_of([&] { require_same_grid(ct, mask, "mask.nii.gz"); }); };
  require_same_grid(ct, ct, "mask.nii.gz");
  Grid mask = ct;
  mask.size = {30, 40, 20};
  CHECK_THAT(words(mask), Contains("mask.nii.gz: the mask lies on another grid than the image: "
                                   "size 30x40x20 instead of 40x30x20 (axes swapped)"));
  CHECK_THAT(words(mask), Contains("swapped its axes: export it again"));
  mask = ct;
  mask.spacing.z = 2.5;
  CHECK_THAT(words(mask), Contains("spacing (1, 1, 2.5) instead of (1, 1, 2) mm"));
  mask = ct;
  mask.origin.x = 1.01;
  CHECK_THAT(words(mask), Contains("origin (1.01, 2, 3) instead of (1, 2, 3) mm"));
  mask = ct;
  mask.direction[0].x = -1;
  CHECK_THAT(words(mask), Contains("direction of axis i (-1, 0, 0) instead of (1, 0, 0)"));
  CHECK_THAT(words(mask), Contains("resample the mask on the image's grid"));
  mask = ct;
  mask.origin.x += 5e-4;
  CHECK(same_grid(ct, mask));
}

TEST_CASE("an image is handed on run by run with the values it has as a whole")
{
  const TemporaryFolder folder;
  // More voxels than a run, and not a multiple of it.
  std::string bytes =
      nifti_bytes({41, 43, 47}, {{{-2, 0, 0, 0}, {0, 2, 0, 0}, {0, 0, 2, 0}}}, {2, 2, 2});
  write_file(folder / "a.nii", bytes);
  write_file(folder / "a.nii.gz", gzipped(bytes));
  put_at<float>(bytes, 112, 0.5F); // slope
  write_file(folder / "half.nii.gz", gzipped(bytes));
  for (const char* name : {"a.nii", "a.nii.gz", "half.nii.gz"})
  {
    CAPTURE(name);
    const Volume whole = read_volume(folder / name).image;
    std::vector<float> values;
    Grid grid;
    const Streamed streamed = stream_volume(
        folder / name, [&](const Grid& g) { grid = g; },
        [&](std::size_t first, std::span<const float> run)
        {
          CHECK(first == values.size());
          CHECK(run.size() <= longest_run);
          values.insert(values.end(), run.begin(), run.end());
        });
    CHECK(values == whole.values);
    CHECK(same_grid(grid, whole.grid));
    CHECK(same_grid(streamed.grid, whole.grid));
    CHECK(streamed.source.sha256 == whole.source.sha256);
  }
  std::vector<std::int32_t> labels;
  stream_labels(
      folder / "a.nii.gz", [](const Grid&) {},
      [&](std::size_t, std::span<const std::int32_t> run)
      { labels.insert(labels.end(), run.begin(), run.end()); });
  CHECK(labels == read_labels(folder / "a.nii").image.values);
}

TEST_CASE("MetaImage and NRRD are handed on as they are read")
{
  const TemporaryFolder folder;
  write_file(folder / "a.mha", mha_header() + twelve_shorts());
  write_file(folder / "a.nrrd", nrrd_header() + twelve_shorts());
  for (const char* name : {"a.mha", "a.nrrd"})
  {
    CAPTURE(name);
    std::vector<float> values;
    stream_volume(
        folder / name, [](const Grid&) {},
        [&](std::size_t, std::span<const float> run)
        { values.insert(values.end(), run.begin(), run.end()); });
    CHECK(values == read_volume(folder / name).image.values);
    CHECK(values.size() == 12);
  }
}

TEST_CASE("a stream refuses what the reader of the whole image refuses")
{
  const TemporaryFolder folder;
  const auto streamed = [&](const std::string& name, const std::string& bytes)
  {
    write_file(folder / name, bytes);
    return refusal_of(
        [&]
        {
          stream_volume(
              folder / name, [](const Grid&) {}, [](std::size_t, std::span<const float>) {});
        });
  };
  const std::string bytes = good_nifti();
  CHECK_THAT(streamed("a.nii", bytes.substr(0, bytes.size() - 4)),
             Contains("truncated: it holds 44 of 48 bytes of voxels"));
  std::string packed = gzipped(bytes);
  CHECK_THAT(streamed("a.nii.gz", packed.substr(0, packed.size() - 12)),
             Contains("compressed data end early: the file is truncated"));
  packed[packed.size() - 6] ^= 1; // the checksum, after the last voxel
  CHECK_THAT(streamed("a.nii.gz", packed), Contains("the compressed data are damaged"));
  std::string numbers = bytes.substr(0, 352);
  put_at<std::int16_t>(numbers, 70, 16);
  for (int v = 0; v < 24; ++v)
    put(numbers, v == 6 || v == 9 ? NAN : 1.F);
  CHECK_THAT(streamed("a.nii", numbers), Contains("2 voxels are not finite numbers"));
}

TEST_CASE("a header that promises more than the file can hold is refused before memory is taken")
{
  std::string bytes = good_nifti();
  for (const std::size_t axis : {1, 2, 3})
    put_at<std::int16_t>(bytes, 40 + 2 * axis, 30000); // 54 TB of voxels
  CHECK_THAT(refused("a.nii", bytes), Contains("truncated: it holds 48 of 54000000000000 bytes"));
  CHECK_THAT(refused("a.nii.gz", gzipped(bytes)),
             Contains("truncated: it holds 48 of 54000000000000 bytes"));
}
