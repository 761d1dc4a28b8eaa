// How a bone lies in the scanner, and which of two mirrored bones it is, must not matter.

#include "geometry/rotation.hpp"
#include "verification/whole_femur.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <cstdlib>
#include <iostream>

using namespace calcar;
using namespace calcar::verification;

namespace
{
/// A scan is solved to this residual, and its results agree to a hundred times it.
constexpr double residual = 1e-10;
constexpr double agreement = 100 * residual;
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
void check_same(const report::Results& a, const report::Results& b, const Mat3& m)
{
  REQUIRE(a.variants.size() == b.variants.size());
  for (const auto& [name, point] : a.landmarks)
  {
    INFO(name << " " << norm(m * point - b.landmarks.at(name)));
    CHECK(norm(m * point - b.landmarks.at(name)) < 1e-9);
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

/// Stiffness and strength of a turned bone.
struct Turned
{
  double energy = 0;  ///< N mm, of level walking
  double head_mm = 0; ///< mean displacement of the loaded cap
  std::map<std::string, risk::ActivityAssessment> activities;
  Femur femur;
};

Turned turned(double angle_deg, double ct_mm, double voxel_mm, double proximal_mm,
              Vec3 axis = {1, 0.6, 0.4})
{
  anatomy::FemurShape shape = shape_of(ct_mm, proximal_mm);
  shape.rotation = geometry::rotation_about(axis, geometry::radians(angle_deg));
  Plan plan;
  plan.specimen = true;
  plan.voxel_mm = voxel_mm;
  Turned result;
  result.femur = femur_of(scan_of(shape), plan);
  const Femur& femur = result.femur;
  const load::Rig rig = rig_of(femur, "femur_stance");
  std::vector<load::LoadCase> cases;
  for (const char* name :
       {"level_walking", "level_walking_hip_only", "stair_climbing", "one_leg_stance", "stand_up"})
    cases.push_back(load_case_of(femur, name));
  const auto solved = solve(femur, rig, cases, 1e-8);
  result.energy = solved.responses[1].strain_energy;
  for (std::size_t c = 0; c < cases.size(); ++c)
    result.activities[cases[c].name] = judge(femur, solved.responses[c], cases[c], rig);
  return result;
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
} // namespace

TEST_CASE("a scan stored along other axes gives the same answer")
{
  const report::Results plain = run(coarse_scan(), two_rigs());
  // A quarter turn of the image about each of its axes.
  check_same(plain, run(stored_along(coarse_scan(), {0, 2, 1}, {false, true, false}), two_rigs()),
             identity());
  check_same(plain, run(stored_along(coarse_scan(), {2, 1, 0}, {false, false, true}), two_rigs()),
             identity());
  check_same(plain, run(stored_along(coarse_scan(), {1, 0, 2}, {true, false, false}), two_rigs()),
             identity());
}

TEST_CASE("a specimen turned by a quarter about each axis gives the same answer")
{
  Plan plan = two_rigs();
  plan.specimen = true;
  const report::Results plain = run(coarse_scan(), plan);
  for (int axis = 0; axis < 3; ++axis)
  {
    INFO("about axis " << axis);
    const Mat3 m = quarter_turn(axis);
    check_same(plain, run(moved(coarse_scan(), m), plan), m);
  }
}

TEST_CASE("a mirrored scan is a right femur with the same strength in the mirrored place")
{
  Mat3 mirror = identity();
  mirror[0].x = -1;
  Scan right = moved(coarse_scan(), mirror);
  // Stored along the patient's axes again, as a scanner would.
  right = stored_along(right, {0, 1, 2}, {true, false, false});
  Plan plan = two_rigs();
  const report::Results left = run(coarse_scan(), plan);
  plan.side = anatomy::Side::right;
  check_same(left, run(right, plan), mirror);
}

TEST_CASE("turning study", "[.slow][turn]")
{
  const double ct = std::atof(std::getenv("CT") ? std::getenv("CT") : "1");
  const double vx = std::atof(std::getenv("VX") ? std::getenv("VX") : "1");
  const double prox = std::atof(std::getenv("PROX") ? std::getenv("PROX") : "160");
  for (const double angle : {0.0, 8.0, 17.0, 30.0, 45.0})
  {
    const Turned t = turned(angle, ct, vx, prox);
    std::cout << "turn " << angle << " voxels " << t.femur.model.body.voxels.size() << " volume "
              << t.femur.model.volume_mm3 << " energy " << t.energy;
    for (const auto& [name, a] : t.activities)
      std::cout << "\n   " << name << " " << a.criteria.front().utilisation << " disp "
                << a.largest_displacement_mm << " vol " << a.criteria.back().criterion << " "
                << a.criteria.back().utilisation << " " << a.criteria.front().location->words;
    std::cout << "\n";
    const auto m = t.femur.bone.measures;
    for (const auto& [name, v] : m)
      std::cout << " " << name << "=" << v.value;
    std::cout << std::endl;
  }
}
