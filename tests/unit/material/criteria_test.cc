#include "base/error.hpp"
#include "material/criteria.hpp"
#include "scratch_file.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <cmath>
#include <random>

using namespace calcar;
using namespace calcar::material;
using Catch::Matchers::Contains;

namespace
{
constexpr double youngs = 5000;
constexpr double poisson = 0.3;

PointState state(const SymTensor& strain)
{
  return {strain, hooke(strain, youngs, poisson), youngs, 50, 35, 0.0073, 0.0104, 0.007};
}

/// Strain of a bar under a stress along x.
PointState uniaxial(double stress)
{
  const double e = stress / youngs;
  return state({e, -poisson * e, -poisson * e, 0, 0, 0});
}

SymTensor random_strain(std::mt19937& generator)
{
  std::uniform_real_distribution<double> uniform(-0.01, 0.01);
  return {uniform(generator), uniform(generator), uniform(generator),
          uniform(generator), uniform(generator), uniform(generator)};
}

/// Rotation about `axis` by `angle` (Rodrigues).
Mat3 rotation(Vec3 axis, double angle)
{
  const Vec3 n = normalized(axis);
  const auto turn = [&](Vec3 v)
  {
    return std::cos(angle) * v + std::sin(angle) * cross(n, v) +
           (1 - std::cos(angle)) * dot(n, v) * n;
  };
  return transpose(Mat3{turn({1, 0, 0}), turn({0, 1, 0}), turn({0, 0, 1})});
}

SymTensor rotated(const SymTensor& t, const Mat3& q)
{
  const auto entry = [&](std::size_t i, std::size_t j) { return dot(q[i], t * q[j]); };
  return {entry(0, 0), entry(1, 1), entry(2, 2), entry(1, 2), entry(2, 0), entry(0, 1)};
}

double utilisation(const std::string& name, const PointState& point)
{
  return criterion(name, "").utilisation(point);
}
} // namespace

TEST_CASE("every criterion is cited, is zero without load and scales with it")
{
  std::mt19937 generator(7);
  for (const Criterion& row : criteria())
  {
    CAPTURE(row.name);
    CHECK(row.words.size() > 10);
    CHECK(row.source.size() > 10);
    CHECK(row.utilisation(state({})) == 0);
    for (int i = 0; i < 20; ++i)
    {
      const SymTensor strain = random_strain(generator);
      const double once = row.utilisation(state(strain));
      CHECK(once >= 0);
      CHECK(row.utilisation(state(3.5 * strain)) == Approx(3.5 * once).epsilon(1e-10));
    }
  }
}

TEST_CASE("no criterion depends on the axes")
{
  std::mt19937 generator(11);
  for (const Criterion& row : criteria())
    for (int i = 0; i < 20; ++i)
    {
      CAPTURE(row.name);
      const SymTensor strain = random_strain(generator);
      const Mat3 q = rotation({1.0, -2.0, 0.3 * i}, 0.37 * i);
      CHECK(row.utilisation(state(rotated(strain, q))) ==
            Approx(row.utilisation(state(strain))).epsilon(1e-9).margin(1e-12));
    }
}

TEST_CASE("principal strain is judged against its own limit in tension and compression")
{
  CHECK(utilisation("max_principal_strain", state({0.0073, 0, 0, 0, 0, 0})) == Approx(1));
  CHECK(utilisation("max_principal_strain", state({0, -0.0104, 0, 0, 0, 0})) == Approx(1));
  CHECK(utilisation("max_principal_strain", state({0.00365, -0.0026, 0, 0, 0, 0})) == Approx(0.5));
  // Pure shear: tensor component g/2 has principal strains +-g/2.
  CHECK(utilisation("max_principal_strain", state({0, 0, 0, 0, 0, 0.0073})) == Approx(1));
}

TEST_CASE("stress criteria meet the strengths they are built on")
{
  CHECK(utilisation("von_mises", uniaxial(-50)) == Approx(1));
  for (const std::string name : {"drucker_prager", "hoffman"})
  {
    CAPTURE(name);
    CHECK(utilisation(name, uniaxial(35)) == Approx(1));
    CHECK(utilisation(name, uniaxial(-50)) == Approx(1));
    CHECK(utilisation(name, uniaxial(-25)) == Approx(0.5));
  }
}

TEST_CASE("Drucker-Prager has the published constants and is clamped under pressure")
{
  // St/Sc = 0.73/1.04: alpha = 0.1011, k = 0.4762 Sc. Pure shear t fails at sqrt(J2) = t = k.
  PointState shear;
  shear.strength_c = 1;
  shear.strength_t = 0.73 / 1.04;
  shear.stress = {0, 0, 0, 0, 0, 0.4762};
  CHECK(utilisation("drucker_prager", shear) == Approx(1).epsilon(1e-4));
  shear.stress = {1, 1, 1, 0, 0, 0};
  CHECK(utilisation("drucker_prager", shear) == Approx(3 * 0.1011 / 0.4762).epsilon(5e-4));
  shear.stress = {-9, -9, -9, 0, 0, 0};
  CHECK(utilisation("drucker_prager", shear) == 0);
  CHECK(utilisation("hoffman", shear) == Approx(0).margin(1e-12));
}

TEST_CASE("with equal strengths Hoffman and Drucker-Prager are von Mises")
{
  std::mt19937 generator(3);
  PointState point = state(random_strain(generator));
  point.strength_t = point.strength_c;
  CHECK(utilisation("hoffman", point) == Approx(utilisation("von_mises", point)));
  CHECK(utilisation("drucker_prager", point) == Approx(utilisation("von_mises", point)));
}

TEST_CASE("effective strain of a bar is its strain, and the critical part of the volume decides")
{
  CHECK(utilisation("pistoia", uniaxial(youngs * 0.007)) == Approx(1));
  CHECK(criterion("pistoia", "").of_volume);
  std::vector<double> values(100);
  for (int i = 0; i < 100; ++i)
    values[static_cast<std::size_t>(i)] = i;
  const std::vector<double> volumes(100, 0.5);
  CHECK(volume_utilisation(values, volumes, 0.02) == 98);
  CHECK(volume_utilisation(values, volumes, 1.0) == 0);
  CHECK(volume_utilisation({3, 1}, {0.02, 0.98}, 0.02) == 3);
  CHECK(volume_utilisation({}, {}, 0.02) == 0);
}

TEST_CASE("Hooke's law gives back uniaxial stress and the bulk modulus")
{
  const PointState bar = uniaxial(12);
  CHECK(bar.stress.xx == Approx(12));
  CHECK(bar.stress.yy == Approx(0).margin(1e-12));
  const SymTensor ball = hooke({0.001, 0.001, 0.001, 0, 0, 0}, youngs, poisson);
  CHECK(ball.zz == Approx(0.003 * youngs / (3 * (1 - 2 * poisson))));
  CHECK(hooke({0, 0, 0, 0.001, 0, 0}, youngs, poisson).yz == Approx(0.001 * youngs / 1.3));
}

TEST_CASE("an unknown criterion is refused with the known ones")
{
  CHECK_THAT(refusal([] { criterion("von_mieses", "case.toml:9"); }),
             Contains("case.toml:9") && Contains("max_principal_strain, von_mises") &&
                 Contains("did you mean \"von_mises\"?"));
}
