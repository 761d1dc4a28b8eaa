// How a bone lies in the scanner, and which of two mirrored bones it is, must not matter.

#include "geometry/rotation.hpp"
#include "risk/domain.hpp"
#include "verification/whole_femur.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <iostream>

using namespace calcar;
using namespace calcar::verification;

namespace
{
/// A scan is solved to this residual, and its results agree to a hundred times it.
constexpr double residual = 1e-10;
constexpr double solver_agreement = 100 * residual;
/// Positions come back from NIfTI in single precision, mm.
constexpr double place_mm = 1e-3;

/// The same image stored along other axes: its axis a is the old axis `of[a]`, backwards where
/// `flip[a]`. Every value keeps its place in space.
template <typename T>
image::Image<T> stored_along(const image::Image<T>& given, std::array<int, 3> of,
                             std::array<bool, 3> flip)
{
  image::Image<T> turned;
  const Mat3 columns = transpose(given.grid.direction);
  Mat3 new_columns;
  Vec3 first; // old index of the new first voxel
  for (std::size_t a = 0; a < 3; ++a)
  {
    const auto old = static_cast<std::size_t>(of[a]);
    turned.grid.size[a] = given.grid.size[old];
    turned.grid.spacing[a] = given.grid.spacing[old];
    new_columns[a] = (flip[a] ? -1.0 : 1.0) * columns[old];
    first[old] = flip[a] ? given.grid.size[old] - 1 : 0;
  }
  turned.grid.direction = transpose(new_columns);
  turned.grid.origin = given.grid.point(first);
  turned.values.resize(given.values.size());
  for (int k = 0; k < turned.grid.size[2]; ++k)
    for (int j = 0; j < turned.grid.size[1]; ++j)
      for (int i = 0; i < turned.grid.size[0]; ++i)
      {
        const std::array<int, 3> index = {i, j, k};
        std::array<int, 3> old{};
        for (std::size_t a = 0; a < 3; ++a)
          old[static_cast<std::size_t>(of[a])] =
              flip[a] ? turned.grid.size[a] - 1 - index[a] : index[a];
        turned.at(i, j, k) = given.at(old[0], old[1], old[2]);
      }
  return turned;
}

Scan stored_along(const Scan& scan, std::array<int, 3> of, std::array<bool, 3> flip)
{
  return {stored_along(scan.density, of, flip), stored_along(scan.labels, of, flip)};
}

/// The same values in the same order, every LPS position p moved to m p.
Scan moved(Scan scan, const Mat3& m)
{
  for (image::Grid* grid : {&scan.density.grid, &scan.labels.grid})
  {
    grid->origin = m * grid->origin;
    grid->direction = m * grid->direction;
  }
  return scan;
}

/// Everything that is judged in an activity agrees, vectors and places after `m`.
void check_same(const report::Results& a, const report::Results& b, const Mat3& m, double agreement)
{
  REQUIRE(a.variants.size() == b.variants.size());
  for (const auto& [name, point] : a.landmarks)
  {
    INFO(name << " " << norm(m * point - b.landmarks.at(name)));
    CHECK(norm(m * point - b.landmarks.at(name)) < 100 * agreement);
  }
  for (const risk::ActivityAssessment& one : a.variants.back().activities)
  {
    const risk::ActivityAssessment& other = activity(b, one.activity);
    INFO(one.activity);
    CHECK(*other.fracture_load_N == Approx(*one.fracture_load_N).epsilon(agreement));
    CHECK(other.largest_displacement_mm == Approx(one.largest_displacement_mm).epsilon(agreement));
    for (std::size_t c = 0; c < one.criteria.size(); ++c)
    {
      INFO(one.criteria[c].criterion);
      CHECK(other.criteria[c].utilisation ==
            Approx(one.criteria[c].utilisation).epsilon(agreement));
      if (one.criteria[c].location)
        CHECK(norm(m * one.criteria[c].location->point - other.criteria[c].location->point) <
              place_mm);
    }
    REQUIRE(one.reactions.size() == other.reactions.size());
    for (std::size_t s = 0; s < one.reactions.size(); ++s)
      CHECK(norm(m * one.reactions[s].force - other.reactions[s].force) <
            agreement * norm(one.reactions[s].force));
  }
}

Plan two_rigs()
{
  Plan plan;
  plan.relative_residual = residual;
  plan.activities = {"level_walking", "sideways_fall"};
  return plan;
}

const Scan& coarse_scan()
{
  static const Scan scan = []
  {
    Scan made = scan_of(shape_of(2.5));
    // A place that single precision holds exactly, at every corner.
    for (std::size_t a = 0; a < 3; ++a)
      made.density.grid.origin[a] = 0.5 * std::round(2 * made.density.grid.origin[a]);
    made.labels.grid = made.density.grid;
    return made;
  }();
  return scan;
}

/// The daily activities of a bone that lies turned in the scanner, solved on voxels as large as the
/// scan's.
struct Turned
{
  std::map<std::string, double> energy; ///< N mm; for one load the inverse of stiffness
  std::map<std::string, risk::ActivityAssessment> activities;
};

/// `true_frame`: with the frame and landmarks it was made by, not those found on it.
Turned turned(double angle_deg, double voxel_mm, double proximal_mm, bool true_frame)
{
  anatomy::FemurShape shape = shape_of(voxel_mm, proximal_mm);
  shape.rotation = geometry::rotation_about({1, 0.6, 0.4}, geometry::radians(angle_deg));
  Plan plan;
  plan.specimen = true;
  plan.voxel_mm = voxel_mm;
  anatomy::SyntheticFemur made = anatomy::make_femur(shape);
  Femur femur = femur_of({std::move(made.volume), std::move(made.labels)}, plan);
  if (true_frame)
    femur.bone = made.truth;
  const load::Rig rig = rig_of(femur, "femur_stance");
  std::vector<load::LoadCase> cases;
  for (const char* name :
       {"level_walking", "level_walking_hip_only", "stair_climbing", "one_leg_stance", "stand_up"})
    cases.push_back(load_case_of(femur, name));
  const auto solved = solve(femur, rig, cases, 1e-8);
  Turned result;
  for (std::size_t c = 0; c < cases.size(); ++c)
  {
    result.energy[cases[c].name] = solved.responses[c].strain_energy;
    result.activities[cases[c].name] = judge(femur, solved.responses[c], cases[c], rig);
  }
  return result;
}

/// The contract of the voxel grid: stiffness within 2 %, utilisation within 10 %.
void compare_turned(double angle_deg, double voxel_mm, double proximal_mm, bool true_frame)
{
  const Turned upright = turned(0, voxel_mm, proximal_mm, true_frame);
  const Turned oblique = turned(angle_deg, voxel_mm, proximal_mm, true_frame);
  for (const auto& [name, one] : upright.activities)
  {
    const risk::CriterionResult& a = one.criteria.front();
    const risk::CriterionResult& b = oblique.activities.at(name).criteria.front();
    std::cout << "turned by " << angle_deg << " at " << voxel_mm << " mm, " << name
              << ": strain energy " << oblique.energy.at(name) / upright.energy.at(name) - 1
              << ", utilisation " << b.utilisation / a.utilisation - 1 << "\n";
    INFO(name);
    CHECK(oblique.energy.at(name) == Approx(upright.energy.at(name)).epsilon(0.02));
    CHECK(b.utilisation == Approx(a.utilisation).epsilon(0.10));
  }
}

/// Turned by ninety degrees about the LPS axes x, y, z.
Mat3 quarter_turn(int axis)
{
  Mat3 m = geometry::rotation_about({axis == 0 ? 1.0 : 0, axis == 1 ? 1.0 : 0, axis == 2 ? 1.0 : 0},
                                    geometry::pi / 2);
  for (Vec3& row : m)
    for (std::size_t c = 0; c < 3; ++c)
      row[c] = std::round(row[c]);
  return m;
}

void check_quarter_turns()
{
  Plan plan = two_rigs();
  plan.specimen = true;
  const report::Results plain = run(coarse_scan(), plan);
  for (int axis = 0; axis < 3; ++axis)
  {
    INFO("about axis " << axis);
    const Mat3 m = quarter_turn(axis);
    check_same(plain, run(moved(coarse_scan(), m), plan), m, solver_agreement);
  }
}

void check_mirrored()
{
  Mat3 mirror = identity();
  mirror[0].x = -1;
  // Stored along the patient's axes again, as a scanner would.
  const Scan right = stored_along(moved(coarse_scan(), mirror), {0, 1, 2}, {true, false, false});
  Plan plan = two_rigs();
  const report::Results left = run(coarse_scan(), plan);
  plan.side = anatomy::Side::right;
  check_same(left, run(right, plan), mirror, solver_agreement);
}
} // namespace

