#include "geometry/rotation.hpp"
#include "implant/canal.hpp"
#include "implant/check.hpp"
#include "support.hpp"
#include "unit/lesion/tube.hpp"

#include <catch2/catch.hpp>

using namespace implant_test;
using Catch::Contains;
using Catch::WithinAbs;

namespace
{
/// Every measure of two placements within `tolerance`, lengths in mm.
void check_same(const implant::Fixation& a, const implant::Fixation& b, double tolerance)
{
  REQUIRE(a.components.size() == b.components.size());
  for (std::size_t n = 0; n < a.components.size(); ++n)
  {
    INFO(a.components[n].name);
    CHECK(a.components[n].size == b.components[n].size);
  }
  for (const auto& [name, value] : a.measures)
  {
    INFO(name);
    REQUIRE(b.measures.count(name) == 1);
    CHECK_THAT(b.measures.at(name), WithinAbs(value, tolerance));
  }
}

Vec3 in_frame(const anatomy::Frame& frame, Vec3 p)
{
  return {dot(p - frame.origin, frame.medial), dot(p - frame.origin, frame.anterior),
          dot(p - frame.origin, frame.proximal)};
}
} // namespace

TEST_CASE("the canal of a tube is its bore", "[implant]")
{
  lesion_test::TubePlan plan;
  plan.turn = geometry::rotation_about({1, 2, 3}, 0.7);
  const lesion_test::Bone tube = lesion_test::tube(plan);
  const lesion::Ground ground = tube.ground();
  const implant::Site site = implant::make_site(ground);
  const implant::Canal canal = implant::find_canal(site, "test");
  CHECK_THAT(canal.isthmus_mm(), WithinAbs(2 * lesion_test::inner, 0.5));
  for (const implant::CanalPoint& point : canal.points)
    CHECK(norm(geometry::without_component(point.centre - tube.anatomy.frame.origin,
                                           tube.anatomy.frame.proximal)) < 0.3);
}

TEST_CASE("a long cephalomedullary nail finds its size and its lag screw the head", "[implant]")
{
  const implant::Fixation nail = placed(femur(), "cephalomedullary_nail_long");
  const auto& m = nail.measures;
  REQUIRE(nail.components.size() == 4);
  CHECK(m.at("tip_under_subchondral_mm") >= 5);
  CHECK(m.at("tip_under_subchondral_mm") <= 10);
  CHECK(m.at("lag_screw_to_neck_centre_mm") < 3);
  CHECK(m.at("lag_screw_to_head_centre_mm") < 3);
  CHECK(m.at("canal_fill") <= 1);
  CHECK(m.at("canal_fill") > 0.75);
  const implant::Component& lag = nail.components[1];
  const Vec3 head = femur().scan.truth.landmarks.at("femoral_head_centre");
  // The tip by the true sphere of the head, not by the image it was placed in.
  const double radius = femur().scan.truth.measures.at("head_radius_mm").value;
  CHECK_THAT(radius - norm(lag.axis[1] - head), WithinAbs(m.at("tip_under_subchondral_mm"), 1));
  const double notch =
      in_frame(femur().scan.truth.frame, nail.components[0].axis.back()).z -
      in_frame(femur().scan.truth.frame, femur().scan.truth.landmarks.at("intercondylar_notch")).z;
  CHECK(notch > 24);
  CHECK(notch < 25 + 21); // lengths come in steps of 20 mm
  CHECK(implant::farthest_outside(nail.components[0], femur().site, 35) < 1);
  CHECK(nail.components[0].to_bone == implant::Interface::debonded);
  CHECK(lag.to_bone == implant::Interface::bonded);
  CHECK_FALSE(nail.doubts.empty());
}

