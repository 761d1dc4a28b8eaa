#include "implant/check.hpp"
#include "implant/joint.hpp"
#include "implant/path.hpp"
#include "support.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace implant_test;
using Catch::Contains;
using Catch::WithinAbs;

namespace
{
double level(const Bone& bone, Vec3 p)
{
  return dot(p - bone.scan.truth.frame.origin, bone.scan.truth.frame.proximal);
}

double level(const Bone& bone, const std::string& landmark)
{
  return level(bone, bone.scan.truth.landmarks.at(landmark));
}

bool starts_with(const implant::Component& c, const std::string& word)
{
  return c.name.compare(0, word.size(), word) == 0;
}

/// Bone around a screw's core from 12 mm beyond its head's way to the bone on.
double least_bone(const implant::Component& c, const implant::Site& site)
{
  const implant::Path line(c.axis);
  double least = 1e9;
  bool inside = false;
  for (double s = 0; s <= line.length(); s += 1)
  {
    const double depth = implant::depth_at(site, line.point(s));
    inside = inside || depth > 6;
    if (inside)
      least = std::min(least, depth - c.radius_mm);
  }
  return least;
}
} // namespace

TEST_CASE("a proximal plate reaches the trochanter, its screws lie in neck and head", "[implant]")
{
  const implant::Fixation plate = placed(femur(), "femoral_plate_proximal");
  const double top = level(femur(), plate.components[0].axis.front());
  CHECK_THAT(top, WithinAbs(level(femur(), "greater_trochanter") + 6, 4));
  int neck = 0;
  for (const implant::Component& c : plate.components)
    if (starts_with(c, "neck") || starts_with(c, "calcar"))
    {
      ++neck;
      INFO(c.name);
      CHECK(least_bone(c, femur().site) >= 0.5);
      CHECK(implant::depth_at(femur().site, c.axis.back()) > 5);
      const Vec3 head = femur().scan.truth.landmarks.at("femoral_head_centre");
      CHECK(norm(c.axis.back() - head) <
            femur().scan.truth.measures.at("head_radius_mm").value - 5);
    }
  CHECK(neck == 3);
  CHECK(plate.measures.at("end_screws") == 3);
}

TEST_CASE("a distal plate ends at the condyle, its screws stop short of the far side", "[implant]")
{
  const implant::Fixation plate = placed(femur(), "femoral_plate_distal");
  CHECK_THAT(level(femur(), plate.components[0].axis.back()),
             WithinAbs(level(femur(), "lateral_condyle"), 4));
  int across = 0;
  for (const implant::Component& c : plate.components)
    if (starts_with(c, "condylar"))
    {
      ++across;
      INFO(c.name);
      CHECK(least_bone(c, femur().site) >= 0.5);
      CHECK(implant::length_mm(c) > 45);
    }
  CHECK(across == 5);
}

TEST_CASE("a retrograde nail goes in at the notch and ends above the lesser trochanter",
          "[implant]")
{
  const implant::Fixation nail = placed(femur(), "femoral_nail_retrograde");
  const auto& axis = nail.components[0].axis;
  CHECK_THAT(level(femur(), axis.front()), WithinAbs(level(femur(), "intercondylar_notch"), 8));
  const double above = level(femur(), axis.back()) - level(femur(), "lesser_trochanter");
  CHECK(above > 0);
  CHECK(above < 20.5); // in steps of 20 mm
  CHECK(implant::farthest_outside(nail.components[0], femur().site, 35) < 1);
  CHECK(nail.measures.at("locking_screws") == 4);
  Bone bone(Plan{});
  bone.add_lesion("neck", bone.scan.truth.landmarks.at("femoral_neck_centre"), 10);
  const implant::Fixation with = placed(bone, "femoral_nail_retrograde");
  CHECK(warns(with, "lesion_not_held"));
  CHECK(warns(with, "ends_at_lesion"));
  CHECK(warns(placed(bone, "femoral_nail_antegrade"), "lesion_not_held"));
  CHECK_FALSE(warns(placed(bone, "cephalomedullary_nail_long"), "lesion_not_held"));
}

TEST_CASE("a plate on the shaft says that it does not reach a lesion of the neck", "[implant]")
{
  Bone bone(Plan{});
  bone.add_lesion("neck", bone.scan.truth.landmarks.at("femoral_neck_centre"), 10);
  CHECK_THAT(refusal(bone, "femoral_plate_lateral"),
             Contains("the lesion \"neck\" reaches") && Contains("beyond the proximal end"));
  CHECK_NOTHROW(placed(bone, "femoral_plate_proximal"));
  CHECK_NOTHROW(placed(bone, "hip_screw"));
}

