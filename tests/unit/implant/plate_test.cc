#include "implant/build.hpp"
#include "implant/check.hpp"
#include "support.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace implant_test;
using Catch::Contains;
using Catch::WithinAbs;
using Catch::WithinRel;

namespace
{
/// Every axis point of the plate lies above the bone, by its half thickness and little more.
void check_lies_on_bone(const implant::Component& plate, const implant::Site& site)
{
  const implant::Path line(plate.axis);
  for (double s = 0; s <= line.length(); s += 3)
  {
    const double above = -implant::depth_at(site, line.point(s)) - plate.radius_mm;
    CHECK(above > -1.0);
    CHECK(above < 3.0);
  }
}

void check_screws(const implant::Fixation& fixation, const implant::Site& site, double step)
{
  for (const implant::Component& c : fixation.components)
    if (c.kind == implant::ComponentKind::locking_screw)
    {
      INFO(c.name);
      CHECK(implant::depth_at(site, c.axis[0]) < 0); // the head is on the plate
      const double out = -implant::depth_at(site, c.axis[1]);
      CHECK(out > -0.5);
      CHECK(out < step + 0.5);
    }
}
} // namespace

TEST_CASE("a plate lies on the femur and its screws pass both cortices", "[implant]")
{
  const implant::Fixation plate = placed(femur(), "femoral_plate_lateral");
  check_lies_on_bone(plate.components[0], femur().site);
  check_screws(plate, femur().site, 2);
  CHECK(plate.components[0].to_bone == implant::Interface::debonded);
  CHECK(plate.components[0].weakest.area_mm2 < plate.components[0].runs[0].section.area_mm2);
  const Vec3 out = normalized(plate.components[1].axis[0] - plate.components[1].axis[1]);
  CHECK(dot(out, femur().scan.truth.frame.medial) < -0.95); // on the lateral side
}

TEST_CASE("a plate reaches two diameters beyond a lesion and puts no screw in it", "[implant]")
{
  Bone bone(Plan{});
  const auto& centres = bone.scan.truth.shaft_centres;
  bone.add_lesion("shaft", centres[centres.size() / 2], 14);
  const implant::Fixation plate = placed(bone, "femoral_plate_lateral");
  CHECK_FALSE(warns(plate, "ends_at_lesion"));
  CHECK_FALSE(warns(plate, "screw_in_lesion"));
  CHECK(plate.measures.at("screws") >= 6);
  CHECK(plate.measures.at("screws") < plate.measures.at("plate_holes"));
  implant::Request request;
  request.chosen = {{"holes", 8}, {"plate_centre_mm", 40}};
  CHECK_THAT(refusal(bone, "femoral_plate_lateral", request), Contains("on each side"));
}

TEST_CASE("a lesion at the end of the shaft leaves no room for a plate", "[implant]")
{
  Bone bone(Plan{});
  bone.add_lesion("low", bone.scan.truth.shaft_centres.back(), 16);
  CHECK_THAT(refusal(bone, "femoral_plate_lateral"), Contains("screws in whole bone on each side"));
}

TEST_CASE("the humerus gets a plate", "[implant]")
{
  Plan plan;
  plan.kind = anatomy::BoneKind::humerus;
  const Bone humerus(plan);
  const implant::Fixation plate = placed(humerus, "humeral_plate_lateral");
  check_lies_on_bone(plate.components[0], humerus.site);
  check_screws(plate, humerus.site, 2);
}

TEST_CASE("cement fills a lesion as far as the bone goes", "[implant]")
{
  Bone bone(Plan{});
  const Vec3 centre = bone.scan.truth.landmarks.at("femoral_head_centre");
  bone.add_lesion("head", centre, 12);
  const implant::Fixation filled = placed(bone, "cement_filling");
  REQUIRE(filled.components.size() == 1);
  CHECK_THAT(filled.measures.at("cement in head cm3"),
             WithinRel(4.0 / 3 * std::acos(-1.0) * 1.728, 0.03));
  CHECK(filled.components[0].to_bone == implant::Interface::bonded);
  CHECK(filled.components[0].solid.contains(centre));
  CHECK_FALSE(filled.components[0].solid.contains(centre + Vec3{13, 0, 0}));
  REQUIRE(filled.removed.size() == 1);
  implant::Request request;
  request.filled_lesions = {"haed"};
  CHECK_THAT(refusal(bone, "cement_filling", request), Contains("haed") && Contains("head"));
  CHECK_THAT(refusal(femur(), "cement_filling"), Contains("no lesion"));
}

TEST_CASE("pieces that are not joined and run into one another are found", "[implant]")
{
  implant::Fixation none;
  const implant::Request request;
  const implant::Template plan = implant::fixation_template("cement_filling", "test");
  const implant::Building building{request, plan, femur().site, material::alloy("pmma", "test"),
                                   none};
  const auto bar = [&](const std::string& name, Vec3 from, Vec3 to)
  {
    return implant::round_bar(building, implant::ComponentKind::locking_screw, name, from, to, 4,
                              0);
  };
  const Vec3 middle = femur().scan.truth.shaft_centres[10];
  none.components = {bar("a", middle, middle + Vec3{20, 0, 0}),
                     bar("b", middle + Vec3{10, -10, 0}, middle + Vec3{10, 10, 0})};
  CHECK_THAT(implant::least_gap(none.components[0], none.components[1]), WithinAbs(-4, 0.1));
  CHECK_THROWS_WITH(implant::check(building), Contains("run into one another"));
  none.components[1].joined = {"a"};
  CHECK_NOTHROW(implant::check(building));
}
