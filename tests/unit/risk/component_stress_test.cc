// Stress, yield and fatigue of bars from section forces, against closed forms.
#include "geometry/rotation.hpp"
#include "risk/component_stress.hpp"
#include "risk/pull_out.hpp"
#include "unit/risk/fixed_block.hpp"

#include <catch2/catch.hpp>

#include <limits>

using namespace calcar;
using namespace calcar::risk;
using analysis::SectionForce;
using Catch::Contains;
using geometry::pi;
using implant::ComponentKind;

namespace
{
SectionForce force(double at, double axial, double weak, double strong, double torsion)
{
  SectionForce result;
  result.at_mm = at;
  result.axial_N = axial;
  result.weak_Nmm = weak;
  result.strong_Nmm = strong;
  result.bending_Nmm = std::hypot(weak, strong);
  result.torsion_Nmm = torsion;
  return result;
}

std::vector<SectionForce> along(const std::vector<double>& places, const SectionForce& each)
{
  std::vector<SectionForce> result(places.size(), each);
  for (std::size_t n = 0; n < places.size(); ++n)
    result[n].at_mm = places[n];
  return result;
}

implant::Component bar(ComponentKind kind, const std::string& name, Vec3 from, Vec3 to,
                       double diameter)
{
  implant::Component result;
  result.name = name;
  result.kind = kind;
  result.alloy = "ti6al4v_eli";
  result.axis = {from, to};
  result.radius_mm = result.reach_mm = 0.5 * diameter;
  result.runs = {{0, norm(to - from), implant::round_section(diameter), {}}};
  result.weakest = result.runs[0].section;
  return result;
}

/// Area and second moments of a round section beside a hole, counted in squares of 0.01 mm: the
/// hole is along y, bending about it has its outermost fibres in z.
implant::CrossSection counted(double outer, double inner, double hole)
{
  implant::CrossSection sum;
  constexpr double h = 0.01;
  for (double y = 0.5 * h; y < outer; y += h)
    for (double z = 0.5 * h; z < outer; z += h)
    {
      const double r = std::hypot(y, z);
      if (r > outer || r < inner || y < 0.5 * hole)
        continue;
      sum.area_mm2 += 4 * h * h;
      sum.weak_mm4 += 4 * h * h * z * z;
    }
  return sum;
}
} // namespace

TEST_CASE("a round bar has N/A + 32 M / pi d^3 and 16 T / pi d^3")
{
  const double d = 11, N = -700, M = 23000, T = 9000;
  const SectionStress s = section_stress(implant::round_section(d), force(0, N, M, 0, T));
  const double axial = 4 * N / (pi * d * d), bending = 32 * M / (pi * d * d * d);
  CHECK(s.most_MPa == Approx(axial + bending));
  CHECK(s.least_MPa == Approx(axial - bending));
  CHECK(s.shear_MPa == Approx(16 * T / (pi * d * d * d)));
  CHECK(s.von_mises_MPa ==
        Approx(std::sqrt(std::pow(bending - axial, 2) + 3 * s.shear_MPa * s.shear_MPa)));
  const double c = 4.5;
  const SectionStress tube = section_stress(implant::round_section(d, c), force(0, N, M, 0, T));
  const double W = pi * (std::pow(d, 4) - std::pow(c, 4)) / (32 * d);
  CHECK(tube.most_MPa == Approx(4 * N / (pi * (d * d - c * c)) + M / W));
  CHECK(tube.shear_MPa == Approx(T / (2 * W)));
}

TEST_CASE("a rectangle bends about both axes, and its torsion follows the table of the textbook")
{
  const double w = 17.5, t = 5.2;
  const SectionStress s =
      section_stress(implant::rectangle_section(w, t), force(0, 900, -4000, 15000, 0));
  CHECK(s.most_MPa == Approx(900 / (w * t) + 6 * 4000 / (w * t * t) + 6 * 15000 / (t * w * w)));
  CHECK(s.least_MPa == Approx(2 * 900 / (w * t) - s.most_MPa));
  // Timoshenko and Goodier, Theory of Elasticity: greatest shear T / (k2 w t^2) by w / t.
  for (const auto& [ratio, k2] : {std::pair{1.0, 0.208},
                                  {1.2, 0.219},
                                  {1.5, 0.231},
                                  {2.0, 0.246},
                                  {2.5, 0.258},
                                  {3.0, 0.267},
                                  {4.0, 0.282},
                                  {5.0, 0.291},
                                  {10.0, 0.312}})
    CHECK(largest_shear(implant::rectangle_section(ratio * 4, 4), -1000) ==
          Approx(1000 / (k2 * ratio * 4 * 16)).epsilon(0.004));
}

