#include "anatomy/bone_template.hpp"
#include "lesion/candidates.hpp"
#include "unit/lesion/tube.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <limits>

using namespace calcar;
using namespace calcar::lesion;
using namespace lesion_test;
using Catch::Contains;

namespace
{
Bone plain()
{
  TubePlan plan;
  plan.voxel_mm = 1;
  return tube(plan);
}

/// Adds to the density in a ball, as far as it lies in the bone; returns the volume.
double add(Bone& bone, Vec3 centre, double radius, float more)
{
  double volume = 0;
  const image::Grid& grid = bone.mask.grid;
  for (int k = 0; k < grid.size[2]; ++k)
    for (int j = 0; j < grid.size[1]; ++j)
      for (int i = 0; i < grid.size[0]; ++i)
        if (bone.mask.at(i, j, k) &&
            norm(grid.point({double(i), double(j), double(k)}) - centre) < radius)
        {
          bone.density.at(i, j, k) += more;
          volume += grid.voxel_volume();
        }
  return volume;
}
} // namespace

TEST_CASE("a hole in the wall and a dense spot in the canal are candidates, each of its kind")
{
  const Bone healthy = plain();
  Bone ill = plain();
  const anatomy::Frame& frame = ill.anatomy.frame;
  const Vec3 hole = frame.origin + 11 * frame.anterior + 12 * frame.proximal;
  const Vec3 spot = frame.origin - 14 * frame.proximal;
  const double hole_mm3 = add(ill, hole, 7, -1.0F);
  const double spot_mm3 = add(ill, spot, 6, 0.5F);
  const auto found = find_candidates(ill.ground(), healthy.density, "the mirrored bone");
  REQUIRE(found.size() == 2);
  for (const Candidate& candidate : found)
  {
    const bool lytic = candidate.kind == "lytic";
    CAPTURE(candidate.words);
    CHECK(norm(candidate.centre.point - (lytic ? hole : spot)) < 2.5);
    CHECK(candidate.volume_mm3 > 0.6 * (lytic ? hole_mm3 : spot_mm3));
    CHECK(candidate.volume_mm3 < 1.6 * (lytic ? hole_mm3 : spot_mm3));
    CHECK((lytic ? candidate.difference_g_cm3 < -0.4 : candidate.difference_g_cm3 > 0.2));
    CHECK_THAT(candidate.words,
               Contains(lytic ? "below the mirrored bone" : "above the mirrored bone"));
    CHECK_THAT(candidate.words, Contains("humerus"));
  }
  CHECK(found[0].kind != found[1].kind);
  const Warnings warnings = check_contralateral(found, "[contralateral]");
  REQUIRE(warnings.size() == 2);
  CHECK(warnings[0].code == "contralateral_lesion");
  CHECK_THAT(warnings[0].text, Contains("the other side may have a lesion itself"));
}

TEST_CASE("a healthy bone has no candidate, were it less dense all over or its cortex thinner")
{
  const Bone healthy = plain();
  CHECK(find_candidates(healthy.ground(), healthy.density, "itself").empty());
  Bone osteoporotic = plain();
  for (float& value : osteoporotic.density.values)
    value = 0.75F * value - 0.05F;
  CHECK(find_candidates(osteoporotic.ground(), healthy.density, "a healthy bone").empty());
  Bone thin = plain();
  const anatomy::Frame& frame = thin.anatomy.frame;
  const image::Grid& grid = thin.mask.grid;
  for (int k = 0; k < grid.size[2]; ++k)
    for (int j = 0; j < grid.size[1]; ++j)
      for (int i = 0; i < grid.size[0]; ++i)
      {
        const Vec3 p = grid.point({double(i), double(j), double(k)});
        if (thin.mask.at(i, j, k) &&
            norm(geometry::without_component(p - frame.origin, frame.proximal)) < inner + 1.5)
          thin.density.at(i, j, k) = 0;
      }
  CHECK(find_candidates(thin.ground(), healthy.density, "a healthy bone").empty());
}

TEST_CASE("where the reference says nothing there is no candidate")
{
  Bone ill = plain();
  const anatomy::Frame& frame = ill.anatomy.frame;
  image::Volume reference = ill.density;
  add(ill, frame.origin, 7, 0.5F);
  REQUIRE(find_candidates(ill.ground(), reference, "").size() == 1);
  std::fill(reference.values.begin(), reference.values.end(),
            std::numeric_limits<float>::quiet_NaN());
  CHECK(find_candidates(ill.ground(), reference, "").empty());
}
