// Bars of metal in voxels of 1 mm against beam theory, in directions along the grid's axes and
// oblique to them, with their axes between the voxels' centres too.

#include "bodies/bars.hpp"
#include "model/hardware_bending.hpp"
#include "voxel/element_matrix.hpp"

#include <catch2/catch.hpp>

#include <limits>
#include <numbers>

using namespace calcar;
using namespace test_bodies;

namespace
{
const std::vector<Vec3> directions = {
    {0, 0, 1}, {1, 0, 1}, {1, 1, 1}, {0.3, 0.5, 1}, {0.12, -0.27, 1}};

BarPlan round_plan(double outer, double inner, Vec3 along, bool between)
{
  BarPlan plan;
  plan.name = "bar";
  plan.outer = outer;
  plan.inner = inner;
  plan.along = along;
  plan.from = between ? Vec3{0.37, 0.21, 0.43} : Vec3{};
  plan.length = std::max(60.0, 5 * outer + 8);
  return plan;
}

/// Least and greatest over all directions and places.
struct Range
{
  double least = std::numeric_limits<double>::infinity();
  double most = 0;
  void add(double value)
  {
    least = std::min(least, value);
    most = std::max(most, value);
  }
};

struct Ranges
{
  Range bending, axial, torsion;
};

Ranges round_bar(double outer, double inner)
{
  Ranges ranges;
  for (const Vec3& along : directions)
    for (const bool between : {false, true})
    {
      const BarPlan plan = round_plan(outer, inner, along, between);
      const BarInVoxels in = in_voxels(plan);
      const StiffnessRatios ratios = stiffness_ratios(plan, in, solved(plan, in));
      ranges.bending.add(ratios.thin);
      ranges.bending.add(ratios.wide);
      ranges.axial.add(ratios.axial);
      ranges.torsion.add(ratios.torsion);
    }
  return ranges;
}

void check_within(const Range& range, double below, double above)
{
  CHECK(range.least > 1 - below);
  CHECK(range.most < 1 + above);
}
} // namespace

TEST_CASE("rods and hollow nails of 9 mm and more bend within 3 % of their real section, whatever "
          "their direction")
{
  const auto [outer, inner] =
      GENERATE(table<double, double>({{9, 0}, {13, 0}, {9, 4.5}, {11, 4.5}, {10.5, 3.2}}));
  CAPTURE(outer, inner);
  const Ranges ranges = round_bar(outer, inner);
  check_within(ranges.bending, 0.03, 0.03);
  check_within(ranges.torsion, 0.04, 0.04);
  check_within(ranges.axial, 0.06, 0.01);
}

TEST_CASE("screws of 3 to 5 mm bend within 7 % of their real section, whatever their direction")
{
  const double core = GENERATE(5.0, 4.4, 3.0);
  CAPTURE(core);
  const Ranges ranges = round_bar(core, 0);
  check_within(ranges.bending, 0.07, 0.07);
  check_within(ranges.torsion, 0.16, 0.10); // one modulus cannot set all
  check_within(ranges.axial, 0.31, 0.01);
}

TEST_CASE("plates bend within 6 % about their weak axis")
{
  const auto [width, thickness] = GENERATE(table<double, double>({{16, 5}, {11, 3.4}}));
  Ranges ranges;
  Range strong;
  for (const Vec3& along : directions)
    for (const double roll : {0.0, 0.4})
    {
      BarPlan plan = round_plan(0, 0, along, roll > 0);
      plan.width = width;
      plan.thickness = thickness;
      plan.roll = roll;
      plan.length = 4 * width + 8;
      const BarInVoxels in = in_voxels(plan);
      const StiffnessRatios ratios = stiffness_ratios(plan, in, solved(plan, in));
      ranges.bending.add(ratios.thin);
      strong.add(ratios.wide);
    }
  CAPTURE(width, thickness);
  check_within(ranges.bending, 0.06, 0.06);
  check_within(strong, 0.2, 0.05);
}