TEST_CASE("beside a hole a plate twists as two strips")
{
  const implant::CrossSection strip = implant::rectangle_section(5.75, 5.2);
  CHECK(largest_shear(implant::holed_section(17.5, 5.2, 6), 1000) ==
        Approx(largest_shear(strip, 500)));
  const implant::CrossSection narrow = implant::rectangle_section(5.2, 3); // thicker than wide
  CHECK(largest_shear(implant::holed_section(12, 5.2, 6), 1000) ==
        Approx(largest_shear(narrow, 500)));
}

TEST_CASE("what a cross hole leaves of a nail is what counting squares finds")
{
  for (const auto& [outer, inner, hole] :
       {std::tuple{8.0, 2.25, 10.5}, {5.5, 2.25, 4.4}, {5.0, 0.0, 4.0}, {5.5, 2.25, 5.5}})
  {
    CAPTURE(outer, inner, hole);
    const auto left = beside_cross_hole(implant::round_section(2 * outer, 2 * inner), hole);
    const auto sum = counted(outer, inner, hole);
    CHECK(left.area_mm2 == Approx(sum.area_mm2).epsilon(0.005));
    CHECK(left.weak_mm4 == Approx(sum.weak_mm4).epsilon(0.005));
    CHECK(left.weak_edge_mm == Approx(std::sqrt(outer * outer - 0.25 * hole * hole)));
  }
  const implant::CrossSection whole = implant::round_section(11, 4.5);
  const implant::CrossSection nothing = beside_cross_hole(whole, 0);
  CHECK(nothing.area_mm2 == Approx(whole.area_mm2));
  CHECK(nothing.weak_mm4 == Approx(whole.weak_mm4));
  CHECK(largest_shear(nothing, 500) == Approx(largest_shear(whole, 500)));
}

TEST_CASE("Goodman by hand: half of the cycle is amplitude and half is mean")
{
  const material::Alloy ti = material::alloy("ti6al4v_eli", "");
  SectionStress bent;
  bent.most_MPa = 300;
  bent.least_MPa = -300;
  CHECK(fatigue_utilisation(bent, ti, false) ==
        Approx(150 / ti.endurance + 150 / ti.ultimate_tension));
  CHECK(fatigue_utilisation(bent, ti, true) ==
        Approx(150 / ti.endurance_notched.value() + 150 / ti.ultimate_tension));
  SectionStress pressed;
  pressed.most_MPa = -100;
  pressed.least_MPa = -400;
  CHECK(fatigue_utilisation(pressed, ti, false) ==
        Approx(200 / ti.endurance)); // no mean in tension
  SectionStress turned;
  turned.shear_MPa = 100;
  const double half = 0.5 * std::sqrt(3.0) * 100;
  CHECK(fatigue_utilisation(turned, ti, false) ==
        Approx(half / ti.endurance + half / ti.ultimate_tension));
}

