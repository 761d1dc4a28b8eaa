// Torsion of tubes, closed and slit, against Saint-Venant's theory.

#include "bodies/elastic_fields.hpp"

#include <catch2/catch.hpp>

using namespace test_bodies;
using Catch::WithinAbs;
using Catch::WithinRel;

namespace
{

constexpr double youngs = 17000; // MPa
constexpr double poisson = 0.3;
constexpr double shear = youngs / 2 / (1 + poisson);
constexpr double pi = std::numbers::pi;

/**
 * Torsional constant of a sector of a ring between radii a < b and angles -alpha and alpha: twice
 * the integral of Prandtl's function f with laplace(f) = -2 and f = 0 around. With f as a series of
 * f_n(r) cos(k_n psi), k_n = (2 n + 1) pi / (2 alpha), and 1 as that of c_n cos(k_n psi), c_n =
 * 4 (-1)^n / ((2 n + 1) pi),
 *   f_n = P r^2 + A r^k + B r^-k,   P = -2 c_n / (4 - k^2),   f_n(a) = f_n(b) = 0
 * (Saint-Venant's series; Timoshenko and Goodier, Theory of Elasticity, 3rd ed., chapter 10, have
 * the method). The powers are scaled to their end, (r / b)^k and (a / r)^k.
 */
double torsional_constant(double a, double b, double alpha)
{
  double sum = 0;
  for (int n = 0; n < 4000; ++n)
  {
    const double sign = n % 2 == 0 ? 1 : -1;
    const double k = (2 * n + 1) * pi / (2 * alpha);
    const double p = -2 * 4 * sign / ((2 * n + 1) * pi) / (4 - k * k);
    const double q = std::pow(a / b, k);
    // At b: p b^2 + u + v q = 0; at a: p a^2 + u q + v = 0.
    const double u = -p * (b * b - a * a * q) / (1 - q * q);
    const double v = -p * (a * a - b * b * q) / (1 - q * q);
    const double along_r = p * (std::pow(b, 4) - std::pow(a, 4)) / 4 +
                           u * b * b * (1 - std::pow(a / b, k + 2)) / (k + 2) +
                           v * a * a * (std::pow(a / b, k - 2) - 1) / (2 - k);
    sum += 2 * along_r * 2 * sign / k;
  }
  return sum;
}

/**
 * Torsional constant of a mesh of a tube about z, from its energy, with the reaction's moment in
 * agreement. Both ends are turned as Saint-Venant's bar turns and free to warp, so that his field
 * is the exact one over the whole length and there is no effect of the ends.
 */
double torsional_constant(const SolidBody& body, double length)
{
  const double twist = 1e-3; // rad/mm
  const Mesh& mesh = body.mesh;
  Supports supports;
  for (const double z : {0.0, length})
  {
    const auto end = nodes_where(mesh, [z](Vec3 x) { return std::abs(x.z - z) < 1e-9; });
    prescribe(supports, mesh, end, 0, [=](Vec3 x) { return -twist * x.z * x.y; });
    prescribe(supports, mesh, end, 1, [=](Vec3 x) { return twist * x.z * x.x; });
  }
  prescribe(supports, mesh, {0}, 2);
  const Solution solution = solve_alone(body, supports, {});
  CHECK(norm(solution.reaction[4]) < 1e-6 * shear * twist); // holds nothing
  return 2 * solution.strain_energy / (shear * twist * twist * length);
}

SolidBody tube(ElementKind kind, int around, double inner, double outer, double half_angle)
{
  return uniform_body(
      made_of(kind, tube_sector({2, around, 1}, inner, outer, -half_angle, half_angle, 2)), youngs,
      poisson);
}

} // namespace

TEST_CASE("the series for slit tubes agrees with thin walls, and with a square bar of many")
{
  // A thin strip has s t^3 / 3 (1 - 0.63 t / s); a slender sector of a large ring is a bar of
  // square section, 0.140577 side^4 (Timoshenko and Goodier, section 109).
  const double r = 100, t = 1;
  CHECK_THAT(torsional_constant(r - t / 2, r + t / 2, pi),
             WithinRel(2 * pi * r * t * t * t / 3 * (1 - 0.63 * t / (2 * pi * r)), 1e-4));
  CHECK_THAT(torsional_constant(1000 - 0.5, 1000 + 0.5, 0.0005), WithinRel(0.140577, 1e-4));
}

TEST_CASE("a closed tube twists as Saint-Venant has it")
{
  const double inner = 10, outer = 13;
  const double exact = pi / 2 * (std::pow(outer, 4) - std::pow(inner, 4));
  for (const ElementKind kind : {hex27, tet10})
  {
    const double coarse = torsional_constant(tube(kind, 24, inner, outer, pi), 2) / exact - 1;
    const double fine = torsional_constant(tube(kind, 48, inner, outer, pi), 2) / exact - 1;
    INFO(kind.name << ": " << coarse << " " << fine);
    CHECK(std::abs(fine) < 0.01);                 // 48 facets are 0.6 % short of the circle
    CHECK_THAT(coarse / fine, WithinRel(4, 0.1)); // and that at second order
  }
}

TEST_CASE("a slit takes a tube's torsional stiffness away as Saint-Venant has it")
{
  const double inner = 10, outer = 13;
  const double half_angle = pi - 0.05;
  const double exact = torsional_constant(inner, outer, half_angle);
  for (const ElementKind kind : {hex27, tet10})
  {
    const double coarse =
        torsional_constant(tube(kind, 32, inner, outer, half_angle), 2) / exact - 1;
    const double fine = torsional_constant(tube(kind, 64, inner, outer, half_angle), 2) / exact - 1;
    INFO(kind.name << ": " << coarse << " " << fine);
    CHECK(std::abs(fine) < 0.01);
    CHECK(std::abs(fine) < std::abs(coarse));
  }
  const double closed = pi / 2 * (std::pow(outer, 4) - std::pow(inner, 4));
  CHECK(closed / exact > 40); // what a slit costs
}