TEST_CASE("a scan stored along other axes gives the same answer")
{
  const report::Results plain = run(coarse_scan(), two_rigs());
  // Each rig's file is among the sources, once, with its hash.
  CHECK(std::count_if(plain.sources.begin(), plain.sources.end(),
                      [](const Source& source)
                      {
                        return std::string(source.path).find("/rigs/") != std::string::npos &&
                               source.sha256.size() == 64;
                      }) == 2);
  // A quarter turn of the image about each of its axes.
  check_same(plain, run(stored_along(coarse_scan(), {0, 2, 1}, {false, true, false}), two_rigs()),
             identity(), solver_agreement);
  check_same(plain, run(stored_along(coarse_scan(), {2, 1, 0}, {false, false, true}), two_rigs()),
             identity(), solver_agreement);
  check_same(plain, run(stored_along(coarse_scan(), {1, 0, 2}, {true, false, false}), two_rigs()),
             identity(), solver_agreement);
}

TEST_CASE("a specimen turned by a quarter about each axis gives the same answer")
{
  check_quarter_turns();
}

TEST_CASE("a mirrored scan is a right femur with the same strength in the mirrored place")
{
  check_mirrored();
}

TEST_CASE("which voxels are judged does not depend on how the scan is stored")
{
  const auto judged = [](const Femur& femur)
  {
    const auto voxels =
        risk::judged_voxels(femur.model, *femur.lattice, femur.surface, femur.protocol.domain,
                            load_case_of(femur, "stair_climbing"), rig_of(femur, "femur_stance"));
    return std::count(voxels.judged.begin(), voxels.judged.end(), 1);
  };
  const Scan backwards = stored_along(coarse_scan(), {0, 1, 2}, {true, true, true});
  CHECK(judged(femur_of(backwards, Plan{})) == judged(femur_of(coarse_scan(), Plan{})));
}

