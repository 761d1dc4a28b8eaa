#include "bodies.hpp"
#include "solid/loads.hpp"
#include "solid/reference_points.hpp"
#include "solid/shape.hpp"

#include <catch2/catch.hpp>

using namespace bodies;
namespace solid = calcar::solid;

namespace
{

/// Integral of x^a y^b z^c over the reference cell.
double exact_monomial(CellShape shape, int a, int b, int c)
{
  if (shape == CellShape::hexahedron)
    return 1.0 / ((a + 1) * (b + 1) * (c + 1));
  return std::tgamma(a + 1) * std::tgamma(b + 1) * std::tgamma(c + 1) / std::tgamma(a + b + c + 4);
}

double by_rule(std::span<const solid::ReferencePoint> rule, int a, int b, int c)
{
  double sum = 0;
  for (const auto& [xi, weight] : rule)
    sum += weight * std::pow(xi.x, a) * std::pow(xi.y, b) * std::pow(xi.z, c);
  return sum;
}

Vec3 quadratic(Vec3 p)
{
  return {1e-3 * p.x * p.y, 2e-3 * p.z * p.z - 1e-3 * p.x, 1e-3 * p.y * p.z + 5e-4 * p.x * p.x};
}
SymTensor quadratic_strain(Vec3 p)
{
  return {1e-3 * p.y,       0,
          1e-3 * p.y,       0.5 * (4e-3 * p.z + 1e-3 * p.z),
          0.5 * 1e-3 * p.x, 0.5 * (1e-3 * p.x - 1e-3)};
}

} // namespace

TEST_CASE("the rules integrate polynomials of their degree exactly")
{
  for (const Kind& kind : kinds())
  {
    CAPTURE(kind.name);
    const bool tetrahedron = kind.shape == CellShape::tetrahedron;
    const int own = tetrahedron ? kind.degree : 2 * kind.degree + 1;
    const int fine = tetrahedron ? 5 : 7;
    for (int a = 0; a <= 7; ++a)
      for (int b = 0; b <= 7; ++b)
        for (int c = 0; c <= 7; ++c)
        {
          const int degree = tetrahedron ? a + b + c : std::max({a, b, c});
          CAPTURE(a, b, c);
          const double exact = exact_monomial(kind.shape, a, b, c);
          if (degree <= own)
            CHECK(by_rule(solid::reference_points(kind.shape, kind.degree), a, b, c) ==
                  Approx(exact).epsilon(1e-13));
          if (degree <= fine)
            CHECK(by_rule(solid::fine_reference_points(kind.shape), a, b, c) ==
                  Approx(exact).epsilon(1e-13));
        }
  }
}

TEST_CASE("shape functions are 1 at their node, 0 at the others, and their derivatives are theirs")
{
  for (const Kind& kind : kinds())
  {
    CAPTURE(kind.name);
    const auto nodes = solid::reference_nodes(kind.shape, kind.degree);
    for (std::size_t m = 0; m < nodes.size(); ++m)
    {
      const auto values = solid::shape_values(kind.shape, kind.degree, nodes[m]);
      REQUIRE(values.size() == nodes.size());
      for (std::size_t n = 0; n < nodes.size(); ++n)
        CHECK(values[n] == Approx(n == m ? 1 : 0).margin(1e-14));
    }
    const Vec3 at = {0.21, 0.33, 0.17};
    const auto derivatives = solid::shape_derivatives(kind.shape, kind.degree, at);
    for (std::size_t axis = 0; axis < 3; ++axis)
    {
      Vec3 step;
      step[axis] = 1e-6;
      const auto plus = solid::shape_values(kind.shape, kind.degree, at + step);
      const auto minus = solid::shape_values(kind.shape, kind.degree, at - step);
      for (std::size_t n = 0; n < nodes.size(); ++n)
        CHECK((plus[n] - minus[n]) / 2e-6 == Approx(derivatives[n][axis]).margin(1e-8));
    }
  }
}

