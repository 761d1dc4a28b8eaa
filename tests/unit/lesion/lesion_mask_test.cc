#include "image/distance.hpp"
#include "image/resample.hpp"
#include "image/write.hpp"
#include "lesion/lesion_mask.hpp"
#include "lesion/lesion_measure.hpp"
#include "refusal.hpp"
#include "temporary_folder.hpp"
#include "unit/lesion/tube.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace calcar;
using namespace calcar::lesion;
using namespace lesion_test;
using Catch::Contains;
using test::refusal_of;

namespace
{
const Bone& bone()
{
  static const Bone one = []
  {
    TubePlan plan;
    plan.voxel_mm = 1;
    return tube(plan);
  }();
  return one;
}

image::LabelMap ball(const image::Grid& grid, Vec3 centre, double radius, int label)
{
  image::LabelMap labels{grid, std::vector<std::int32_t>(grid.voxels()), {}};
  for (int k = 0; k < grid.size[2]; ++k)
    for (int j = 0; j < grid.size[1]; ++j)
      for (int i = 0; i < grid.size[0]; ++i)
        labels.at(i, j, k) =
            norm(grid.point({double(i), double(j), double(k)}) - centre) < radius ? label : 0;
  return labels;
}

/// Uptake of 1 with a hot ball of 8 in it.
image::Volume hot_ball(const image::Grid& grid, Vec3 centre, double radius)
{
  const image::LabelMap labels = ball(grid, centre, radius, 1);
  image::Volume uptake{grid, {}, {}};
  for (const std::int32_t label : labels.values)
    uptake.values.push_back(label ? 8.0F : 1.0F);
  return uptake;
}

/// A lesion whose mask or uptake image lies in the folder.
Lesion from_file(const test::TemporaryFolder& folder, const std::string& toml)
{
  const Table table = Table::parse(toml, (folder / "case.toml").string());
  Lesion lesion = read_lesion(table, anatomy::BoneKind::humerus);
  table.check();
  lesion.image->file = folder.path() / lesion.image->file.filename();
  return lesion;
}

const std::string mask_3 = "name = \"met\"\nmask = { file = \"met.nii.gz\", label = 3 }\n";
} // namespace

TEST_CASE("a mask on the grid of the CT is the lesion, in_ct, with the volume of its voxels")
{
  const test::TemporaryFolder folder;
  const Vec3 centre = bone().anatomy.frame.origin + Vec3{2, -1, 3};
  const image::LabelMap labels = ball(bone().mask.grid, centre, 5, 3);
  image::write_nifti(folder / "met.nii.gz", labels);
  const Lesion lesion = from_file(folder, mask_3);
  CHECK(lesion.in_ct);
  CHECK(lesion.shape == "mask");
  CHECK_FALSE(lesion.both_ways);
  const PlacedLesion placed = place(lesion, bone().ground());
  CHECK(placed.warnings.empty());
  REQUIRE(placed.sources.size() == 1);
  CHECK_FALSE(placed.sources[0].path.empty());
  const auto voxels =
      static_cast<double>(std::count(labels.values.begin(), labels.values.end(), 3));
  CHECK(measure(placed, bone().ground()).volume_mm3 == Approx(voxels).epsilon(0.03));
  CHECK(norm(placed.centre - centre) < 0.3);
  const Vec3 x = bone().anatomy.frame.medial;
  CHECK(placed.solid.distance(centre + 7 * x) == Approx(2).margin(0.4));
  CHECK(placed.solid.distance(centre) == Approx(-5).margin(1));
}