TEST_CASE("a bone turned by 17 degrees keeps its stiffness and strength at 1 mm")
{
  // With less than about 80 mm of shaft below the lesser trochanter its axis is found only to
  // within half a degree, which turns the loads with it: at 150 mm the strain energy of the nearly
  // axial loads then differs by 5 %. Hence 180 mm, and a shorter piece in its true frame.
  SECTION("as found")
  {
    compare_turned(17, 1, 180, false);
  }
  SECTION("in its true frame")
  {
    compare_turned(17, 1, 150, true);
  }
}

// Slow: eight solves of a whole femur at 1 mm. Measured: strain energy within 0.3 % in its true
// frame and 1.3 % as found, utilisation within 1.8 %.
TEST_CASE("a whole bone turned by other angles keeps its stiffness and strength", "[.slow][turn]")
{
  for (const bool true_frame : {true, false})
    for (const double angle : {8.0, 25.0})
    {
      std::cout << (true_frame ? "in its true frame\n" : "as found\n");
      compare_turned(angle, 1, 0, true_frame);
    }
}

TEST_CASE("utilisation at coarser voxels", "[.slow][voxels]")
{
  const Scan scan = scan_of(shape_of(0.75, 150));
  for (const double voxel_mm : {2.5, 2.0, 1.5, 1.0, 0.75})
  {
    Plan plan;
    plan.voxel_mm = voxel_mm;
    const Femur femur = femur_of(scan, plan);
    const load::Rig rig = rig_of(femur, "femur_stance");
    std::vector<load::LoadCase> cases;
    for (const char* name : {"level_walking", "stair_climbing", "one_leg_stance", "stumble"})
      cases.push_back(load_case_of(femur, name));
    const auto solved = solve(femur, rig, cases, 1e-8);
    for (std::size_t c = 0; c < cases.size(); ++c)
    {
      const auto judged = judge(femur, solved.responses[c], cases[c], rig);
      std::cout << "voxels of " << voxel_mm << " mm, " << cases[c].name << ": energy "
                << solved.responses[c].strain_energy;
      for (const auto& criterion : judged.criteria)
        std::cout << ", " << criterion.criterion << " " << criterion.utilisation;
      std::cout << ", " << judged.criteria.front().location->words << "\n";
    }
  }
}