TEST_CASE("the modulus without the correction would be wrong by the stated stiffness of the voxels")
{
  // A bar along an axis: what rasterise says of it is what a solve with the alloy's own modulus
  // finds.
  const BarPlan plan = round_plan(3, 0, {0, 0, 1}, false);
  BarInVoxels in = in_voxels(plan);
  const model::ComponentRaster& raster = in.hardware.components[0];
  CHECK(raster.least_bending == Approx(raster.most_bending).epsilon(1e-4));
  CHECK(raster.least_bending > 1.1);
  const double alloy = material::alloy("ti6al4v_eli", "").youngs;
  for (std::size_t n = 0; n < in.model.body.voxels.size(); ++n)
    in.model.body.youngs[n] = static_cast<float>(alloy) * in.hardware.share[n];
  const StiffnessRatios ratios = stiffness_ratios(plan, in, solved(plan, in));
  CHECK(ratios.thin == Approx(raster.least_bending).epsilon(0.01));
}

TEST_CASE("a bar bends under a force at its end as beam theory with shear has it")
{
  const Vec3 along = GENERATE(Vec3{0, 0, 1}, Vec3{0.3, 0.5, 1});
  const BarPlan plan = round_plan(9, 0, along, true);
  const BarInVoxels in = in_voxels(plan);
  const SolvedBar bar = solved(plan, in);
  const Vec3 t = normalized(plan.along);
  const Vec3 thin = across_of(plan).thin;
  const Motion low = motion_at(plan, in, bar, BarLoad::thin, 0.3 * plan.length);
  const Motion high = motion_at(plan, in, bar, BarLoad::thin, 0.9 * plan.length);
  const double d = dot(high.centre - low.centre, t);
  const double arm = dot(end_load(in, bar, BarLoad::thin, low.centre).moment, cross(t, thin));
  const double bent = dot(high.moved - low.moved, thin) - d * dot(low.turned, cross(t, thin));
  // M = arm - s for 1 N; Cowper's shear coefficient of a circle.
  const double nu = material::alloy("ti6al4v_eli", "").poisson;
  const double k = 6 * (1 + nu) / (7 + 6 * nu);
  const double shear = in.bar.stiffness.axial_EA_N / (2 * (1 + nu));
  const double expected =
      (arm * d * d / 2 - d * d * d / 6) / in.bar.stiffness.bending_EI_Nmm2 + d / (k * shear);
  CHECK(bent == Approx(expected).epsilon(0.03));
}

TEST_CASE("bending within a voxel is the energy of a trilinear element that follows pure bending")
{
  const double nu = 0.3;
  const double lambda = nu / ((1 + nu) * (1 - 2 * nu)), mu = 0.5 / (1 + nu); // for E = 1
  const Vec3 spacing = GENERATE(Vec3{1, 1, 1}, Vec3{0.7, 1, 1.6});
  const Vec3 t = normalized(GENERATE(Vec3{0, 0, 1}, Vec3{1, 1, 1}, Vec3{0.3, -0.8, 0.4}));
  const Vec3 side = std::abs(t.x) < 0.5 ? Vec3{1, 0, 0} : Vec3{0, 1, 0};
  const Vec3 b = normalized(side - dot(side, t) * t), z = cross(t, b);
  const auto matrix = voxel::element_matrix(spacing, lambda, mu);
  // An element whose centre is on the neutral line: its mean strain is none.
  std::array<double, 24> u{};
  for (std::size_t c = 0; c < 8; ++c)
  {
    const Vec3 p{(c & 1 ? 0.5 : -0.5) * spacing.x, (c & 2 ? 0.5 : -0.5) * spacing.y,
                 (c & 4 ? 0.5 : -0.5) * spacing.z};
    const double x = dot(p, t), y = dot(p, b), w = dot(p, z);
    const Vec3 moved = -x * y * t + 0.5 * (x * x + nu * (y * y - w * w)) * b + nu * y * w * z;
    for (std::size_t a = 0; a < 3; ++a)
      u[3 * c + a] = moved[a];
  }
  double twice = 0;
  for (std::size_t r = 0; r < 24; ++r)
    for (std::size_t c = 0; c < 24; ++c)
      twice += u[r] * matrix[24 * r + c] * u[c];
  const double volume = spacing.x * spacing.y * spacing.z;
  CHECK(model::bending_within(t, b, spacing, nu, nu) == Approx(twice / volume).epsilon(1e-9));
  if (t == Vec3{0, 0, 1} && spacing == Vec3{1, 1, 1})
    CHECK(12 * model::bending_within(t, b, spacing, nu, nu) ==
          Approx(lambda * (1 - nu) * (1 - nu) + 3 * mu * (1 + nu * nu)));
}
