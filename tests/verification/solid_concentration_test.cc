// Stress concentrations: a hole in a plate and a void in a body, against Kirsch, Howland and
// Goodier. Cells are straight, so that the hole is a polygon and the void a polyhedron, free of
// traction as a bone's surface would be.

#include "bodies/elastic_fields.hpp"

#include <catch2/catch.hpp>

using namespace test_bodies;
using Catch::WithinAbs;
using Catch::WithinRel;

namespace
{

constexpr double youngs = 1000; // MPa
constexpr double poisson = 0.3;
constexpr double mu = youngs / 2 / (1 + poisson);

/// Kirsch's plate under 1 MPa along x around a hole of radius 1, in plane strain (Kirsch 1898,
/// Zeitschrift des Vereines deutscher Ingenieure 42; Timoshenko and Goodier, Theory of Elasticity,
/// 3rd ed., section 35).
Vec3 kirsch(Vec3 x)
{
  const double kappa = 3 - 4 * poisson;
  const double r = std::hypot(x.x, x.y);
  const double t = std::atan2(x.y, x.x);
  const double near = 2 / r, nearer = 2 / (r * r * r);
  return Vec3{r * (kappa + 1) * std::cos(t) + near * ((1 + kappa) * std::cos(t) + std::cos(3 * t)) -
                  nearer * std::cos(3 * t),
              r * (kappa - 3) * std::sin(t) + near * ((1 - kappa) * std::sin(t) + std::sin(3 * t)) -
                  nearer * std::sin(3 * t),
              0} /
         (8 * mu);
}

/**
 * A body under 1 MPa along z around a spherical void of radius 1 (Goodier 1933, Journal of Applied
 * Mechanics 1; Timoshenko and Goodier, section 137). By parts: of the mean stress, radial
 * displacements r and 1 / r^2; of the deviator e, the motion e x with the two decaying fields
 * grad(x.e x / r^5) and (2 - 4 nu) e x / r^3 + 3 x (x.e x) / r^5 that free the void.
 */
Vec3 goodier(Vec3 x)
{
  const double r = norm(x);
  const double mean = (1 - 2 * poisson) / (3 * youngs) + 1 / (12 * mu * r * r * r);
  const Vec3 ex = Vec3{-x.x, -x.y, 2 * x.z} / (6 * mu);
  const double second = 5 / (14 - 10 * poisson), first = 0.6 * second;
  const double f = 1 + 2 * first / std::pow(r, 5) + (2 - 4 * poisson) * second / std::pow(r, 3);
  const double g = -5 * first / std::pow(r, 7) + 3 * second / std::pow(r, 5);
  return mean * x + f * ex + g * dot(x, ex) * x;
}

SymTensor stress_of_field(const VectorField& field, Vec3 x)
{
  return hooke(youngs, poisson, symmetric(differences(field, 1e-4)(x)));
}

constexpr double goodier_factor = (27 - 15 * poisson) / (2 * (7 - 5 * poisson)); // 2.045

} // namespace

TEST_CASE("the closed forms of hole and void are free of traction there and have their factors")
{
  for (const double t : {0.1, 0.7, 1.4})
  {
    const Vec3 flat = {std::cos(t), std::sin(t), 0};
    CHECK(norm(stress_of_field(kirsch, flat) * flat) < 1e-6);
    const Vec3 round = {std::cos(t) * 0.6, std::cos(t) * 0.8, std::sin(t)};
    CHECK(norm(stress_of_field(goodier, round) * round) < 1e-6);
  }
  CHECK_THAT(stress_of_field(kirsch, {0, 1, 0}).xx, WithinAbs(3, 1e-6));
  CHECK_THAT(stress_of_field(kirsch, {1000, 1, 0}).xx, WithinAbs(1, 1e-5));
  CHECK_THAT(stress_of_field(goodier, {0, 1, 0}).zz, WithinAbs(goodier_factor, 1e-6));
  CHECK_THAT(stress_of_field(goodier, {0, 1, 1000}).zz, WithinAbs(1, 1e-5));
}

TEST_CASE("a hole in an infinite plate triples the stress")
{
  // A quarter of a ring between radii 1 and 4 that moves as Kirsch's plate outside, so that no
  // correction for a finite width is needed; plane strain by z = 0 on both sides.
  for (const ElementKind kind : {hex27, tet10})
  {
    const SolidBody body = uniform_body(
        made_of(kind, elliptic_quarter({8, 16, 1}, {1, 1}, {4, 4}, 0.2, 1.9)), youngs, poisson);
    const Mesh& mesh = body.mesh;
    Supports supports;
    prescribe(
        supports, mesh,
        nodes_on(mesh, boundary_where(mesh, [](Vec3 x) { return std::hypot(x.x, x.y) > 3.9; })),
        kirsch);
    prescribe_symmetry(supports, mesh, {true, true, false});
    prescribe(supports, mesh, nodes_where(mesh, [](Vec3) { return true; }), 2);
    const Solution solution = solve_alone(body, supports, {});
    const double factor = stress_at(body, solution, {0, 1, 0}).xx;
    const double beside = stress_at(body, solution, {1, 0, 0}).yy;
    INFO(kind.name << ": " << factor << ", beside " << beside);
    CHECK_THAT(factor, WithinRel(3, 0.015));
    CHECK_THAT(beside, WithinRel(-1, 0.03));
  }
}

