#include "solid/adaptive.hpp"

#include "base/parallel.hpp"
#include "unit/solid/bodies.hpp"

#include <catch2/catch.hpp>

using namespace bodies;
namespace solid = calcar::solid;

TEST_CASE("adaptive meshes and their error do not depend on the number of ranks")
{
  solid::AdaptiveBody body;
  body.coarse = grid(kinds()[2], {3, 2, 2});
  body.moduli = [](Vec3 x) { return solid::Moduli{1000 * std::exp(-2 * x.x), 0.3}; };
  body.fixed = [](Vec3 x, Vec3) -> solid::FixedAt {
    return x.z < 1e-9 ? solid::FixedAt{0.0, 1e-3, 0.0} : solid::FixedAt{};
  };
  body.traction = [](Vec3 x, Vec3 normal) {
    return normal.z > 0.5 && x.x < 0.4 ? Vec3{1, 0, -3} : Vec3{};
  };
  solid::AdaptiveOptions options;
  options.tolerance = 1e-6;
  options.most_meshes = 4;
  options.relative_residual = 1e-11;
  const auto all = solid::solve_adaptively(body, MPI_COMM_WORLD, options);
  const auto one = solid::solve_adaptively(body, MPI_COMM_SELF, options);
  REQUIRE(all.steps.size() == one.steps.size());
  for (std::size_t n = 0; n < one.steps.size(); ++n)
  {
    CHECK(all.steps[n].cells == one.steps[n].cells);
    CHECK(all.steps[n].energy == Approx(one.steps[n].energy).epsilon(1e-9));
    CHECK(all.steps[n].error == Approx(one.steps[n].error).epsilon(1e-9));
  }
  CHECK(all.cells.size() == (calcar::is_root(MPI_COMM_WORLD) ? one.cells.size() : 0));
}

TEST_CASE("hanging nodes between ranks: displacements, springs and reactions do not depend on them")
{
  for (const Kind& kind : {kinds()[2], kinds()[3]})
  {
    const auto solved = [&](MPI_Comm comm, std::vector<Vec3>& reactions)
    {
      solid::AdaptiveGrid grid(bodies::grid(kind, {3, 3, 2}), comm);
      for (int times = 0; times < 2; ++times)
      {
        std::vector<std::uint8_t> marked;
        for (std::size_t c = 0; c < grid.mesh().mesh.cells(); ++c)
          marked.push_back(norm(calcar::mesh::centre(grid.mesh().mesh, c)) < 0.6);
        grid.refine(marked);
      }
      const solid::RefinedMesh& mesh = grid.mesh();
      SolidBody body;
      Supports supports;
      std::vector<std::vector<NodalForce>> loads(1);
      if (calcar::is_root(comm))
      {
        body = bodies::body(mesh.mesh);
        body.hanging = mesh.hanging;
        const auto nodes = calcar::mesh::nodes_of(mesh.mesh);
        hold(supports, nodes, [](Vec3 p) { return p.x < 1e-9; });
        supports.names.push_back("bed");
        for (const std::uint32_t node : solid::boundary_nodes(mesh.mesh, mesh.boundary).nodes)
          if (nodes.points[node].z < 1e-9)
            supports.springs.push_back({node, {1, 1, 5, 0, 0, 0}, 1});
        loads[0] = solid::body_forces(mesh.mesh, [](Vec3 p) { return Vec3{p.y, 1, -3}; });
      }
      const auto solution =
          solid::Engine(body, supports, comm, {1e-12, 1000, solid::Method::automatic})
              .solve(loads, {0})[0];
      reactions = solution.reaction;
      return solution.displacement;
    };
    std::vector<Vec3> reactions_of_all, reactions_of_one;
    const auto all = solved(MPI_COMM_WORLD, reactions_of_all);
    const auto one = solved(MPI_COMM_SELF, reactions_of_one);
    CHECK(norm(reactions_of_one[0] + reactions_of_one[1] - Vec3{-0.5, -1, 3}) < 1e-9);
    double largest = 0, gap = 0;
    for (std::size_t n = 0; n < all.size(); ++n)
    {
      largest = std::max(largest, norm(one[n]));
      gap = std::max(gap, norm(all[n] - one[n]));
    }
    CHECK(gap <= 1e-9 * largest);
    for (std::size_t s = 0; s < reactions_of_all.size(); ++s)
      CHECK(norm(reactions_of_all[s] - reactions_of_one[s]) < 1e-9);
  }
}
