// Lame's thick-walled bodies under internal pressure (Timoshenko and Goodier, Theory of Elasticity,
// 3rd ed., sections 28 and 136), and what nearly incompressible tissue does to linear elements.
// Cells are straight: the pressure acts on facets.

#include "bodies/elastic_fields.hpp"

#include <catch2/catch.hpp>

using namespace test_bodies;
using Catch::WithinRel;

namespace
{

constexpr double youngs = 500;         // MPa
constexpr double inner = 1, outer = 2; // mm

/// What a pressure of 1 MPa does to the inside of a wall.
struct Wall
{
  double widening; ///< mm
  double hoop;     ///< hoop stress, MPa
};

/// Facets on the inside have their middle within its radius.
Wall pressed(const SolidBody& body, const Supports& supports,
             const std::function<double(Vec3)>& radius)
{
  const auto inside = boundary_where(body.mesh, [&](Vec3 x) { return radius(x) < inner + 1e-9; });
  const auto forces =
      traction_forces(body.mesh, inside, [](Vec3, Vec3 normal) { return -1 * normal; });
  const Solution solution = solve_alone(body, supports, forces);
  const std::uint32_t node = nearest_point(body.mesh, {inner, 0, 0});
  return {solution.displacement[node].x, stress_at(body, solution, {inner, 0, 0}).yy};
}

/// A quarter of a tube in plane strain.
Wall cylinder(ElementKind kind, int cells, double poisson)
{
  const SolidBody body =
      uniform_body(made_of(kind, elliptic_quarter({cells, 2 * cells, 1}, {inner, inner},
                                                  {outer, outer}, 0.2, 1)),
                   youngs, poisson);
  Supports supports;
  prescribe_symmetry(supports, body.mesh, {true, true, false});
  prescribe(supports, body.mesh, nodes_where(body.mesh, [](Vec3) { return true; }), 2);
  return pressed(body, supports, [](Vec3 x) { return std::hypot(x.x, x.y); });
}

Wall exact_cylinder(double poisson)
{
  const double a = inner * inner, b = outer * outer;
  return {(1 + poisson) / youngs * a / (b - a) * ((1 - 2 * poisson) * inner + b / inner),
          (b + a) / (b - a)};
}

/// An octant of a hollow sphere.
Wall sphere(ElementKind kind, int cells, double poisson)
{
  const SolidBody body =
      uniform_body(made_of(kind, shell_octant(cells, cells, inner, outer, 1)), youngs, poisson);
  Supports supports;
  prescribe_symmetry(supports, body.mesh, {true, true, true});
  return pressed(body, supports, [](Vec3 x) { return norm(x); });
}

Wall exact_sphere(double poisson)
{
  const double a = std::pow(inner, 3), b = std::pow(outer, 3);
  return {a / (b - a) / youngs *
              ((1 - 2 * poisson) * inner + (1 + poisson) / 2 * b / (inner * inner)),
          (b + 2 * a) / (2 * (b - a))};
}

} // namespace

TEST_CASE("a tube under pressure widens and is stressed as Lame has it")
{
  const Wall exact = exact_cylinder(0.3);
  for (const ElementKind kind : {hex27, tet10})
  {
    const Wall coarse = cylinder(kind, 4, 0.3);
    const Wall wall = cylinder(kind, 8, 0.3);
    INFO(kind.name << ": widening " << wall.widening / exact.widening - 1 << ", hoop "
                   << wall.hoop / exact.hoop - 1);
    CHECK_THAT(wall.widening, WithinRel(exact.widening, 0.005));
    CHECK_THAT(wall.hoop, WithinRel(exact.hoop, 0.015));
    // The facets' error is of second order.
    CHECK_THAT((coarse.widening - exact.widening) / (wall.widening - exact.widening),
               WithinRel(4, 0.15));
  }
}

TEST_CASE("a hollow sphere under pressure widens and is stressed as Lame has it")
{
  const Wall exact = exact_sphere(0.3);
  for (const ElementKind kind : {hex27, tet10})
  {
    const Wall wall = sphere(kind, 6, 0.3);
    INFO(kind.name << ": widening " << wall.widening / exact.widening - 1 << ", hoop "
                   << wall.hoop / exact.hoop - 1);
    CHECK_THAT(wall.widening, WithinRel(exact.widening, 0.01));
    CHECK_THAT(wall.hoop, WithinRel(exact.hoop, 0.02));
  }
}

TEST_CASE("quadratic elements do not lock in nearly incompressible tissue, linear ones do")
{
  // What a user must know: at nu = 0.49 linear elements are far too stiff on meshes on which
  // quadratic ones are within two percent.
  const double poisson = 0.49;
  const double exact = exact_cylinder(poisson).widening;
  for (const ElementKind kind : element_kinds)
  {
    const double widening = cylinder(kind, 6, poisson).widening;
    INFO(kind.name << ": " << widening / exact);
    if (kind.degree == 2)
      CHECK_THAT(widening, WithinRel(exact, 0.02));
    else
      CHECK(widening < 0.95 * exact);
  }
}