TEST_CASE(
    "a mask of an MRI on another grid is resampled, and run both ways as the CT cannot see it")
{
  const test::TemporaryFolder folder;
  image::Grid mri = bone().mask.grid;
  mri.spacing = {0.8, 0.8, 3};
  mri.size = {38, 38, 22};
  mri.origin = mri.origin + Vec3{0.3, 0.2, 0.4};
  const Vec3 centre = bone().anatomy.frame.origin;
  image::write_nifti(folder / "met.nii.gz", ball(mri, centre, 6, 3));
  const Lesion lesion = from_file(folder, mask_3 + "source = \"mri\"");
  CHECK(lesion.both_ways);
  const PlacedLesion placed = place(lesion, bone().ground());
  REQUIRE_FALSE(placed.warnings.empty());
  CHECK(placed.warnings[0].code == "labels_resampled");
  CHECK(measure(placed, bone().ground()).volume_mm3 ==
        Approx(4.0 / 3 * geometry::pi * 216).epsilon(0.08));
  const std::vector<Reading> both = readings({placed});
  REQUIRE(both.size() == 2);
  CHECK(both[0].name == "as is");
  CHECK(both[0].lesions[0].lesion.in_ct);
  CHECK_THAT(both[0].note, Contains("the CT cannot see this lesion: \"met\""));
  CHECK(both[1].name == "unseen lesions replaced");
  CHECK_FALSE(both[1].lesions[0].lesion.in_ct);
  // Stated, it is run as stated.
  const Lesion stated = from_file(folder, mask_3 + "source = \"mri\"\nin_ct = false");
  CHECK_FALSE(stated.both_ways);
  CHECK(readings({place(stated, bone().ground())}).size() == 1);
}

TEST_CASE("uptake above a threshold inside the bone is the lesion, run both ways")
{
  const test::TemporaryFolder folder;
  const Vec3 centre = bone().anatomy.frame.origin + Vec3{0, 0, 5};
  image::Grid pet = bone().mask.grid;
  pet.spacing = {2, 2, 2};
  pet.size = {20, 20, 40};
  pet.origin = pet.origin - Vec3{3.37, 3.21, 2.9}; // no voxel centre on another
  image::write_nifti(folder / "pet.nii.gz", hot_ball(pet, centre, 7));
  const std::string file = "from_uptake = { file = \"pet.nii.gz\", unit = \"SUVbw\", ";
  // Where the uptake, linear between the voxels, is above 4.6.
  const image::Volume hot = hot_ball(pet, centre, 7);
  double hot_mm3 = 0;
  for (double z = -12; z < 12; z += 0.5)
    for (double y = -12; y < 12; y += 0.5)
      for (double x = -12; x < 12; x += 0.5)
        hot_mm3 += image::sample_linear(hot, centre + Vec3{x, y, z}, 0) >= 4.6F ? 0.125 : 0;
  for (const char* threshold : {"threshold = 4.6 }", "share_of_maximum = 0.575 }"})
  {
    const Lesion lesion = from_file(folder, file + threshold);
    CHECK(lesion.both_ways);
    CHECK(lesion.source == "uptake");
    CHECK(measure(place(lesion, bone().ground()), bone().ground()).volume_mm3 ==
          Approx(hot_mm3).epsilon(0.04));
  }
  CHECK_THAT(
      refusal_of([&] { place(from_file(folder, file + "threshold = 9 }"), bone().ground()); }),
      Contains("no uptake inside the bone reaches the threshold of 9") &&
          Contains("the largest there is 8"));
}

TEST_CASE("a label that is missing is refused with those present")
{
  const test::TemporaryFolder folder;
  image::write_nifti(folder / "met.nii.gz",
                     ball(bone().mask.grid, bone().anatomy.frame.origin, 5, 2));
  CHECK_THAT(refusal_of([&] { place(from_file(folder, mask_3), bone().ground()); }),
             Contains("no voxel has label 3") && Contains("2 ("));
}

