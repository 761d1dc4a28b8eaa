#include "bodies.hpp"
#include "solid/loads.hpp"

#include <catch2/catch.hpp>

using namespace bodies;
namespace solid = calcar::solid;

namespace
{

/// A displacement with constant strain and a rotation.
Vec3 linear(Vec3 p)
{
  return {1e-3 + 2e-3 * p.x + 1e-3 * p.y - 3e-3 * p.z, 4e-4 * p.x - 1e-3 * p.y + 2e-3 * p.z,
          -2e-3 * p.x + 5e-4 * p.y + 3e-3 * p.z};
}
constexpr SymTensor linear_strain = {2e-3, -1e-3, 3e-3, 1.25e-3, -2.5e-3, 7e-4};

SymTensor stress_of(const SymTensor& strain, double youngs, double poisson)
{
  const double mu = youngs / (2 * (1 + poisson));
  const double lambda = youngs * poisson / ((1 + poisson) * (1 - 2 * poisson));
  const double p = lambda * trace(strain);
  return 2 * mu * strain + SymTensor{p, p, p, 0, 0, 0};
}

void check_linear(const SolidBody& body, const solid::Solution& solution)
{
  const Nodes nodes = calcar::mesh::nodes_of(body.mesh);
  double u = 0;
  for (std::size_t n = 0; n < nodes.points.size(); ++n)
    u = std::max(u, norm(solution.displacement[n] - linear(nodes.points[n])));
  CHECK(u < 1e-12);
  double mean = 0;
  for (const SymTensor& strain : solution.strain)
    mean = std::max(mean, difference(strain, linear_strain));
  CHECK(mean < 1e-12);
  double points = 0;
  for (const SymTensor& strain : solution.strain_points)
    points = std::max(points, difference(strain, linear_strain));
  CHECK(points < 1e-12);
  CHECK(solution.strain.size() == body.mesh.cells());
  CHECK(solution.strain_points.size() ==
        body.mesh.cells() *
            std::size_t(solid::integration_points_per_cell(body.mesh.shape, body.mesh.degree)));
  const double energy = 0.5 * contract(linear_strain, stress_of(linear_strain, 1000, 0.3));
  CHECK(solution.strain_energy == Approx(energy).epsilon(1e-11));
}

solid::Options tight(solid::Method method = solid::Method::mumps)
{
  return {1e-12, 1000, method};
}

} // namespace

TEST_CASE("constant strain is exact in distorted elements with displacements prescribed around")
{
  for (const Kind& kind : kinds())
  {
    CAPTURE(kind.name);
    Mesh mesh = grid(kind, {3, 3, 3});
    distort(mesh, 0.07);
    const SolidBody patch = body(mesh);
    Supports supports;
    hold(supports, calcar::mesh::nodes_of(mesh), on_cube, linear);
    solid::Engine engine(patch, supports, MPI_COMM_WORLD, tight());
    check_linear(patch, engine.solve({{}}, {1})[0]);
  }
}

TEST_CASE("constant strain is exact with tractions around and six components held")
{
  for (const Kind& kind : kinds())
  {
    CAPTURE(kind.name);
    Mesh mesh = grid(kind, {2, 3, 2});
    distort(mesh, 0.07);
    const SolidBody patch = body(mesh);
    const auto nodes = calcar::mesh::nodes_of(mesh);
    const auto find = [&](Vec3 at)
    {
      for (std::uint32_t n = 0; n < nodes.points.size(); ++n)
        if (norm(nodes.points[n] - at) < 1e-9)
          return n;
      return std::uint32_t{0};
    };
    Supports supports;
    supports.names = {"three corners"};
    const std::vector<std::pair<Vec3, std::vector<int>>> held = {
        {{0, 0, 0}, {0, 1, 2}}, {{1, 0, 0}, {1, 2}}, {{0, 1, 0}, {2}}};
    for (const auto& [at, axes] : held)
      for (const int axis : axes)
        supports.fixed.push_back({find(at), axis, linear(at)[std::size_t(axis)], 0});
    const SymTensor stress = stress_of(linear_strain, 1000, 0.3);
    const auto forces = solid::traction_forces(mesh, calcar::mesh::boundary_faces(mesh),
                                               [&](Vec3, Vec3 normal) { return stress * normal; });
    solid::Engine engine(patch, supports, MPI_COMM_WORLD, tight());
    const auto solution = engine.solve({forces}, {1})[0];
    check_linear(patch, solution);
    CHECK(norm(solution.reaction[0]) < 1e-10);
  }
}

TEST_CASE("a mesh whose points, cells and corners are mixed has the same solution")
{
  for (const Kind& kind : kinds())
  {
    CAPTURE(kind.name);
    Mesh mesh = grid(kind, {3, 2, 2});
    distort(mesh, 0.07);
    std::vector<std::uint32_t> new_of_old;
    const Mesh other = mixed(mesh, new_of_old);
    const auto solve = [&](const Mesh& of)
    {
      const auto nodes = calcar::mesh::nodes_of(of);
      Supports supports;
      hold(supports, nodes, [](Vec3 p) { return p.z < 1e-9; });
      const auto top = faces_where(of, [](Vec3 p) { return p.z > 1 - 1e-9; });
      const auto forces = solid::traction_forces(of, top,
                                                 [](Vec3 p, Vec3) {
                                                   return Vec3{p.x, 2 * p.y, -3};
                                                 });
      return solid::Engine(body(of), supports, MPI_COMM_WORLD, tight()).solve({forces}, {0})[0];
    };
    const auto a = solve(mesh);
    const auto b = solve(other);
    double largest_difference = 0;
    double scale = 0;
    for (std::size_t p = 0; p < mesh.points.size(); ++p)
    {
      largest_difference =
          std::max(largest_difference, norm(a.displacement[p] - b.displacement[new_of_old[p]]));
      scale = std::max(scale, norm(a.displacement[p]));
    }
    CHECK(largest_difference < 1e-10 * scale);
    CHECK(b.strain_energy == Approx(a.strain_energy).epsilon(1e-10));
  }
}
