#include "anatomy/pelvis.hpp"
#include "geometry/fit.hpp"
#include "geometry/rotation.hpp"
#include "image/read.hpp"
#include "support.hpp"

#include <catch2/catch.hpp>

#include <filesystem>

using namespace calcar;
using namespace calcar::anatomy;
using namespace calcar::anatomy::test;
using Catch::Contains;

namespace
{

const std::filesystem::path data = CALCAR_REAL_DATA;
constexpr int femur_left = 75;
constexpr int femur_right = 76;
constexpr int hip_left = 77;
constexpr int hip_right = 78;

std::optional<image::LabelMap> belly()
{
  const std::filesystem::path file = data / "abdomen_ct/labels.nii.gz";
  if (!std::filesystem::exists(file))
  {
    WARN("skipped: " << file << " is not here");
    return std::nullopt;
  }
  return image::read_labels(file).image;
}

image::Mask with(const image::LabelMap& labels, const std::vector<int>& wanted)
{
  image::Mask mask;
  mask.grid = labels.grid;
  for (const int label : labels.values)
  {
    mask.values.push_back(std::count(wanted.begin(), wanted.end(), label) > 0 ? 1 : 0);
  }
  return mask;
}

/// Centre of the femoral head: of the sphere through the femur's voxels that lie next to the hip
/// bone.
Vec3 head_centre(const image::LabelMap& labels, int femur, int hip)
{
  std::vector<Vec3> points;
  const image::Grid& g = labels.grid;
  for (int k = 2; k < g.size[2] - 2; ++k)
    for (int j = 2; j < g.size[1] - 2; ++j)
      for (int i = 2; i < g.size[0] - 2; ++i)
      {
        bool near = false;
        for (int n = 0; n < 125 && labels.at(i, j, k) == femur; ++n)
        {
          near = near || labels.at(i + n % 5 - 2, j + n / 5 % 5 - 2, k + n / 25 - 2) == hip;
        }
        if (near)
        {
          points.push_back(g.point({1.0 * i, 1.0 * j, 1.0 * k}));
        }
      }
  const auto sphere = geometry::fit_sphere(points);
  REQUIRE(sphere);
  return sphere->centre;
}

} // namespace

TEST_CASE("both real hip bones are found: sides, acetabulum around the femoral head, spines and "
          "crest where they are to be seen")
{
  const auto labels = belly();
  if (!labels)
  {
    return;
  }
  const bool left = GENERATE(true, false);
  const BoneAnatomy bone = find_pelvis(with(*labels, {left ? hip_left : hip_right}), {});
  CHECK(bone.side == (left ? Side::left : Side::right));
  CHECK_FALSE(bone.whole); // the scan ends in ischium and pubis
  CHECK(bone.measures.at("obturator_ring_closed").value == 0);
  CHECK(bone.absent == std::vector<std::string>{"ischial_tuberosity"});
  const Vec3 head =
      head_centre(*labels, left ? femur_left : femur_right, left ? hip_left : hip_right);
  CHECK(norm(bone.landmarks.at("acetabulum_centre") - head) < 6);
  const double radius = bone.measures.at("acetabulum_radius_mm").value;
  CHECK((radius > 21 && radius < 28));
  // A supine patient whose pelvis leans a little; medial points to the midline.
  CHECK(geometry::angle_deg(bone.frame.medial, {left ? -1.0 : 1.0, 0, 0}) < 6);
  CHECK(geometry::angle_deg(bone.frame.proximal, {0, 0, 1}) < 20);
  // Read off the voxels by eye, to 6 mm.
  const auto near = [&](const char* name, Vec3 seen)
  {
    INFO(name);
    CHECK(norm(bone.landmarks.at(name) - seen) < 6);
  };
  near("anterior_superior_iliac_spine", left ? Vec3{122, -200, 201} : Vec3{-114, -205, 198});
  near("posterior_superior_iliac_spine", left ? Vec3{48, -56, 224} : Vec3{-48, -56, 224});
  CHECK(bone.landmarks.at("iliac_crest").z == Approx(275).margin(3));
  AnatomyOptions wrong;
  wrong.side = left ? Side::right : Side::left;
  CHECK_THAT(refusal([&] { find_pelvis(with(*labels, {left ? hip_left : hip_right}), wrong); }),
             Contains(left ? "the mask shows a left hip bone" : "the mask shows a right hip bone"));
}

TEST_CASE("the real pelvic ring, a hip bone with the sacrum or the femur, and other real bones are "
          "refused as a hip bone")
{
  const auto labels = belly();
  if (!labels)
  {
    return;
  }
  constexpr int sacrum = 25;
  constexpr int lumbar = 29;
  const auto told = [&](const std::vector<int>& wanted)
  { return refusal([&] { find_pelvis(with(*labels, wanted), {}); }); };
  CHECK_THAT(told({hip_left, hip_right, sacrum}), Contains("the mask has two acetabula"));
  CHECK_THAT(told({hip_left, sacrum}), Contains("the mask is not one hip bone"));
  CHECK_THAT(told({hip_left, femur_left}),
             Contains("could be the acetabulum") || Contains("the mask is not one hip bone"));
  for (const int other : {sacrum, lumbar, femur_left, femur_right})
  {
    INFO("label " << other);
    CHECK_THAT(told({other}), Contains("could be the acetabulum"));
  }
}