TEST_CASE("strains at integration points belong to the points that integration_points lists")
{
  for (const Kind& kind : kinds())
  {
    CAPTURE(kind.name);
    Mesh mesh = grid(kind, {2, 2, 2});
    if (kind.degree == 2 && kind.shape == CellShape::tetrahedron)
      distort(mesh, 0.1);
    std::vector<std::uint32_t> new_of_old;
    mesh = mixed(mesh, new_of_old);
    Supports supports;
    hold(
        supports, calcar::mesh::nodes_of(mesh), [](Vec3) { return true; }, quadratic);
    const auto solution = solid::Engine(body(mesh), supports, MPI_COMM_WORLD).solve({{}}, {1})[0];
    const auto points = solid::integration_points(mesh);
    REQUIRE(points.size() == solution.strain_points.size());
    // Linear elements have the mean slope of a parabola over a cell of size 1/2: off by at most
    // 1/4 of its second derivative times 1/2.
    const double tolerance = kind.degree == 2 ? 1e-15 : 2.6e-3;
    for (std::size_t n = 0; n < points.size(); ++n)
      CHECK(difference(solution.strain_points[n], quadratic_strain(points[n])) < tolerance);
  }
}

TEST_CASE("trilinear displacements have their exact strain at the points of a hexahedron")
{
  Mesh mesh = grid(kinds()[2], {2, 1, 1});
  std::vector<std::uint32_t> new_of_old;
  mesh = mixed(mesh, new_of_old);
  Supports supports;
  hold(
      supports, calcar::mesh::nodes_of(mesh), [](Vec3) { return true; },
      [](Vec3 p) {
        return Vec3{p.x * p.y * p.z, 0, 0};
      });
  const auto solution = solid::Engine(body(mesh), supports, MPI_COMM_WORLD).solve({{}}, {1})[0];
  const auto points = solid::integration_points(mesh);
  for (std::size_t n = 0; n < points.size(); ++n)
  {
    const Vec3 p = points[n];
    CHECK(difference(solution.strain_points[n],
                     {p.y * p.z, 0, 0, 0, 0.5 * p.x * p.y, 0.5 * p.x * p.z}) < 1e-14);
  }
}

TEST_CASE("areas and normals of boundary nodes integrate over a cube's surface")
{
  for (const Kind& kind : kinds())
  {
    CAPTURE(kind.name);
    const Mesh mesh = grid(kind, {3, 2, 2}, {3, 2, 1});
    const auto all = solid::boundary_nodes(mesh);
    double area = 0;
    for (const double a : all.areas)
      area += a;
    CHECK(area == Approx(2 * (6 + 3 + 2)).epsilon(1e-13));
    const auto top =
        solid::boundary_nodes(mesh, faces_where(mesh, [](Vec3 p) { return p.z > 1 - 1e-9; }));
    Vec3 moment;
    for (std::size_t n = 0; n < top.nodes.size(); ++n)
    {
      CHECK(norm(top.normals[n] - Vec3{0, 0, 1}) < 1e-13);
      CHECK(top.points[n].z == Approx(1));
      CHECK(top.areas[n] > -1e-15);
      moment += top.areas[n] * top.points[n];
    }
    CHECK(moment.x == Approx(6 * 1.5));
    CHECK(moment.y == Approx(6 * 1.0));
    for (std::size_t n = 0; n < all.nodes.size(); ++n)
    {
      CHECK((n == 0 || all.nodes[n] > all.nodes[n - 1]));
      CHECK(norm(all.normals[n]) == Approx(1));
      CHECK(dot(all.normals[n], all.points[n] - Vec3{1.5, 1, 0.5}) > 0);
    }
  }
}

TEST_CASE("forces of tractions and of body forces have their resultant and moment")
{
  for (const Kind& kind : kinds())
  {
    CAPTURE(kind.name);
    Mesh mesh = grid(kind, {2, 2, 2});
    distort(mesh, 0.1);
    const auto nodes = calcar::mesh::nodes_of(mesh);
    Vec3 force, moment;
    for (const auto& f : solid::body_forces(mesh,
                                            [](Vec3 p) {
                                              return Vec3{0, p.x * p.x, 2 * p.y * p.z};
                                            }))
    {
      force += f.force;
      moment += cross(nodes.points[f.node], f.force);
    }
    CHECK(norm(force - Vec3{0, 1.0 / 3, 0.5}) < 1e-13);
    // x b_z - ..: integrals of 2 y^2 z - z x^2, -2 x y z, x^3 over the cube.
    CHECK(norm(moment - Vec3{1.0 / 3 - 1.0 / 6, -0.25, 0.25}) < 1e-13);
  }
}
