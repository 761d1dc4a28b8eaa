#include "geometry/rotation.hpp"
#include "pipeline/fixation_states.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace calcar;
using namespace calcar::pipeline;
using Catch::Contains;

namespace
{
constexpr double voxel_mm = 1;

/// A straight tibial shaft along a line, as far as an image of 1 mm voxels shows it.
struct Shaft
{
  explicit Shaft(Vec3 direction, Vec3 through = {20, 20, 40})
      : axis(normalized(direction)), middle(through)
  {
    image::Grid grid;
    grid.size = {41, 41, 81};
    mask = {grid, std::vector<std::uint8_t>(grid.voxels(), 0), {}};
    density = {grid, std::vector<float>(grid.voxels(), 1.0F), {}};
    const geometry::Solid solid = geometry::cylinder(middle - 60 * axis, middle + 60 * axis, 12);
    for (int k = 0; k < grid.size[2]; ++k)
      for (int j = 0; j < grid.size[1]; ++j)
        for (int i = 0; i < grid.size[0]; ++i)
          mask.values[grid.offset(i, j, k)] =
              solid.contains(grid.point({double(i), double(j), double(k)}));
    bone.kind = anatomy::BoneKind::tibia;
    bone.frame = {middle, {1, 0, 0}, {0, -1, 0}, -1.0 * axis};
    for (int n = -3; n <= 3; ++n)
      bone.shaft_centres.push_back(middle + (10.0 * n) * axis);
  }
  Shaft(const Shaft&) = delete;
  Shaft& operator=(const Shaft&) = delete;

  void add_ball(const std::string& name, Vec3 centre, double radius)
  {
    lesion::PlacedLesion placed;
    placed.lesion.name = name;
    placed.centre = centre;
    placed.reach_mm = radius;
    placed.solid = geometry::sphere(centre, radius);
    lesions.push_back(placed);
    lesion::LesionMeasures measured;
    measured.volume_mm3 = 4.0 / 3 * geometry::pi * std::pow(radius, 3);
    measures.push_back(measured);
  }

  std::optional<GapPlan> gap(const FixationInput& input = {}) const
  {
    const lesion::Ground ground{bone, mask, density};
    return gap_of(input, implant::make_site(ground, lesions), measures, voxel_mm);
  }

  Vec3 axis, middle;
  anatomy::BoneAnatomy bone;
  image::Mask mask;
  image::Volume density;
  std::vector<lesion::PlacedLesion> lesions;
  std::vector<lesion::LesionMeasures> measures;
};

/// How far a plane's point lies from a place along the plane's normal.
double off(const GapPlan& plan, Vec3 place)
{
  return std::abs(dot(plan.gap.point - place, plan.gap.normal));
}
} // namespace

TEST_CASE("the gap lies across the shaft and is as long as the lesion, whichever way the bone lies")
{
  for (const Vec3 direction : {Vec3{0, 0, 1}, Vec3{0.2, -0.1, 1}})
  {
    Shaft shaft(direction);
    const Vec3 centre = shaft.middle + 7.0 * shaft.axis;
    shaft.add_ball("hole", centre, 8);
    const auto plan = shaft.gap();
    REQUIRE(plan);
    CHECK(std::abs(dot(plan->gap.normal, shaft.axis)) == Approx(1).margin(1e-6));
    CHECK(norm(plan->gap.normal) == Approx(1));
    CHECK(plan->gap.thickness_mm == Approx(16).margin(1.01 * voxel_mm));
    CHECK(off(*plan, centre) < voxel_mm);
    CHECK_THAT(plan->words, Contains("at the lesion \"hole\", its whole extent along the bone"));
  }
}

TEST_CASE("of several lesions the largest one is gone, and it is told")
{
  Shaft shaft({0, 0, 1});
  shaft.add_ball("small", shaft.middle - 20.0 * shaft.axis, 4);
  shaft.add_ball("large", shaft.middle + 15.0 * shaft.axis, 7);
  const auto plan = shaft.gap();
  REQUIRE(plan);
  CHECK(off(*plan, shaft.lesions[1].centre) < voxel_mm);
  CHECK_THAT(plan->words, Contains("\"large\", the largest of 2"));
}

TEST_CASE("a stated gap has its length about the same middle")
{
  Shaft shaft({0, 0, 1});
  shaft.add_ball("hole", shaft.middle, 8);
  FixationInput input;
  input.gap_mm = 5;
  const auto plan = shaft.gap(input);
  REQUIRE(plan);
  CHECK(plan->gap.thickness_mm == 5);
  CHECK(off(*plan, shaft.middle) < voxel_mm);
  CHECK_THAT(plan->words, Contains("gap of 5 mm") && Contains("as the case states it"));
}

TEST_CASE("no gap is so thin that voxels of both sides share a node")
{
  Shaft shaft({0, 0, 1});
  shaft.add_ball("hole", shaft.middle, 8);
  FixationInput input;
  input.gap_mm = 1;
  const auto plan = shaft.gap(input);
  REQUIRE(plan);
  CHECK(plan->gap.thickness_mm == Approx(std::sqrt(3.0) * voxel_mm));
  CHECK_THAT(plan->words, Contains("as thin as these voxels can have it"));
}

TEST_CASE("a bone without lesions is cut in the middle of its shaft, one without a shaft is not")
{
  Shaft shaft({0.1, 0, 1});
  const auto plan = shaft.gap();
  REQUIRE(plan);
  CHECK(norm(plan->gap.point - shaft.middle) < 1e-6);
  CHECK(plan->gap.thickness_mm == fixation_defaults().gap_without_lesion_mm);
  shaft.bone.shaft_centres.clear();
  CHECK_FALSE(shaft.gap());
}