TEST_CASE("a verdict takes the place with the largest stress and grows with the load")
{
  implant::Fixation fixation;
  fixation.components.push_back(bar(ComponentKind::rod, "rod", {0, 0, 0}, {0, 0, 60}, 8));
  const material::Alloy ti = material::alloy("ti6al4v_eli", "");
  std::vector<SectionForce> forces{force(10, 100, 2000, 0, 0), force(30, -500, 20000, 0, 3000),
                                   force(50, 0, 9000, 0, 0)};
  const ComponentVerdict one = component_stress(fixation, 0, forces, load::ActivityKind::daily);
  CHECK(one.worst.at_mm == 30);
  const double W = pi * 512 / 32, normal = -500 / (pi * 16) - 20000 / W;
  CHECK(one.normal_MPa == Approx(normal));
  CHECK(one.yield_utilisation ==
        Approx(std::hypot(normal, std::sqrt(3.0) * 3000 / (2 * W)) / ti.yield));
  CHECK_FALSE(one.notched);
  CHECK(one.fatigue_safety == Approx(1 / one.fatigue_utilisation));
  CHECK_THAT(one.doubts.at(0), Contains("unconfirmed"));
  for (SectionForce& f : forces)
    f = force(f.at_mm, 2 * f.axial_N, 2 * f.weak_Nmm, 0, 2 * f.torsion_Nmm);
  const ComponentVerdict two = component_stress(fixation, 0, forces, load::ActivityKind::daily);
  CHECK(two.stress_MPa == Approx(2 * one.stress_MPa));
  CHECK(two.fatigue_utilisation == Approx(2 * one.fatigue_utilisation));
  for (SectionForce& f : forces) // a moment the other way round is the same to a bar
    f = force(f.at_mm, f.axial_N, -f.weak_Nmm, 0, -f.torsion_Nmm);
  const ComponentVerdict turned = component_stress(fixation, 0, forces, load::ActivityKind::daily);
  CHECK(turned.stress_MPa == Approx(two.stress_MPa));
}

TEST_CASE("an accident has no fatigue, and a bar without forces no stress")
{
  implant::Fixation fixation;
  fixation.components.push_back(bar(ComponentKind::rod, "rod", {0, 0, 0}, {0, 0, 60}, 8));
  const auto forces = along({10, 30}, force(0, 0, 20000, 0, 0));
  const ComponentVerdict fall = component_stress(fixation, 0, forces, load::ActivityKind::accident);
  CHECK(fall.fatigue_utilisation == 0);
  CHECK(fall.fatigue_safety == std::numeric_limits<double>::infinity());
  CHECK(fall.yield_utilisation > 0);
  const ComponentVerdict none = component_stress(fixation, 0, {}, load::ActivityKind::daily);
  CHECK(none.stress_MPa == 0);
  CHECK(none.fatigue_safety == std::numeric_limits<double>::infinity());
}

TEST_CASE("screws are notched all along; steel, whose notched endurance is not known, says so")
{
  implant::Fixation fixation;
  fixation.components.push_back(bar(ComponentKind::locking_screw, "screw", {}, {0, 0, 40}, 4.4));
  const auto forces = along({10, 30}, force(0, 0, 1500, 0, 0));
  const material::Alloy ti = material::alloy("ti6al4v_eli", "");
  ComponentVerdict screw = component_stress(fixation, 0, forces, load::ActivityKind::daily);
  const double half = 0.5 * 1500 * 32 / (pi * std::pow(4.4, 3));
  CHECK(screw.notched);
  CHECK(screw.fatigue_utilisation ==
        Approx(half / *ti.endurance_notched + half / ti.ultimate_tension));
  fixation.components[0].alloy = "steel_316lvm";
  const material::Alloy steel = material::alloy("steel_316lvm", "");
  REQUIRE_FALSE(steel.endurance_notched);
  screw = component_stress(fixation, 0, forces, load::ActivityKind::daily);
  CHECK(screw.fatigue_utilisation ==
        Approx(half / steel.endurance + half / steel.ultimate_tension));
  CHECK_THAT(screw.doubts.back(), Contains("beside threads and holes is not known"));
}

TEST_CASE("a plate is judged beside a hole all along")
{
  implant::Fixation fixation;
  implant::Component plate = bar(ComponentKind::plate, "plate", {}, {0, 0, 100}, 5);
  plate.runs = {{0, 100, implant::rectangle_section(17.5, 5.2), {}}};
  plate.weakest = plate.runs[0].section;
  fixation.components = {plate};
  const auto forces = along({20, 50, 80}, force(0, 0, 8000, 0, 0));
  CHECK_FALSE(places_of(fixation, 0, forces)[1].notched); // a plate without holes
  fixation.components[0].weakest = implant::holed_section(17.5, 5.2, 6);
  const auto places = places_of(fixation, 0, forces);
  for (const Place& place : places)
  {
    CHECK(place.notched);
    CHECK(place.section.weak_mm4 == Approx(11.5 * std::pow(5.2, 3) / 12));
  }
}

