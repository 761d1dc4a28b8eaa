// Patch tests of the finite elements on meshes: fields that the elements hold exactly must come
// back exactly on irregular meshes, by prescribed motion and by tractions.

#include "bodies/elastic_fields.hpp"

#include <catch2/catch.hpp>

using namespace test_bodies;
using Catch::WithinAbs;
using Catch::WithinRel;

namespace
{

constexpr double youngs = 1700; // MPa
constexpr double poisson = 0.3;
constexpr Vec3 size = {8, 6, 10}; // mm

Mesh irregular_box(ElementKind kind)
{
  return made_of(kind, shaken(box_of_hexahedra({4, 3, 5}, size), 0.4));
}

/// Six components that hold a box and carry no force under loads in balance: corner (0, 0, 0) in
/// x, y, z, corner (8, 0, 0) in y, z, and corner (0, 6, 0) in z.
Supports six_components(const Mesh& mesh, const VectorField& field)
{
  Supports supports;
  const std::array<Vec3, 3> corners = {{{0, 0, 0}, {size.x, 0, 0}, {0, size.y, 0}}};
  for (int axis = 0; axis < 3; ++axis)
    for (int corner = 0; corner <= axis; ++corner)
      prescribe(supports, mesh, {nearest_point(mesh, corners[static_cast<std::size_t>(corner)])},
                axis, [&](Vec3 x) { return field(x)[static_cast<std::size_t>(axis)]; });
  return supports;
}

double largest(const std::vector<SymTensor>& a, const std::function<SymTensor(std::size_t)>& b)
{
  double difference = 0;
  for (std::size_t n = 0; n < a.size(); ++n)
  {
    const SymTensor d = a[n] + (-1) * b(n);
    difference = std::max(difference, std::sqrt(contract(d, d)));
  }
  return difference;
}

double largest_difference(const Mesh& mesh, const std::vector<Vec3>& u, const VectorField& exact)
{
  const auto nodes = calcar::mesh::nodes_of(mesh).points;
  double difference = 0;
  for (std::size_t n = 0; n < nodes.size(); ++n)
    difference = std::max(difference, norm(u[n] - exact(nodes[n])));
  return difference;
}

/// Any linear motion, rotation included.
Vec3 linear_motion(Vec3 x)
{
  return {1e-3 * (2 * x.x + 2 * x.y + 3 * x.z) + 0.5, 1e-3 * (x.x + 4 * x.y - 2 * x.z) - 0.25,
          1e-3 * (-x.x + 5 * x.y - x.z) + 1};
}
constexpr SymTensor linear_strain = {2e-3, 4e-3, -1e-3, 1.5e-3, 1e-3, 1.5e-3};

} // namespace

TEST_CASE("a linear motion of the boundary gives its constant strain in every element of an "
          "irregular mesh")
{
  for (const ElementKind kind : element_kinds)
  {
    INFO(kind.name);
    const SolidBody body = uniform_body(irregular_box(kind), youngs, poisson);
    Supports supports;
    prescribe(supports, body.mesh, nodes_on(body.mesh, calcar::mesh::boundary_faces(body.mesh)),
              linear_motion);
    const Solution solution = solve_alone(body, supports, {}, 1e-12);
    // Rounding and the solver's residual; strains are 1e-3.
    CHECK(largest_difference(body.mesh, solution.displacement, linear_motion) < 1e-11);
    CHECK(largest(solution.strain_points, [](std::size_t) { return linear_strain; }) < 1e-11);
    CHECK(largest(solution.strain, [](std::size_t) { return linear_strain; }) < 1e-11);
    const double density = 0.5 * contract(hooke(youngs, poisson, linear_strain), linear_strain);
    CHECK_THAT(solution.strain_energy, WithinRel(480 * density, 1e-9));
  }
}

TEST_CASE("uniform tractions on the sides of an irregular mesh give their constant stress")
{
  const SymTensor stress = {3, -2, 5, 0.7, -1.1, 1.9}; // MPa
  // Strain by the inverse law.
  const double p = poisson * trace(stress);
  const SymTensor strain = (1 / youngs) * ((1 + poisson) * stress + SymTensor{-p, -p, -p, 0, 0, 0});
  for (const ElementKind kind : element_kinds)
  {
    INFO(kind.name);
    const SolidBody body = uniform_body(irregular_box(kind), youngs, poisson);
    std::vector<NodalForce> forces;
    for (const std::size_t axis : {0U, 1U, 2U})
      for (const double side : {0.0, size[axis]})
      {
        const auto on_side = calcar::solid::boundary_nodes(
            body.mesh,
            boundary_where(body.mesh, [&](Vec3 x) { return std::abs(x[axis] - side) < 1e-9; }));
        for (std::size_t n = 0; n < on_side.nodes.size(); ++n)
          forces.push_back({on_side.nodes[n], on_side.areas[n] * (stress * on_side.normals[n])});
      }
    const Solution solution =
        solve_alone(body, six_components(body.mesh, [](Vec3) { return Vec3{}; }), forces, 1e-12);
    CHECK(largest(solution.strain_points, [&](std::size_t) { return strain; }) <
          1e-8 * std::sqrt(contract(strain, strain)));
    for (const Vec3& reaction : solution.reaction)
      CHECK(norm(reaction) < 1e-7); // of side forces up to 400 N
  }
}

TEST_CASE("pure bending is exact in quadratic elements of any irregular shape")
{
  // u = k (-x y, (x^2 + nu (y^2 - z^2)) / 2, nu y z) has sigma_xx = -E k y and no other stress
  // (Timoshenko and Goodier, Theory of Elasticity, 3rd ed., section 102). Straight quadratic
  // tetrahedra and triquadratic hexahedra hold every quadratic polynomial.
  const double k = 1e-3;
  const VectorField exact = [k](Vec3 x)
  {
    return Vec3{-k * x.x * x.y, k / 2 * (x.x * x.x + poisson * (x.y * x.y - x.z * x.z)),
                k * poisson * x.y * x.z};
  };
  for (const ElementKind kind : {tet10, hex27})
  {
    INFO(kind.name);
    const SolidBody body = uniform_body(irregular_box(kind), youngs, poisson);
    const auto forces = traction_forces(
        body.mesh,
        boundary_where(body.mesh, [](Vec3 x) { return std::min(x.x, size.x - x.x) < 1e-9; }),
        [k](Vec3 x, Vec3 normal) {
          return Vec3{-youngs * k * x.y * normal.x, 0, 0};
        });
    const Solution solution = solve_alone(body, six_components(body.mesh, exact), forces, 1e-12);
    const auto points = calcar::solid::integration_points(body.mesh);
    CHECK(largest_difference(body.mesh, solution.displacement, exact) < 1e-9); // of 0.07 mm
    CHECK(largest(solution.strain_points,
                  [&](std::size_t q)
                  {
                    const double s = k * points[q].y;
                    return SymTensor{-s, poisson * s, poisson * s, 0, 0, 0};
                  }) < 1e-10);
  }
}