TEST_CASE("screws across a nail are perpendicular to it and hold both cortices", "[implant]")
{
  const implant::Fixation nail = placed(femur(), "femoral_nail_antegrade");
  const implant::Path path(nail.components[0].axis);
  int screws = 0;
  for (const implant::Component& c : nail.components)
    if (c.kind == implant::ComponentKind::locking_screw)
    {
      ++screws;
      INFO(c.name);
      const Vec3 along = normalized(c.axis[1] - c.axis[0]);
      const double s = path.nearest(0.5 * (c.axis[0] + c.axis[1]));
      CHECK(std::abs(dot(along, path.tangent(s))) < 0.1);
      CHECK_THAT(implant::depth_at(femur().site, c.axis[0]), WithinAbs(0, 0.5));
      const double out = -implant::depth_at(femur().site, c.axis[1]);
      CHECK(out > -0.5);
      CHECK(out < 2.5);                                     // one step of length
      CHECK(implant::least_gap(c, nail.components[0]) < 0); // it goes through the nail
    }
  CHECK(screws == 4);
}

TEST_CASE("a mirrored femur gets the mirror image of the nail", "[implant]")
{
  const auto mirrored = [](Vec3 v) { return Vec3{-v.x, v.y, v.z}; };
  image::Mask mask = femur().mask;
  image::Volume density = femur().scan.volume;
  mask.grid.origin = mirrored(mask.grid.origin);
  mask.grid.direction[0] = -mask.grid.direction[0];
  density.grid = mask.grid;
  anatomy::BoneAnatomy right = femur().scan.truth;
  right.side = anatomy::Side::right;
  right.frame = {mirrored(right.frame.origin), mirrored(right.frame.medial),
                 mirrored(right.frame.anterior), mirrored(right.frame.proximal)};
  for (auto& [name, point] : right.landmarks)
    point = mirrored(point);
  for (Vec3& centre : right.shaft_centres)
    centre = mirrored(centre);
  right.shaft_distal = mirrored(right.shaft_distal);
  const lesion::Ground ground{right, mask, density};
  const implant::Site site = implant::make_site(ground);
  for (const std::string name :
       {"cephalomedullary_nail_long", "cephalomedullary_nail_short_blade", "femoral_nail_antegrade",
        "femoral_nail_retrograde", "femoral_plate_lateral", "femoral_plate_bridge",
        "femoral_plate_proximal", "femoral_plate_distal", "hip_screw"})
  {
    INFO(name);
    const implant::Fixation a = placed(femur(), name);
    const implant::Fixation b = implant::place({}, implant::fixation_template(name, "test"), site);
    check_same(a, b, 0.05);
    for (std::size_t n = 0; n < a.components.size(); ++n)
      CHECK(norm(mirrored(a.components[n].axis.back()) - b.components[n].axis.back()) < 0.05);
  }
}

TEST_CASE("a turned femur gets the turned nail", "[implant]")
{
  Plan plan;
  plan.turn = geometry::rotation_about({1, 0.4, 0.2}, 0.6);
  const Bone turned(plan);
  const implant::Fixation a = placed(femur(), "cephalomedullary_nail_long");
  const implant::Fixation b = placed(turned, "cephalomedullary_nail_long");
  REQUIRE(a.components.size() == b.components.size());
  CHECK(a.measures.at("nail_length_mm") == b.measures.at("nail_length_mm"));
  CHECK_THAT(a.measures.at("isthmus_mm"), WithinAbs(b.measures.at("isthmus_mm"), 1));
  const auto placed_in = [](const Bone& bone, Vec3 p)
  { return in_frame(bone.scan.truth.frame, p); };
  CHECK(norm(placed_in(femur(), a.components[0].axis.back()) -
             placed_in(turned, b.components[0].axis.back())) < 2);
  // The lag screw lies on the same line; its length, sold in steps of 5 mm, may be the next one.
  const auto& first = a.components[1].axis;
  const implant::Path line({placed_in(femur(), first[0]), placed_in(femur(), first[1])});
  const Vec3 tip = placed_in(turned, b.components[1].axis.back());
  CHECK(norm(geometry::without_component(tip - line.point(0), line.tangent(0))) < 1);
  CHECK(std::abs(dot(tip - line.point(line.length()), line.tangent(0))) < 5 + 1);
}