TEST_CASE("a hole half as wide as a strip raises the stress to Howland's 4.32 of the gross stress")
{
  // Howland 1930, Philosophical Transactions of the Royal Society A 229, for an endless strip; the
  // end of ours is three widths away.
  const double half_width = 2, half_length = 6;
  const Mesh around =
      mapped_hexahedra({10, 24, 1},
                       [=](Vec3 s)
                       {
                         const double angle = s.y * std::numbers::pi / 2;
                         const Vec3 d = {s.y == 1 ? 0 : std::cos(angle), std::sin(angle), 0};
                         const double across = std::pow(s.x, 1.4);
                         const double outer = half_width / std::max(d.x, d.y);
                         return (1 + across * (outer - 1)) * d + Vec3{0, 0, 0.2 * s.z};
                       });
  const Mesh beyond =
      mapped_hexahedra({6, 12, 1},
                       [=](Vec3 s)
                       {
                         return Vec3{half_width + s.x * (half_length - half_width),
                                     half_width * std::tan(s.y * std::numbers::pi / 4), 0.2 * s.z};
                       });
  const SolidBody body =
      uniform_body(made_of(hex27, merged(together({around, beyond}), 1e-7)), youngs, poisson);
  const Mesh& mesh = body.mesh;
  Supports supports;
  prescribe_symmetry(supports, mesh, {true, true, false});
  prescribe(supports, mesh, nodes_where(mesh, [](Vec3) { return true; }), 2);
  const auto forces =
      traction_forces(mesh, boundary_where(mesh, [&](Vec3 x) { return x.x > half_length - 1e-9; }),
                      [](Vec3, Vec3 normal) { return normal; });
  const double factor = stress_at(body, solve_alone(body, supports, forces), {0, 1, 0}).xx;
  INFO(factor);
  CHECK_THAT(factor, WithinRel(4.32, 0.02));
}

TEST_CASE("a spherical void raises the stress by Goodier's 2.045")
{
  // An octant between radii 1 and 3 that moves as Goodier's body outside.
  for (const ElementKind kind : {hex27, tet10})
  {
    const SolidBody body =
        uniform_body(made_of(kind, shell_octant(6, 6, 1, 3, 1.7)), youngs, poisson);
    const Mesh& mesh = body.mesh;
    Supports supports;
    prescribe(supports, mesh,
              nodes_on(mesh, boundary_where(mesh, [](Vec3 x) { return norm(x) > 2.9; })), goodier);
    prescribe_symmetry(supports, mesh, {true, true, true});
    const Solution solution = solve_alone(body, supports, {});
    const double at_x = stress_at(body, solution, {1, 0, 0}).zz;
    const double at_y = stress_at(body, solution, {0, 1, 0}).zz;
    INFO(kind.name << ": " << at_x << " " << at_y);
    CHECK_THAT(at_x, WithinRel(goodier_factor, 0.01));
    CHECK_THAT(at_y, WithinRel(goodier_factor, 0.01));
  }
}

TEST_CASE("around a void with the tractions of the exact field on its facets elements keep their "
          "rates")
{
  // The exact field, restricted to the polyhedron, is free of the facets' error.
  for (const ElementKind kind : element_kinds)
  {
    std::vector<Errors> errors;
    for (const int n : {3, 6})
    {
      const int cells = kind.degree == 1 ? n + n / 3 : n; // 4 and 8, 3 and 6
      const SolidBody body =
          uniform_body(made_of(kind, shell_octant(cells, cells, 1, 1.6, 1)), youngs, poisson);
      const Mesh& mesh = body.mesh;
      Supports supports;
      prescribe(supports, mesh,
                nodes_on(mesh, boundary_where(mesh, [](Vec3 x) { return norm(x) > 1.4; })),
                goodier);
      prescribe_symmetry(supports, mesh, {true, true, true});
      const auto on_void =
          boundary_where(mesh,
                         [](Vec3 x) {
                           return norm(x) < 1.1 && std::min({x.x, x.y, x.z}) > 1e-9;
                         });
      const auto forces = traction_forces(
          mesh, on_void, [](Vec3 x, Vec3 normal) { return stress_of_field(goodier, x) * normal; });
      const Solution solution = solve_alone(body, supports, forces);
      errors.push_back(errors_of(
          mesh, solution.displacement, goodier, differences(goodier, 1e-4),
          [](Vec3) { return youngs; }, poisson));
    }
    const double rate = std::log2(errors[0].displacement / errors[1].displacement);
    const double energy_rate = std::log2(errors[0].energy / errors[1].energy);
    INFO(kind.name << ": displacement " << errors[0].displacement << " " << errors[1].displacement
                   << " rate " << rate << ", energy " << errors[0].energy << " " << errors[1].energy
                   << " rate " << energy_rate);
    CHECK(rate > kind.degree + 1 - 0.3);
    CHECK(energy_rate > kind.degree - 0.2);
  }
}