TEST_CASE("a bridging plate has screws at its ends alone, far from the lesion", "[implant]")
{
  Bone bone(Plan{});
  const auto& centres = bone.scan.truth.shaft_centres;
  const Vec3 centre = centres[centres.size() / 2];
  bone.add_lesion("shaft", centre, 12);
  const implant::Fixation plate = placed(bone, "femoral_plate_bridge");
  int screws = 0;
  for (const implant::Component& c : plate.components)
    if (starts_with(c, "screw"))
    {
      ++screws;
      CHECK(std::abs(level(bone, c.axis.front()) - level(bone, centre)) > 12 + 40 - 3);
    }
  CHECK(screws >= 6);
  CHECK(screws <= 8);
}

TEST_CASE("a plate keeps the gap asked for, cortical screws draw it to the bone", "[implant]")
{
  implant::Request request;
  request.least_gap_mm = 3;
  const implant::Fixation wide = placed(femur(), "femoral_plate_lateral", request);
  CHECK(wide.measures.at("plate_gap_mm") == 3);
  const implant::Path line(wide.components[0].axis);
  for (double s = 0; s <= line.length(); s += 3)
    CHECK(-implant::depth_at(femur().site, line.point(s)) - wide.components[0].radius_mm > 2);
  request.to_bone = implant::Interface::bonded;
  CHECK(placed(femur(), "femoral_plate_lateral", request).measures.at("plate_gap_mm") == 0.5);
  implant::Request cortical;
  cortical.screws = implant::ComponentKind::cortical_screw;
  const implant::Fixation drawn = placed(femur(), "femoral_plate_lateral", cortical);
  CHECK(drawn.measures.at("plate_gap_mm") == 0);
  CHECK(drawn.components[1].kind == implant::ComponentKind::cortical_screw);
  CHECK(drawn.components[1].radius_mm < wide.components[1].radius_mm);
  cortical.screws = implant::ComponentKind::locking_screw;
  CHECK_THAT(refusal(femur(), "hip_screw", cortical), Contains("cortical_screw"));
}

TEST_CASE("places on joints are known from places beside them", "[implant]")
{
  const auto& truth = femur().scan.truth;
  const implant::Site& site = femur().site;
  const Vec3 head = truth.landmarks.at("femoral_head_centre");
  const double radius = truth.measures.at("head_radius_mm").value;
  CHECK(implant::joint_at(site, head + radius * truth.frame.medial) == "hip");
  CHECK(implant::joint_at(site, head + radius * truth.frame.proximal) == "hip");
  CHECK(implant::joint_at(site, truth.landmarks.at("medial_condyle")) == "knee");
  CHECK(implant::joint_at(site, truth.landmarks.at("greater_trochanter")).empty());
  const Vec3 shaft = truth.shaft_centres[12];
  const auto out = implant::way_out(site, shaft, truth.frame.medial);
  REQUIRE(out.has_value());
  CHECK(implant::joint_at(site, shaft + *out * truth.frame.medial).empty());
}

TEST_CASE("tibia and humerus get the implants that are made for them", "[implant]")
{
  for (const auto side : {anatomy::Side::left, anatomy::Side::right})
  {
    Plan plan;
    plan.side = side;
    plan.kind = anatomy::BoneKind::tibia;
    const Bone tibia(plan);
    const implant::Fixation plate = placed(tibia, "tibial_plate_medial");
    const Vec3 out = normalized(plate.components[1].axis[0] - plate.components[1].axis[1]);
    CHECK(dot(out, tibia.scan.truth.frame.medial) > 0.9);
    const implant::Fixation low = placed(tibia, "tibial_nail_distal");
    CHECK(low.measures.at("locking_screws") == 5);
    CHECK(level(tibia, low.components[0].axis.back()) - level(tibia, "ankle_centre") >= 8);
    plan.kind = anatomy::BoneKind::humerus;
    const Bone humerus(plan);
    const implant::Fixation nail = placed(humerus, "humeral_nail_retrograde");
    CHECK(nail.measures.at("locking_screws") == 4);
    CHECK(implant::farthest_outside(nail.components[0], humerus.site, 35) < 1);
    // It goes in on the back.
    const Vec3 in =
        nail.components[0].axis.front() - humerus.scan.truth.landmarks.at("elbow_centre");
    CHECK(dot(in, humerus.scan.truth.frame.anterior) < 0);
  }
}