TEST_CASE("a nail has the section of each run, and less beside the hole of a screw joined to it")
{
  implant::Fixation fixation;
  implant::Component nail = bar(ComponentKind::nail, "nail", {}, {0, 0, 200}, 11);
  const implant::CrossSection top = implant::round_section(16, 4.5);
  const implant::CrossSection shaft = implant::round_section(11, 4.5);
  nail.runs = {{0, 80, top, {}}, {80, 200, shaft, {}}};
  nail.weakest = shaft;
  nail.reach_mm = 8;
  fixation.components = {
      nail, bar(ComponentKind::locking_screw, "screw", {-20, 0, 161}, {20, 0, 161}, 4.4),
      bar(ComponentKind::locking_screw, "other", {-20, 0, 120}, {20, 0, 120}, 4.4)};
  fixation.components[1].joined = {"nail"};
  const auto forces = along({40, 79, 80, 120, 152, 156, 160, 164, 168}, force(0, 0, 10000, 0, 0));
  const double wider = thread_of(pull_out_rules(), ComponentKind::locking_screw)->outer_over_bar;
  const auto places = places_of(fixation, 0, forces);
  const auto second = [&](std::size_t n) { return places[n].section.weak_mm4; };
  CHECK(second(0) == Approx(top.weak_mm4));
  CHECK(second(1) == Approx(top.weak_mm4));
  CHECK(second(2) == Approx(shaft.weak_mm4)); // where both meet, the weaker
  CHECK(second(3) == Approx(shaft.weak_mm4)); // a screw that is not joined makes no hole
  CHECK_FALSE(places[3].notched);
  CHECK_FALSE(places[4].notched);
  CHECK(second(5) == Approx(shaft.weak_mm4));
  CHECK(second(6) ==
        Approx(beside_cross_hole(shaft, 4.4 * wider).weak_mm4)); // the nearest: all of it
  CHECK(places[6].notched);
  CHECK(places[7].notched);
  CHECK_FALSE(places[8].notched);
  const ComponentVerdict verdict = component_stress(fixation, 0, forces, load::ActivityKind::daily);
  CHECK(verdict.worst.at_mm == 160);
  CHECK(verdict.notched);
}

TEST_CASE("where a lag screw fills the nail's hole the nail bears what the places beside it bear")
{
  implant::Fixation fixation;
  implant::Component nail = bar(ComponentKind::nail, "nail", {}, {0, 0, 100}, 16);
  nail.priority = 3;
  implant::Component lag =
      bar(ComponentKind::lag_screw, "lag screw", {-20, 0, 50}, {60, 0, 50}, 10);
  lag.joined = {"nail"};
  lag.priority = 4;
  fixation.components = {nail, lag};
  std::vector<SectionForce> forces = along({38, 42, 46, 50, 54, 58, 62}, force(0, 0, 0, 0, 0));
  const std::vector<double> axial{-10, -80, -5, 1, 6, 20, 7};
  const std::vector<double> moment{900, 3000, 700, 100, 800, 20000, 21000};
  for (std::size_t n = 0; n < forces.size(); ++n)
  {
    forces[n].axial_N = axial[n];
    forces[n].bending_Nmm = forces[n].weak_Nmm = moment[n];
  }
  const auto filled = places_of(fixation, 0, forces);
  for (const std::size_t n : {2, 3, 4}) // the hole reaches from 45 to 55
  {
    CHECK(filled[n].force.axial_N == -80);
    CHECK(filled[n].force.weak_Nmm == 20000);
    CHECK(filled[n].force.at_mm == forces[n].at_mm);
  }
  CHECK(filled[1].force.weak_Nmm == 3000);
  CHECK(filled[5].force.weak_Nmm == 20000);
  fixation.components[1].priority = 2; // the nail's voxels take the hole: theirs is all there is
  CHECK(places_of(fixation, 0, forces)[3].force.weak_Nmm == 100);
}
