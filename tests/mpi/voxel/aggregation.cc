#include "voxel/aggregation.hpp"

#include "base/parallel.hpp"
#include "bodies/hard_cases.hpp"
#include "bodies/systems.hpp"

#include <catch2/catch.hpp>

using namespace calcar;
using namespace calcar::voxel;
using namespace test_bodies;

namespace
{

const MPI_Comm world = MPI_COMM_WORLD;

/// Solves on all ranks and alone on each rank; every node on every rank must have the same answer.
void compare(const Problem& problem)
{
  System together = system_of(problem, world);
  System alone = system_of(problem, MPI_COMM_SELF);
  Aggregation shared(together.multigrid.finest(), together.multigrid.fine_vectors(), world);
  Aggregation single(alone.multigrid.finest(), alone.multigrid.fine_vectors(), MPI_COMM_SELF);
  const int shared_iterations = solved(together, shared, 1e-6, world).iterations;
  const int single_iterations = solved(alone, single, 1e-6, MPI_COMM_SELF).iterations;
  INFO(problem.name << ": " << shared_iterations << " and alone " << single_iterations);
  CHECK(shared_iterations <= single_iterations + 3);

  const Solved a = solved(together, shared, 1e-11, world);
  const Solved b = solved(alone, single, 1e-11, MPI_COMM_SELF);
  const Level& level = together.multigrid.finest();
  const Level& whole = alone.multigrid.finest();
  double values[2] = {0, 0}; // largest difference, largest value
  for (const bool copies : {false, true})
    for_nodes_of(level, copies,
                 [&](std::int32_t n, std::array<int, 3> at)
                 {
                   const auto there = static_cast<std::size_t>(
                       find_node(whole.bricks, whole.nodes, at[0], at[1], at[2]));
                   for (std::size_t c = 0; c < 3; ++c)
                   {
                     const double expected = b.u[3 * there + c];
                     values[0] = std::max(
                         values[0], std::abs(a.u[3 * static_cast<std::size_t>(n) + c] - expected));
                     values[1] = std::max(values[1], std::abs(expected));
                   }
                 });
  MPI_Allreduce(MPI_IN_PLACE, values, 2, MPI_DOUBLE, MPI_MAX, world);
  CHECK(values[0] < 1e-6 * values[1]);
}

} // namespace

TEST_CASE("the aggregation cycle solves a nail in marrow on any number of ranks")
{
  compare(clamped("nail in marrow", nail_in_marrow(24, 72), Load::bending));
}

TEST_CASE("the aggregation cycle solves thin struts on any number of ranks")
{
  compare(clamped("struts", strut_cube(32), Load::plates));
}

TEST_CASE("the aggregation cycle solves a body with springs and single held components on any "
          "number of ranks")
{
  Problem problem = clamped("slit", slit_shaft(24, 40), Load::bending);
  for (const auto& [node, weight] : end_nodes(problem.body, true))
    if (node.i < 12)
      problem.supports.springs.push_back({node, {900, 800, 700, 100, -50, 20}, 0});
    else if (node.j % 3 == 0)
      problem.supports.fixed.push_back({node, 2, 0, 0});
  compare(problem);
}

TEST_CASE("the aggregation cycle solves bodies of fewer bricks than ranks")
{
  compare(
      clamped("small", make_body({9, 7, 8}, [](int, int, int) { return 1000.0; }), Load::bending));
  compare(
      clamped("tiny", make_body({2, 2, 2}, [](int, int, int) { return 1000.0; }), Load::bending));
}
