// The answers of the finite elements on meshes are in equilibrium by elements written without
// deal.II: forces, reactions and energy in a body whose modulus jumps from point to point.

#include "bodies/elastic_fields.hpp"

#include <catch2/catch.hpp>

using namespace test_bodies;
using Catch::WithinRel;

namespace
{

/// Points and weights that integrate the stiffness: Gauss's on hexahedra; on tetrahedra the centre,
/// or the four of Hammer, Marlowe and Stroud 1956.
std::vector<QuadraturePoint> stiffness_rule(ElementKind kind)
{
  if (kind.shape == CellShape::hexahedron)
    return cell_quadrature(kind.shape, kind.degree + 1);
  if (kind.degree == 1)
    return {{{0.25, 0.25, 0.25}, 1.0 / 6}};
  const double a = (5 - std::sqrt(5.0)) / 20, b = 1 - 3 * a;
  return {
      {{a, a, a}, 1.0 / 24}, {{b, a, a}, 1.0 / 24}, {{a, b, a}, 1.0 / 24}, {{a, a, b}, 1.0 / 24}};
}

/// The forces of a displacement on its nodes, and its energy.
struct Internal
{
  std::vector<Vec3> forces;
  double energy = 0;
  double largest_strain_error = 0; ///< to those of the solution
};

Internal internal_forces(ElementKind kind, const SolidBody& body, const Solution& solution)
{
  const Mesh& mesh = body.mesh;
  const auto nodes = calcar::mesh::nodes_of(mesh);
  const auto places = calcar::solid::integration_points(mesh);
  const std::size_t per_cell = places.size() / mesh.cells();
  Internal internal;
  internal.forces.resize(nodes.points.size());
  for (std::size_t c = 0; c < mesh.cells(); ++c)
    for (const QuadraturePoint& q : stiffness_rule(kind))
    {
      const PointInCell point = point_in_cell(mesh, c, q.xi);
      // Which of the engine's points it is, by place.
      std::size_t which = c * per_cell;
      for (std::size_t n = which; n < (c + 1) * per_cell; ++n)
        if (norm(places[n] - point.x) < norm(places[which] - point.x))
          which = n;
      CHECK(norm(places[which] - point.x) < 1e-12);
      const SymTensor strain =
          symmetric(displacement_gradient(solution.displacement, nodes.cell(c), point.shape));
      const SymTensor error = strain + (-1) * solution.strain_points[which];
      internal.largest_strain_error =
          std::max(internal.largest_strain_error, std::sqrt(contract(error, error)));
      const SymTensor stress = hooke(body.youngs[which], body.poisson[which], strain);
      const double volume = q.weight * point.weight;
      internal.energy += 0.5 * volume * contract(stress, strain);
      for (std::size_t n = 0; n < nodes.cell(c).size(); ++n)
        internal.forces[nodes.cell(c)[n]] += volume * (stress * point.shape.gradient[n]);
    }
  return internal;
}

} // namespace

TEST_CASE("forces, reactions and energy of a body of mixed tissues balance by other elements")
{
  std::mt19937 random(11);
  const auto uniform = [&random] { return double(random()) / 4294967296.0; };
  for (const ElementKind kind : element_kinds)
  {
    INFO(kind.name);
    SolidBody body;
    body.mesh = made_of(kind, shaken(box_of_hexahedra({3, 3, 4}, {6, 6, 8}), 0.35));
    const Mesh& mesh = body.mesh;
    for (std::size_t q = 0; q < calcar::solid::integration_points(mesh).size(); ++q)
    {
      body.youngs.push_back(10 * std::pow(2000.0, uniform())); // 10 to 20000 MPa
      body.poisson.push_back(0.45 * uniform());
    }
    // The bottom held and turned, springs with couples on one side, forces on top.
    Supports supports;
    prescribe(supports, mesh, nodes_where(mesh, [](Vec3 x) { return x.z < 1e-9; }),
              [](Vec3 x) {
                return Vec3{0.01 * x.y, -0.01 * x.x, 0.02};
              });
    supports.names.push_back("bed");
    for (const std::uint32_t node : nodes_where(mesh, [](Vec3 x) { return x.x < 1e-9; }))
      supports.springs.push_back({node, {40, 90, 20, 10, -15, 30}, 3});
    std::vector<NodalForce> forces;
    for (const std::uint32_t node : nodes_where(mesh, [](Vec3 x) { return x.z > 8 - 1e-9; }))
      forces.push_back({node, {uniform(), -2 * uniform(), 3 * uniform()}});
    const Solution solution = solve_alone(body, supports, forces, 1e-12);

    Internal internal = internal_forces(kind, body, solution);
    CHECK(internal.largest_strain_error < 1e-12);
    CHECK_THAT(solution.strain_energy, WithinRel(internal.energy, 1e-10));

    double largest = 0;
    for (const NodalForce& f : forces)
      internal.forces[f.node] += -1 * f.force;
    Vec3 bed;
    for (const auto& spring : supports.springs)
    {
      const Vec3 force = spring.stiffness * solution.displacement[spring.node];
      internal.forces[spring.node] += force;
      bed += -1 * force;
    }
    for (const Vec3& f : internal.forces)
      largest = std::max(largest, norm(f));
    // What is left is held by the supports, and is nothing elsewhere.
    std::array<Vec3, 3> held;
    for (const auto& fixed : supports.fixed)
    {
      const auto axis = static_cast<std::size_t>(fixed.axis);
      CHECK(std::abs(solution.displacement[fixed.node][axis] - fixed.displacement) < 1e-15);
      held[static_cast<std::size_t>(fixed.support)][axis] += internal.forces[fixed.node][axis];
      internal.forces[fixed.node][axis] = 0;
    }
    double unbalanced = 0;
    for (const Vec3& f : internal.forces)
      unbalanced = std::max(unbalanced, norm(f));
    CHECK(unbalanced < 1e-9 * largest);
    for (std::size_t s = 0; s < 3; ++s)
      CHECK(norm(solution.reaction[s] - held[s]) < 1e-9 * largest);
    CHECK(norm(solution.reaction[3] - bed) < 1e-9 * largest);
  }
}
