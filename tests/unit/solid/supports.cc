#include "bodies.hpp"
#include "solid/loads.hpp"

#include <catch2/catch.hpp>

using namespace bodies;
namespace solid = calcar::solid;

namespace
{

bool at_bottom(Vec3 p)
{
  return p.z < 1e-9;
}

solid::Options tight()
{
  return {1e-12, 1000, solid::Method::mumps};
}

} // namespace

TEST_CASE("a bar of two materials in series stretches by the sum of both")
{
  for (const Kind& kind : kinds())
  {
    CAPTURE(kind.name);
    const Mesh mesh = grid(kind, {2, 2, 4}, {2, 3, 8});
    SolidBody bar = body(mesh, 1000, 0);
    for (std::size_t c = 0; c < mesh.cells(); ++c)
      if (calcar::mesh::centre(mesh, c).z > 4)
        bar.youngs[c] = 50;
    const auto nodes = calcar::mesh::nodes_of(mesh);
    Supports supports;
    hold(supports, nodes, at_bottom);
    const auto top = faces_where(mesh, [](Vec3 p) { return p.z > 8 - 1e-9; });
    const auto forces = solid::traction_forces(mesh, top, [](Vec3, Vec3) { return Vec3{0, 0, 2}; });
    const auto solution =
        solid::Engine(bar, supports, MPI_COMM_WORLD, tight()).solve({forces}, {0})[0];
    const double stretch = 2.0 * 4 / 1000 + 2.0 * 4 / 50;
    for (std::size_t n = 0; n < nodes.points.size(); ++n)
      if (nodes.points[n].z > 8 - 1e-9)
        CHECK(norm(solution.displacement[n] - Vec3{0, 0, stretch}) < 1e-11);
    CHECK(norm(solution.reaction[0] - Vec3{0, 0, -12}) < 1e-10);
    CHECK(solution.strain_energy == Approx(0.5 * 12 * stretch).epsilon(1e-11));
  }
}

TEST_CASE("moduli given at integration points act there")
{
  for (const Kind& kind : kinds())
  {
    CAPTURE(kind.name);
    const Mesh mesh = grid(kind, {2, 2, 2});
    SolidBody by_cell = body(mesh);
    SolidBody by_point = by_cell;
    const auto points = std::size_t(solid::integration_points_per_cell(mesh.shape, mesh.degree));
    by_point.youngs.clear();
    by_point.poisson.assign(mesh.cells() * points, 0.3);
    for (std::size_t c = 0; c < mesh.cells(); ++c)
    {
      by_cell.youngs[c] = 100 + 10 * double(c);
      by_point.youngs.insert(by_point.youngs.end(), points, by_cell.youngs[c]);
    }
    const auto nodes = calcar::mesh::nodes_of(mesh);
    Supports supports;
    hold(supports, nodes, at_bottom);
    const auto forces = solid::body_forces(mesh, [](Vec3 p) { return Vec3{1, p.x, -2}; });
    const auto energy = [&](const SolidBody& of)
    {
      return solid::Engine(of, supports, MPI_COMM_WORLD, tight())
          .solve({forces}, {0})[0]
          .strain_energy;
    };
    CHECK(energy(by_point) == Approx(energy(by_cell)).epsilon(1e-12));
    if (points == 1)
      continue;
    // Softer at one point of a cell only: some energy, less than with the whole cell softer.
    const double before = energy(by_cell);
    by_point.youngs[0] /= 2;
    by_cell.youngs[0] /= 2;
    CHECK(energy(by_point) > before * (1 + 1e-6));
    CHECK(energy(by_point) < energy(by_cell));
  }
}

TEST_CASE("reactions of supports and springs balance the load in force and moment")
{
  for (const Kind& kind : kinds())
  {
    CAPTURE(kind.name);
    Mesh mesh = grid(kind, {3, 3, 3});
    distort(mesh, 0.07);
    const auto nodes = calcar::mesh::nodes_of(mesh);
    Supports supports;
    supports.names = {"bottom", "springs", "corner"};
    for (std::uint32_t n = 0; n < nodes.points.size(); ++n)
    {
      if (at_bottom(nodes.points[n]))
        supports.fixed.push_back({n, 2, 0, 0});
      if (nodes.points[n].x < 1e-9) // also at nodes that are fixed along z
        supports.springs.push_back({n, {30, 20, 10, 5, -4, 3}, 1});
    }
    supports.fixed.push_back({2, 0, 1e-3, 2});
    const auto forces = solid::body_forces(mesh, [](Vec3 p) { return Vec3{1, p.x, -2}; });
    const auto solution =
        solid::Engine(body(mesh), supports, MPI_COMM_WORLD, tight()).solve({forces}, {1})[0];
    REQUIRE(solution.reaction.size() == 3);
    Vec3 sum;
    for (const Vec3& reaction : solution.reaction)
      sum += reaction;
    CHECK(norm(sum + Vec3{1, 0.5, -2}) < 1e-10);
    CHECK(std::abs(solution.reaction[0].x) == 0);
    CHECK(norm(solution.reaction[1]) > 0.1);
    CHECK(std::abs(solution.reaction[2].y) == 0);
    CHECK(std::abs(solution.reaction[2].x) > 0.01);
    // The springs' force is that of their displacements.
    Vec3 of_springs;
    for (const auto& spring : supports.springs)
      of_springs += -1.0 * (spring.stiffness * solution.displacement[spring.node]);
    CHECK(norm(solution.reaction[1] - of_springs) < 1e-12);
  }
}

