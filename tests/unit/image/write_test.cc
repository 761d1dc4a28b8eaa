#include "image/grid.hpp"
#include "image/read.hpp"
#include "image/write.hpp"
#include "unit/image/support.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace calcar;
using namespace calcar::image;
using namespace calcar::image::test;
using Catch::Contains;

namespace
{
/// A rotation about a slanted axis, with the k axis turned over when asked.
Mat3 oblique(bool mirrored)
{
  const double a = 0.4, b = 0.7;
  const Mat3 about_z = {Vec3{std::cos(a), -std::sin(a), 0}, Vec3{std::sin(a), std::cos(a), 0},
                        Vec3{0, 0, 1}};
  const Mat3 about_x = {Vec3{1, 0, 0}, Vec3{0, std::cos(b), -std::sin(b)},
                        Vec3{0, std::sin(b), std::cos(b)}};
  Mat3 m = about_z * about_x;
  if (mirrored)
    for (Vec3& row : m)
      row.z = -row.z;
  return m;
}
} // namespace

TEST_CASE("an oblique or mirrored volume comes back from NIfTI exactly")
{
  const TemporaryFolder folder;
  for (const bool mirrored : {false, true})
    for (const char* name : {"v.nii.gz", "v.nii"})
    {
      Volume volume{
          {{5, 4, 3}, {-101.3, 55.7, 812.2}, {0.8, 0.9, 1.25}, oblique(mirrored)}, {}, {}};
      for (std::size_t i = 0; i < volume.grid.voxels(); ++i)
        volume.values.push_back(0.37f * static_cast<float>(i) - 3);
      write_nifti(folder / name, volume);
      const Loaded<float> back = read_volume(folder / name);
      CHECK(back.image.values == volume.values);
      CHECK(same_grid(back.image.grid, volume.grid));
      CHECK(back.warnings.empty());
    }
}

TEST_CASE("labels and masks come back from NIfTI, and no temporary file is left")
{
  const TemporaryFolder folder;
  LabelMap labels{{{2, 2, 2}, {1, 2, 3}, {1, 1, 1}, identity()}, {0, 1, 2, 70000, -4, 5, 6, 7}, {}};
  write_nifti(folder / "l.nii.gz", labels);
  CHECK(read_labels(folder / "l.nii.gz").image.values == labels.values);
  const Mask mask{labels.grid, {0, 1, 0, 1, 1, 1, 0, 0}, {}};
  write_nifti(folder / "l.nii.gz", mask);
  CHECK(read_labels(folder / "l.nii.gz").image.values ==
        std::vector<std::int32_t>{0, 1, 0, 1, 1, 1, 0, 0});
  CHECK(std::distance(std::filesystem::directory_iterator(folder.path()), {}) == 1);
}

TEST_CASE("a name or folder that cannot be written is refused")
{
  const Mask mask = ball(3, 1, {1, 1, 1});
  CHECK_THAT(refusal_of([&] { write_nifti("/tmp/mask.mha", mask); }, Fault::command),
             Contains("allowed: .nii.gz or .nii"));
  CHECK_THAT(refusal_of([&] { write_nifti("/nowhere/mask.nii.gz", mask); }, Fault::command),
             Contains("/nowhere/mask.nii.gz: the image cannot be written"));
}
