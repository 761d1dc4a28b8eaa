#include "implant/check.hpp"
#include "implant/extent.hpp"
#include "support.hpp"

#include <catch2/catch.hpp>

using namespace implant_test;
using Catch::Contains;
using Catch::WithinAbs;

namespace
{
Plan child_plan(anatomy::BoneKind kind = anatomy::BoneKind::femur)
{
  Plan plan;
  plan.kind = kind;
  plan.age_years = 12;
  plan.voxel_mm = 1.5;
  return plan;
}

/// The femur of a child of twelve: read only.
const Bone& child()
{
  static const Bone bone(child_plan());
  return bone;
}

double height(const Bone& bone, Vec3 p)
{
  return dot(p - bone.scan.truth.frame.origin, bone.scan.truth.frame.proximal);
}

double medially(const Bone& bone, Vec3 p)
{
  return dot(p - bone.scan.truth.frame.origin, bone.scan.truth.frame.medial);
}

/// Least distance from a nail's surface to the centres of growth plates' voxels.
double to_growth_plates(const Bone& bone, const implant::Component& nail)
{
  const image::Grid& grid = bone.plates->grid;
  double least = 1e9;
  for (int k = 0; k < grid.size[2]; ++k)
    for (int j = 0; j < grid.size[1]; ++j)
      for (int i = 0; i < grid.size[0]; ++i)
        if (bone.plates->at(i, j, k))
          least =
              std::min(least, nail.solid.distance(grid.point({double(i), double(j), double(k)})));
  return least;
}

void check_nails(const Bone& bone, const implant::Fixation& fixation)
{
  REQUIRE(fixation.components.size() == 2);
  const double diameter = fixation.measures.at("nail_diameter_mm");
  CHECK(diameter <= 0.4 * fixation.measures.at("isthmus_mm"));
  CHECK(implant::least_gap(fixation.components[0], fixation.components[1]) >= 0);
  for (const implant::Component& nail : fixation.components)
  {
    INFO(nail.name);
    CHECK(to_growth_plates(bone, nail) > 5);
    CHECK(implant::farthest_outside(nail, bone.site, 35) < 1);
    CHECK_THAT(implant::depth_at(bone.site, nail.axis.front()),
               WithinAbs(0, 1.5)); // at the surface
    CHECK(nail.to_bone == implant::Interface::debonded);
  }
  CHECK_FALSE(warns(fixation, "growth_plate"));
}
} // namespace

TEST_CASE("a child's femur gets two nails that stay clear of its growth plates", "[implant]")
{
  const implant::Fixation fixation = placed(child(), "femoral_flexible_nails");
  check_nails(child(), fixation);
  CHECK_THAT(fixation.measures.at("entry_to_growth_plate_mm"), WithinAbs(25, 1));
  CHECK(fixation.measures.at("tip_to_growth_plate_mm") > 9);
  for (const implant::Component& nail : fixation.components)
    CHECK(height(child(), nail.axis.back()) > height(child(), nail.axis.front()) + 150);
}

TEST_CASE("the nails are bent like a C: in at their own side, over the far wall, and back",
          "[implant]")
{
  const implant::Fixation fixation = placed(child(), "femoral_flexible_nails");
  const implant::Path medial(fixation.components[0].axis), lateral(fixation.components[1].axis);
  CHECK(fixation.components[0].name == "medial nail");
  const auto apart = [&](double share)
  {
    const Vec3 p = medial.point(share * medial.length());
    return medially(child(), p) - medially(child(), lateral.point(lateral.nearest(p)));
  };
  CHECK(apart(0) > 20);
  CHECK(apart(0.5) < -2); // they have crossed
  CHECK(apart(1) > 2);    // and again
}

TEST_CASE("a mirrored child's femur gets the mirrored nails", "[implant]")
{
  Plan plan = child_plan();
  plan.side = anatomy::Side::right;
  const Bone right(plan);
  const implant::Fixation a = placed(child(), "femoral_flexible_nails");
  const implant::Fixation b = placed(right, "femoral_flexible_nails");
  CHECK(a.measures.at("nail_diameter_mm") == b.measures.at("nail_diameter_mm"));
  for (std::size_t n = 0; n < 2; ++n)
    for (const double share : {0.0, 0.3, 0.5, 0.8, 1.0})
    {
      const implant::Path one(a.components[n].axis), other(b.components[n].axis);
      const Vec3 p = one.point(share * one.length()), q = other.point(share * other.length());
      CHECK_THAT(medially(child(), p), WithinAbs(medially(right, q), 1));
      CHECK_THAT(height(child(), p), WithinAbs(height(right, q), 1));
    }
}

TEST_CASE("tibia and humerus of a child get flexible nails of their own", "[implant]")
{
  const Bone tibia(child_plan(anatomy::BoneKind::tibia));
  const implant::Fixation leg = placed(tibia, "tibial_flexible_nails");
  check_nails(tibia, leg);
  CHECK(height(tibia, leg.components[0].axis.front()) >
        height(tibia, leg.components[0].axis.back()) + 100); // in from above
  Plan plan = child_plan(anatomy::BoneKind::humerus);
  plan.voxel_mm = 1;
  const Bone humerus(plan);
  check_nails(humerus, placed(humerus, "humeral_flexible_nails"));
}

TEST_CASE("flexible nails are refused without growth plates, and where the canal is too narrow",
          "[implant]")
{
  CHECK_THAT(refusal(femur(), "femoral_flexible_nails"),
             Contains("no open growth plate is labelled"));
  Bone unlabelled(child_plan());
  unlabelled.site.growth_plates = nullptr;
  CHECK_THAT(refusal(unlabelled, "femoral_flexible_nails"),
             Contains("12 years old") && Contains("no open growth plate is labelled"));
  Plan plan = child_plan();
  plan.age_years = 8;
  plan.dimensions = {{"cortex_midshaft_mm", 7.7}};
  const Bone narrow(plan);
  CHECK_THAT(refusal(narrow, "femoral_flexible_nails"), Contains("the thinnest is 2"));
  implant::Request request;
  request.chosen = {{"nail_diameter_mm", 9}};
  CHECK_THAT(refusal(child(), "femoral_flexible_nails", request), Contains("do not pass"));
}

TEST_CASE("a lesion near the tips of flexible nails is told of", "[implant]")
{
  Bone bone(child_plan());
  const implant::Fixation healthy = placed(bone, "femoral_flexible_nails");
  CHECK_FALSE(warns(healthy, "ends_at_lesion"));
  bone.add_lesion("below the trochanters", healthy.components[0].axis.back(), 8);
  CHECK(warns(placed(bone, "femoral_flexible_nails"), "ends_at_lesion"));
}