TEST_CASE("a mask that its affine has shifted is refused, whether or not it still meets the bone")
{
  const test::TemporaryFolder folder;
  const Vec3 centre = bone().anatomy.frame.origin;
  // Drawn on this CT, but the header lost its place.
  image::LabelMap moved = ball(bone().mask.grid, centre, 5, 3);
  moved.grid.origin += Vec3{9, 0, 0};
  image::write_nifti(folder / "met.nii.gz", moved);
  CHECK_THAT(refusal_of([&] { place(from_file(folder, mask_3), bone().ground()); }),
             Contains("met.nii.gz"));
  // On a grid of its own: more than half beside the bone.
  image::Grid own = bone().mask.grid;
  own.size = {30, 30, 30};
  own.spacing = {0.7, 0.7, 0.7};
  own.origin = centre + Vec3{6, -10, -10};
  image::write_nifti(folder / "met.nii.gz", ball(own, centre + Vec3{15, 0, 0}, 5, 3));
  CHECK_THAT(refusal_of([&] { place(from_file(folder, mask_3), bone().ground()); }),
             Contains("lesion \"met\"") && Contains("% of its mask lies outside the bone") &&
                 Contains("check the affine"));
  // A third beside it is told.
  image::write_nifti(folder / "met.nii.gz", ball(own, centre + Vec3{12, 0, 0}, 5, 3));
  const PlacedLesion placed = place(from_file(folder, mask_3), bone().ground());
  CHECK(std::any_of(placed.warnings.begin(), placed.warnings.end(),
                    [](const Warning& w) { return w.code == "lesion_outside_bone"; }));
  // Another place altogether.
  own.origin = centre + Vec3{500, 0, 0};
  image::write_nifti(folder / "met.nii.gz", ball(own, centre + Vec3{510, 10, 10}, 5, 3));
  CHECK_THAT(refusal_of([&] { place(from_file(folder, mask_3), bone().ground()); }),
             Contains("met.nii.gz"));
}

TEST_CASE("an uptake image of another patient's grid is refused")
{
  const test::TemporaryFolder folder;
  const std::string toml =
      "from_uptake = { file = \"pet.nii.gz\", unit = \"SUVbw\", threshold = 4 }";
  image::Grid pet = bone().mask.grid;
  pet.origin += Vec3{400, 0, 0};
  image::write_nifti(folder / "pet.nii.gz", hot_ball(pet, pet.point({10, 10, 10}), 5));
  CHECK_THAT(refusal_of([&] { place(from_file(folder, toml), bone().ground()); }),
             Contains("the image does not overlap with the CT") &&
                 Contains("of another patient or examination"));
  // It touches the CT, but covers less than half of the bone.
  pet.origin = bone().mask.grid.origin + Vec3{0, 0, 45};
  image::write_nifti(folder / "pet.nii.gz", hot_ball(pet, pet.point({15, 15, 10}), 5));
  CHECK_THAT(refusal_of([&] { place(from_file(folder, toml), bone().ground()); }),
             Contains("% of the bone") && Contains("covers the bone"));
}

TEST_CASE("a mask larger than the bone is refused")
{
  const image::Mask swollen = image::dilate(bone().mask, 5);
  const PlacedLesion placed = lesion_of_mask(read(mask_3), swollen, 5);
  CHECK_THAT(refusal_of([&] { require_in_bone(placed, bone().ground()); }),
             Contains("lesion \"met\" is larger than the bone") &&
                 Contains("check the file, its label or threshold"));
  image::Mask empty = bone().mask;
  std::fill(empty.values.begin(), empty.values.end(), std::uint8_t{0});
  CHECK_THAT(refusal_of([&] { lesion_of_mask(read(mask_3), empty, 5); }),
             Contains("has an empty mask"));
}

TEST_CASE("what an image of a lesion lacks in the case file is refused")
{
  const auto refused = [](const std::string& toml)
  { return refusal_of([&] { read(toml); }, Fault::command); };
  CHECK_THAT(refused("mask = { file = \"a.nii\" }"), Contains("missing key \"label\""));
  CHECK_THAT(refused("mask = { file = \"a.nii\", label = 0 }"), Contains("greater than 0"));
  CHECK_THAT(refused("mask = { file = \"a.nii\", label = 1 }\nsource = \"pet\""),
             Contains("ct, mri, uptake"));
  CHECK_THAT(refused("from_uptake = { file = \"a.nii\" }"), Contains("no threshold is given"));
  CHECK_THAT(refused("from_uptake = { file = \"a.nii\", threshold = 4, share_of_maximum = 0.4 }"),
             Contains("both threshold and share_of_maximum"));
  CHECK_THAT(refused("from_uptake = { file = \"a.nii\", share_of_maximum = 41 }"),
             Contains("less than 1"));
  CHECK_THAT(refused("from_uptake = { file = \"a.nii\", threshold = -1 }"),
             Contains("greater than 0"));
}
