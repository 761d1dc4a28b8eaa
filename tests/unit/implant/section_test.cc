#include "base/error.hpp"
#include "geometry/rotation.hpp"
#include "implant/cross_section.hpp"
#include "implant/path.hpp"
#include "implant/template.hpp"
#include "support.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace calcar;
using namespace calcar::implant;
using Catch::WithinAbs;
using Catch::WithinRel;

TEST_CASE("sections of bars and tubes follow their closed forms", "[implant]")
{
  const CrossSection tube = round_section(11, 4.5);
  CHECK_THAT(tube.area_mm2, WithinRel(geometry::pi * (121 - 20.25) / 4, 1e-12));
  CHECK_THAT(tube.weak_mm4, WithinRel(geometry::pi * (14641 - 410.0625) / 64, 1e-12));
  CHECK_THAT(tube.torsion_mm4, WithinRel(2 * tube.weak_mm4, 1e-12));
  // Timoshenko and Goodier's table: 0.1406 of a square, 0.229 b a^3 of 2 : 1, 1/3 of a thin strip
  CHECK_THAT(rectangle_section(4, 4).torsion_mm4, WithinAbs(0.1406 * 256, 0.02));
  CHECK_THAT(rectangle_section(8, 4).torsion_mm4, WithinAbs(0.229 * 8 * 64, 0.2));
  CHECK_THAT(rectangle_section(400, 1).torsion_mm4, WithinRel(400 / 3.0, 2e-3));
  const CrossSection plate = rectangle_section(17.5, 5.2);
  const CrossSection holed = holed_section(17.5, 5.2, 6);
  CHECK_THAT(holed.area_mm2, WithinRel(11.5 * 5.2, 1e-12));
  CHECK_THAT(plate.strong_mm4 - holed.strong_mm4, WithinRel(5.2 * 216 / 12, 1e-9));
  CHECK(holed.torsion_mm4 < plate.torsion_mm4);
  CHECK_THROWS_AS(holed_section(6, 2, 6), std::invalid_argument);
  CHECK_THROWS_AS(rectangle_section(2, 3), std::invalid_argument);
}

TEST_CASE("stiffness is modulus times section", "[implant]")
{
  const material::Alloy steel = material::alloy("steel_316lvm", "test");
  const Stiffness bar = stiffness(round_section(5), steel);
  CHECK_THAT(bar.axial_EA_N, WithinRel(steel.youngs * geometry::pi * 6.25, 1e-12));
  CHECK_THAT(bar.torsion_GJ_Nmm2,
             WithinRel(bar.bending_EI_Nmm2 / (1 + steel.poisson), 1e-12)); // of a round bar
}

TEST_CASE("smoothing leaves a straight path and finds places on it", "[implant]")
{
  std::vector<Vec3> line;
  for (int n = 0; n < 20; ++n)
    line.push_back({1.0 * n, 2.0 * n, -2.0 * n});
  const std::vector<Vec3> smooth = smoothed(line, 9);
  for (std::size_t n = 0; n < line.size(); ++n)
    CHECK(norm(smooth[n] - line[n]) < 1e-9);
  const Path path(line);
  CHECK_THAT(path.length(), WithinRel(57.0, 1e-12));
  CHECK(norm(path.point(-3) - Vec3{-1, -2, 2}) < 1e-9);
  CHECK(norm(path.point(60) - Vec3{20, 40, -40}) < 1e-9);
  CHECK_THAT(path.nearest({3, 6, -6}), WithinRel(9.0, 1e-9));
  CHECK_THAT(Path(path.stretch(2, 11)).length(), WithinRel(9.0, 1e-9));
}

TEST_CASE("every shipped fixation reads, names its doubts and is offered for its bone", "[implant]")
{
  for (const material::Entry& entry : list_fixations())
  {
    INFO(entry.name);
    const Template plan = fixation_template(entry.name, "test");
    CHECK_FALSE(plan.record.source.empty());
    CHECK_FALSE(plan.doubts.empty()); // none of their dimensions is confirmed
    CHECK_NOTHROW(material::alloy(plan.alloy, "test"));
  }
  const auto names = [](anatomy::BoneKind kind)
  {
    std::vector<std::string> found;
    for (const material::Entry& entry : list_fixations(kind))
      found.push_back(entry.name);
    return found;
  };
  const auto offers = [&](anatomy::BoneKind kind, const std::string& name)
  {
    const std::vector<std::string> found = names(kind);
    return std::find(found.begin(), found.end(), name) != found.end();
  };
  CHECK(offers(anatomy::BoneKind::tibia, "tibial_nail"));
  CHECK(offers(anatomy::BoneKind::tibia, "cement_filling"));
  CHECK_FALSE(offers(anatomy::BoneKind::tibia, "hip_screw"));
  CHECK(offers(anatomy::BoneKind::femur, "hip_screw"));
  CHECK_FALSE(offers(anatomy::BoneKind::femur, "tibial_nail"));
  CHECK(names(anatomy::BoneKind::rib) == std::vector<std::string>{"cement_filling"});
  CHECK_THROWS_WITH(fixation_template("tibial_nale", "case.toml:3"),
                    Catch::Contains("tibial_nail") && Catch::Contains("case.toml:3"));
}

TEST_CASE("lengths go to the next size that is made", "[implant]")
{
  const Steps steps{20, 60, 2};
  CHECK(steps.up(31.2) == 32.0);
  CHECK(steps.up(10) == 20.0);
  CHECK_FALSE(steps.up(60.5).has_value());
  CHECK(steps.down(31.9) == 30.0);
  CHECK(steps.down(99) == 60.0);
  CHECK_FALSE(steps.down(19).has_value());
}