TEST_CASE("a bar on an elastic foundation follows the closed form")
{
  // E A u'' = k u with the force F at x = 0: u = F cosh(m (L - x)) / (E A m sinh(m L)).
  const double length = 10, youngs = 100, per_volume = 4, force = 3;
  const double m = std::sqrt(per_volume / youngs);
  const Mesh mesh = grid(kinds()[3], {20, 1, 1}, {length, 1, 1});
  const auto nodes = calcar::mesh::nodes_of(mesh);
  Supports supports;
  supports.names = {"foundation", "guides"};
  for (const auto& weight : solid::body_forces(mesh, [](Vec3) { return Vec3{1, 0, 0}; }))
    supports.springs.push_back({weight.node, {per_volume * weight.force.x, 0, 0, 0, 0, 0}, 0});
  for (std::uint32_t n = 0; n < nodes.points.size(); ++n)
    for (const int axis : {1, 2})
      supports.fixed.push_back({n, axis, 0, 1});
  const auto end = faces_where(mesh, [](Vec3 p) { return p.x < 1e-9; });
  const auto forces = solid::traction_forces(mesh, end,
                                             [&](Vec3, Vec3) {
                                               return Vec3{force, 0, 0};
                                             });
  const auto solution = solid::Engine(body(mesh, youngs, 0), supports, MPI_COMM_WORLD, tight())
                            .solve({forces}, {0})[0];
  for (std::size_t n = 0; n < nodes.points.size(); ++n)
  {
    const double exact =
        force * std::cosh(m * (length - nodes.points[n].x)) / (youngs * m * std::sinh(m * length));
    CHECK(solution.displacement[n].x == Approx(exact).epsilon(2e-5));
  }
  CHECK(solution.reaction[0].x == Approx(-force).epsilon(1e-11));
}

TEST_CASE("a small rotation prescribed at the boundary strains nothing")
{
  for (const Kind& kind : kinds())
  {
    CAPTURE(kind.name);
    Mesh mesh = grid(kind, {2, 2, 2});
    distort(mesh, 0.1);
    const Vec3 turn = {1e-3, -2e-3, 5e-4};
    Supports supports;
    hold(supports, calcar::mesh::nodes_of(mesh), on_cube,
         [&](Vec3 p) {
           return Vec3{0.1, 0, -0.2} + cross(turn, p);
         });
    const auto solution =
        solid::Engine(body(mesh), supports, MPI_COMM_WORLD, tight()).solve({{}}, {1})[0];
    for (const SymTensor& strain : solution.strain_points)
      CHECK(largest(strain) < 1e-14);
    CHECK(norm(solution.reaction[0]) < 1e-10);
    CHECK(std::abs(solution.strain_energy) < 1e-20);
  }
}

TEST_CASE("several loads are solved with one matrix, and superpose")
{
  const Mesh mesh = grid(kinds()[1], {2, 2, 2});
  const auto nodes = calcar::mesh::nodes_of(mesh);
  Supports supports;
  hold(supports, nodes, at_bottom, [](Vec3 p) { return Vec3{0, 1e-3 * p.x, 0}; });
  const auto a = solid::body_forces(mesh, [](Vec3) { return Vec3{1, 0, 0}; });
  const auto b = solid::body_forces(mesh, [](Vec3 p) { return Vec3{0, p.x, -2}; });
  std::vector<NodalForce> both = a;
  both.insert(both.end(), b.begin(), b.end());
  for (const auto method : {solid::Method::mumps, solid::Method::boomeramg, solid::Method::gamg})
  {
    solid::Engine engine(body(mesh), supports, MPI_COMM_WORLD, {1e-12, 1000, method});
    const auto solutions = engine.solve({a, b, both, {}}, {0, 1, 1, 0});
    for (std::size_t n = 0; n < nodes.points.size(); ++n)
    {
      CHECK(norm(solutions[0].displacement[n] + solutions[1].displacement[n] -
                 solutions[2].displacement[n]) < 1e-11);
      CHECK(norm(solutions[3].displacement[n]) == 0);
    }
  }
}

TEST_CASE("two springs at a node and a support shared by two act together")
{
  const Mesh mesh = grid(kinds()[2], {1, 1, 1});
  Supports supports;
  supports.names = {"soft", "stiff", "first", "second"};
  for (std::uint32_t n = 0; n < 8; ++n)
  {
    supports.springs.push_back({n, {1, 1, 1, 0, 0, 0}, 0});
    supports.springs.push_back({n, {3, 3, 3, 0, 0, 0}, 1});
    supports.fixed.push_back({n, 1, 0, 2});
    supports.fixed.push_back({n, 1, 0, 3});
  }
  const auto forces = solid::body_forces(mesh, [](Vec3) { return Vec3{8, 4, 0}; });
  const auto solution =
      solid::Engine(body(mesh), supports, MPI_COMM_WORLD, tight()).solve({forces}, {0})[0];
  CHECK(solution.displacement[3].x == Approx(8.0 / 32));
  CHECK(solution.reaction[0].x == Approx(-2));
  CHECK(solution.reaction[1].x == Approx(-6));
  CHECK(solution.reaction[2].y == Approx(-4));
  CHECK(solution.reaction[3].y == 0); // the first support that is named carries
}

TEST_CASE("the automatic choice factors small bodies")
{
  Supports supports;
  const Mesh mesh = grid(kinds()[0], {2, 2, 2});
  hold(supports, calcar::mesh::nodes_of(mesh), at_bottom);
  const solid::Engine engine(body(mesh), supports, MPI_COMM_WORLD);
  CHECK(engine.method() == solid::Method::mumps);
  CHECK(engine.unknowns() == 81);
}