TEST_CASE("a canal too narrow is refused with its width and the smallest nail", "[implant]")
{
  Plan plan;
  plan.dimensions = {{"cortex_midshaft_mm", 9.5}};
  const Bone narrow(plan);
  const std::string words = refusal(narrow, "cephalomedullary_nail_long");
  CHECK_THAT(words, Contains("mm at the isthmus: the smallest nail is 9"));
  CHECK_THAT(words, Contains("canal "));
}

TEST_CASE("a nail across a child's open growth plates is refused, a plate is not", "[implant]")
{
  Plan plan;
  plan.age_years = 15; // a canal wide enough for a nail
  Bone child(plan);
  REQUIRE(child.plates.has_value());
  CHECK_THAT(refusal(child, "femoral_nail_antegrade"),
             Contains("an open growth plate is crossed by: nail") &&
                 Contains("choose an implant for children"));
  child.site.growth_plates = nullptr; // not labelled: cannot be told
  CHECK_THAT(refusal(child, "femoral_nail_antegrade"),
             Contains("the patient is 15 years old and open growth plates are not labelled"));
  const implant::Fixation plate = placed(child, "femoral_plate_lateral");
  CHECK(warns(plate, "growth_plate"));
}

TEST_CASE("a short nail that ends at a distal lesion is called so, a long one is not", "[implant]")
{
  const implant::Fixation healthy = placed(femur(), "cephalomedullary_nail_short");
  CHECK_FALSE(warns(healthy, "ends_at_lesion"));
  Bone bone(Plan{});
  bone.add_lesion("distal shaft", healthy.components[0].axis.back(), 8);
  const implant::Fixation at_lesion = placed(bone, "cephalomedullary_nail_short");
  CHECK(warns(at_lesion, "ends_at_lesion"));
  CHECK_THAT(at_lesion.measures.at("distal_beyond_distal shaft_mm"), WithinAbs(-8, 2));
  CHECK_FALSE(warns(placed(bone, "cephalomedullary_nail_long"), "ends_at_lesion"));
}

TEST_CASE("tibia and humerus get nails of their own, other bones' nails are refused", "[implant]")
{
  Plan plan;
  plan.kind = anatomy::BoneKind::tibia;
  const Bone tibia(plan);
  const implant::Fixation nail = placed(tibia, "tibial_nail");
  CHECK(nail.measures.at("locking_screws") == 4);
  CHECK(implant::farthest_outside(nail.components[0], tibia.site, 35) < 1);
  CHECK_THAT(refusal(tibia, "humeral_nail"), Contains("tibial_nail"));
  plan.kind = anatomy::BoneKind::humerus;
  const Bone humerus(plan);
  const implant::Fixation arm = placed(humerus, "humeral_nail");
  CHECK(implant::farthest_outside(arm.components[0], humerus.site, 35) < 1);
  CHECK(arm.measures.at("locking_screws") == 4);
}

TEST_CASE("a size chosen by hand is taken or refused with the reason", "[implant]")
{
  implant::Request request;
  request.chosen = {{"nail_diameter_mm", 10}, {"nail_length_mm", 340}};
  const implant::Fixation nail = placed(femur(), "cephalomedullary_nail_long", request);
  CHECK(nail.measures.at("nail_diameter_mm") == 10);
  CHECK_THAT(implant::length_mm(nail.components[0]), WithinAbs(340, 0.5));
  request.chosen = {{"nail_length_mm", 460}};
  CHECK_THAT(refusal(femur(), "cephalomedullary_nail_long", request), Contains("has room for"));
  request.chosen = {{"nail_diameter_mm", 20}};
  CHECK_THAT(refusal(femur(), "cephalomedullary_nail_long", request), Contains("does not pass"));
  request.chosen = {{"nail_lenght_mm", 300}};
  CHECK_THAT(refusal(femur(), "cephalomedullary_nail_long", request), Contains("nail_length_mm"));
}
