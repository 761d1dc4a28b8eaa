#include "base/parallel.hpp"
#include "solid/loads.hpp"
#include "unit/solid/bodies.hpp"

#include <catch2/catch.hpp>

#include <limits>

using namespace bodies;
namespace solid = calcar::solid;

namespace
{

/// A block held at its bottom, on an elastic foundation at one side, of two materials 1 : 1000.
struct Problem
{
  SolidBody body;
  Supports supports;
  std::vector<NodalForce> forces;
};

Problem problem_of(const Kind& kind, std::array<std::uint32_t, 3> boxes)
{
  Problem problem;
  Mesh mesh = grid(kind, boxes);
  distort(mesh, 0.3 / boxes[0]);
  const auto nodes = calcar::mesh::nodes_of(mesh);
  problem.supports.names = {"bottom", "side"};
  hold(
      problem.supports, nodes, [](Vec3 p) { return p.z < 1e-9; },
      [](Vec3 p) {
        return Vec3{1e-3 * p.y, 0, -1e-3 * p.x};
      });
  for (std::uint32_t n = 0; n < nodes.points.size(); ++n)
    if (nodes.points[n].x < 1e-9)
      problem.supports.springs.push_back({n, {3, 2, 1, 0.5, -0.4, 0.3}, 1});
  problem.forces =
      solid::traction_forces(mesh, faces_where(mesh, [](Vec3 p) { return p.z > 1 - 1e-9; }),
                             [](Vec3 p, Vec3) {
                               return Vec3{p.x, 0.5, -2 * p.y};
                             });
  problem.body = body(mesh);
  for (std::size_t c = 0; c < mesh.cells(); ++c)
    if (calcar::mesh::centre(mesh, c).x > 0.5)
      problem.body.youngs[c] = 1;
  return problem;
}

solid::Solution solve(const Problem& problem, MPI_Comm comm, solid::Method method)
{
  const bool root = calcar::is_root(comm);
  const SolidBody nothing;
  solid::Engine engine(root ? problem.body : nothing, root ? problem.supports : Supports{}, comm,
                       {1e-12, 1000, method});
  std::vector<std::vector<NodalForce>> forces;
  if (root)
    forces = {problem.forces};
  return engine.solve(forces, {1})[0];
}

/// The largest difference as a share of the largest value; infinite for different lengths.
double relative_difference(const std::vector<Vec3>& a, const std::vector<Vec3>& b)
{
  if (a.size() != b.size())
    return std::numeric_limits<double>::infinity();
  double difference = 0;
  double scale = 0;
  for (std::size_t n = 0; n < a.size(); ++n)
  {
    difference = std::max(difference, norm(a[n] - b[n]));
    scale = std::max(scale, norm(b[n]));
  }
  return difference / scale;
}

} // namespace

TEST_CASE("every number of ranks and every solver give the solution of one rank with MUMPS")
{
  for (const Kind& kind : kinds())
    for (const solid::Method method :
         {solid::Method::boomeramg, solid::Method::gamg, solid::Method::mumps})
    {
      CAPTURE(kind.name, static_cast<int>(method));
      const Problem problem = problem_of(kind, {5, 4, 4});
      const solid::Solution all = solve(problem, MPI_COMM_WORLD, method);
      if (!calcar::is_root(MPI_COMM_WORLD))
      {
        CHECK(all.displacement.empty());
        CHECK(all.reaction.empty());
        continue;
      }
      const solid::Solution one = solve(problem, MPI_COMM_SELF, solid::Method::mumps);
      // 100 times the tolerance.
      CHECK(relative_difference(all.displacement, one.displacement) < 1e-10);
      CHECK(relative_difference(all.reaction, one.reaction) < 1e-10);
      CHECK(all.strain_energy == Approx(one.strain_energy).epsilon(1e-10));
      double strain = 0;
      double largest_strain = 0;
      for (std::size_t n = 0; n < one.strain_points.size(); ++n)
      {
        strain = std::max(strain, difference(all.strain_points[n], one.strain_points[n]));
        largest_strain = std::max(largest_strain, largest(one.strain_points[n]));
      }
      CHECK(strain < 1e-10 * largest_strain);
      CHECK(all.report.relative_residual <= 1e-12);
    }
}

TEST_CASE("a mesh with fewer cells than ranks is solved")
{
  for (const Kind& kind : kinds())
  {
    CAPTURE(kind.name);
    Problem problem = problem_of(kind, {1, 1, 1});
    const solid::Solution all = solve(problem, MPI_COMM_WORLD, solid::Method::boomeramg);
    if (!calcar::is_root(MPI_COMM_WORLD))
      continue;
    const solid::Solution one = solve(problem, MPI_COMM_SELF, solid::Method::mumps);
    CHECK(relative_difference(all.displacement, one.displacement) < 1e-10);
  }
}

TEST_CASE("an error of rank 0 is thrown on every rank")
{
  Problem problem = problem_of(kinds()[0], {2, 2, 2});
  problem.body.youngs[3] = -1;
  std::string message;
  try
  {
    solve(problem, MPI_COMM_WORLD, solid::Method::mumps);
  }
  catch (const calcar::InputError& error)
  {
    message = error.what();
  }
  CHECK_THAT(message, Catch::Contains("cell 4") && Catch::Contains("Young's modulus -1 MPa"));
}

TEST_CASE("a solve that does not converge is reported on every rank with its residual")
{
  const Problem problem = problem_of(kinds()[1], {4, 4, 4});
  const bool root = calcar::is_root(MPI_COMM_WORLD);
  solid::Engine engine(root ? problem.body : SolidBody{}, root ? problem.supports : Supports{},
                       MPI_COMM_WORLD, {1e-8, 2, solid::Method::boomeramg});
  std::string message;
  try
  {
    engine.solve({problem.forces}, {1});
  }
  catch (const calcar::SolveError& error)
  {
    message = error.what();
  }
  CHECK_THAT(message, Catch::Contains("after 2 iterations at a relative residual of"));
}
