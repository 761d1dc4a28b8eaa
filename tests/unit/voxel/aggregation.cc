#include "voxel/aggregation.hpp"

#include "bodies/hard_cases.hpp"
#include "bodies/systems.hpp"
#include "voxel/galerkin.hpp"
#include "voxel/operator.hpp"

#include <catch2/catch.hpp>

#include <set>

using namespace calcar;
using namespace calcar::voxel;
using namespace test_bodies;

namespace
{

/// A porous body held in three ways: whole nodes, single components, and a slanted spring.
Problem held_in_many_ways()
{
  Problem problem = clamped("struts", strut_cube(24), Load::bending);
  for (const auto& [node, weight] : end_nodes(problem.body, true))
  {
    problem.supports.fixed.push_back({node, node.i % 2, 0, 0});
    if (node.j > 12)
      problem.supports.springs.push_back({node, {900, 800, 700, 100, -50, 20}, 0});
  }
  return problem;
}

/// u = Q e for one mode of one aggregate.
std::vector<double> motion(const Level& level, const Aggregates& aggregates, std::int32_t aggregate,
                           std::size_t mode)
{
  std::vector<double> u(level.nodes.values(), 0);
  const RigidModes& modes = aggregates.modes[static_cast<std::size_t>(aggregate)];
  const Vec3 edges = level.bricks.spacing / mean_edge(level.bricks);
  for_nodes_of(
      level, false,
      [&](std::int32_t n, std::array<int, 3> at)
      {
        if (aggregates.of_node[static_cast<std::size_t>(n)] != aggregate)
          return;
        const Vec3 r = Vec3{at[0] * edges.x, at[1] * edges.y, at[2] * edges.z} - modes.centre;
        const Matrix6 at_node = moved(r) * modes.from_modes;
        for (std::size_t c = 0; c < 3; ++c)
          u[3 * static_cast<std::size_t>(n) + c] = at_node[6 * c + mode];
      });
  mask(level.constraints, u);
  return u;
}

double product(const std::vector<double>& a, const std::vector<double>& b)
{
  double sum = 0;
  for (std::size_t n = 0; n < a.size(); ++n)
    sum += a[n] * b[n];
  return sum;
}

} // namespace

TEST_CASE("every node that is not wholly held belongs to one aggregate, and the modes are "
          "orthonormal")
{
  const Problem problem = held_in_many_ways();
  System system = system_of(problem, MPI_COMM_SELF);
  const Level& level = system.multigrid.finest();
  const Aggregates aggregates = make_aggregates(level, {}, MPI_COMM_SELF);
  const auto is_free = free_components(level);
  std::set<std::int32_t> used;
  for (std::size_t n = 0; n < is_free.size(); ++n)
  {
    CHECK((aggregates.of_node[n] >= 0) == (is_free[n] != 0));
    used.insert(aggregates.of_node[n]);
  }
  used.erase(-1);
  CHECK(used.size() == static_cast<std::size_t>(aggregates.owned));

  double error = 0;
  for (std::int32_t a = 0; a < aggregates.owned; a += 37)
    for (std::size_t i = 0; i < 6; ++i)
      for (std::size_t j = 0; j <= i; ++j)
      {
        const double value =
            product(motion(level, aggregates, a, i), motion(level, aggregates, a, j));
        const bool exists = aggregates.modes[static_cast<std::size_t>(a)].from_modes[7 * i] != 0;
        error = std::max(error, std::abs(value - (i == j && exists ? 1 : 0)));
      }
  CHECK(error < 1e-10);
}

TEST_CASE("aggregates do not reach from metal to marrow, nor across a slit")
{
  const Problem problem = clamped("nail", nail_in_marrow(24, 24), Load::plates);
  System system = system_of(problem, MPI_COMM_SELF);
  const Level& level = system.multigrid.finest();
  const Aggregates aggregates = make_aggregates(level, {3, 0.02, 1}, MPI_COMM_SELF);
  const auto aggregate_at = [&](int i, int j, int k)
  {
    return aggregates
        .of_node[static_cast<std::size_t>(find_node(level.bricks, level.nodes, i, j, k))];
  };
  // Along the row through the nail's axis: the nail's radius is 2.4 voxels, so that its nodes end
  // at i = 14 and i = 15 is in marrow; both lie in the cube of i = 12 to 14 or the one after it.
  bool reaches = false;
  for (int k = 3; k < 21; ++k)
    for (int i = 9; i < 12; ++i)
      for (int inside = 10; inside < 12; ++inside)
        reaches = reaches || (i < 10 && aggregate_at(i, 12, k) == aggregate_at(inside, 12, k));
  CHECK_FALSE(reaches);

  const Problem cracked = clamped("slit", slit_shaft(24, 24), Load::plates);
  const System split = system_of(cracked, MPI_COMM_SELF);
  const Level& parts = split.multigrid.finest();
  const Aggregates cut = make_aggregates(parts, {4, 0.02, 1}, MPI_COMM_SELF);
  const auto node = [&](int k)
  { return static_cast<std::size_t>(find_node(parts.bricks, parts.nodes, 6, 12, k)); };
  // The slit is the layer of voxels k = 12: nodes 12 and 13 are its lips, in one cube of four.
  CHECK(cut.of_node[node(12)] != cut.of_node[node(13)]);
}

TEST_CASE("the stiffness between aggregates is that of the matrix-free product")
{
  const Problem problem = held_in_many_ways();
  System system = system_of(problem, MPI_COMM_SELF);
  const Level& level = system.multigrid.finest();
  const Aggregates aggregates = make_aggregates(level, {}, MPI_COMM_SELF);
  const BlockMatrix matrix = rigid_stiffness(level, aggregates, MPI_COMM_SELF);
  REQUIRE(matrix.rows == aggregates.owned);
  double error = 0, largest = 0;
  std::vector<double> force;
  for (std::int32_t row = 0; row < matrix.rows; row += 41)
    for (std::size_t i = 0; i < 6; ++i)
    {
      apply(level, motion(level, aggregates, row, i), force);
      mask(level.constraints, force);
      for (std::size_t b = matrix.start[static_cast<std::size_t>(row)];
           b < matrix.start[static_cast<std::size_t>(row) + 1]; ++b)
        for (std::size_t j = 0; j < 6; ++j)
        {
          const std::int32_t column = matrix.column[b];
          const double expected = product(motion(level, aggregates, column, j), force);
          const double given = static_cast<double>(matrix.block(b)[6 * i + j]);
          largest = std::max(largest, std::abs(expected));
          const bool missing = row == column && i == j && expected == 0;
          if (!missing)
            error = std::max(error, std::abs(given - expected));
        }
    }
  CHECK(largest > 1000);
  CHECK(error < 1e-6 * largest);
}

TEST_CASE("the aggregation cycle is symmetric and positive")
{
  for (const Problem& problem :
       {held_in_many_ways(), clamped("nail", locked_nail(24, 60), Load::bending)})
  {
    System system = system_of(problem, MPI_COMM_SELF);
    const Level& level = system.multigrid.finest();
    CycleVectors vectors;
    Aggregation aggregation(level, vectors, MPI_COMM_SELF);
    std::vector<std::vector<double>> sides, answers;
    for (std::uint64_t n = 0; n < 4; ++n)
    {
      std::vector<double> side(level.nodes.values(), 0);
      for (std::size_t c = 0; c < 3 * static_cast<std::size_t>(level.nodes.count); ++c)
        side[c] = hashed(static_cast<int>(c), 0, 0, n) - 0.5;
      mask(level.constraints, side);
      aggregation.right_side().assign(side.begin(), side.end());
      const std::vector<float>& answer = aggregation.cycle();
      for (const std::size_t fixed : level.constraints.fixed)
        REQUIRE(answer[fixed] == 0.0F);
      answers.emplace_back(answer.begin(), answer.end());
      sides.push_back(side);
    }
    for (std::size_t a = 0; a < 4; ++a)
    {
      CHECK(product(sides[a], answers[a]) > 0);
      for (std::size_t b = 0; b < a; ++b)
        CHECK(std::abs(product(sides[a], answers[b]) - product(sides[b], answers[a])) <
              1e-4 * std::sqrt(product(sides[a], answers[a]) * product(sides[b], answers[b])));
    }
  }
}

TEST_CASE("hard bodies converge in few iterations to what the V-cycle gives")
{
  // 25 is what README.md promises for every hard case; where a body takes less by half, the limit
  // is nearer. The count scatters by one or two with the order of sums.
  struct Limit
  {
    Problem problem;
    int iterations;
  };
  const Limit limits[] = {{clamped("nail in marrow", nail_in_marrow(24, 96), Load::plates), 20},
                          {clamped("nail in marrow", nail_in_marrow(24, 96), Load::bending), 25},
                          {clamped("nail in marrow", nail_in_marrow(24, 96), Load::torsion), 25},
                          {clamped("locked nail", locked_nail(24, 96), Load::bending), 25},
                          {clamped("tumour", tumour_in_shaft(24, 48), Load::bending), 25},
                          {clamped("slit", slit_shaft(24, 48), Load::bending), 25},
                          {clamped("thin cortex", thin_cortex(24, 48), Load::plates), 25},
                          {clamped("thin cortex", thin_cortex(24, 48), Load::bending), 25},
                          {clamped("thin cortex", thin_cortex(32, 96), Load::bending), 25},
                          {clamped("struts", strut_cube(32), Load::plates), 20},
                          {clamped("struts", strut_cube(32), Load::bending), 25},
                          {clamped("thin struts", thin_strut_cube(32), Load::plates), 25},
                          {clamped("thin struts", thin_strut_cube(32), Load::bending), 25},
                          {clamped("gyroid", gyroid_cube(32), Load::plates), 20},
                          {clamped("heterogeneous", heterogeneous_cube(24), Load::plates), 15}};
  for (const auto& [problem, most] : limits)
  {
    INFO(problem.name);
    System system = system_of(problem, MPI_COMM_SELF);
    Aggregation aggregation(system.multigrid.finest(), system.multigrid.fine_vectors(),
                            MPI_COMM_SELF);
    CHECK(solved(system, aggregation, 1e-6, MPI_COMM_SELF).iterations <= most);
    CHECK(aggregation.report().bytes <
          200 * 3 * static_cast<std::uint64_t>(system.multigrid.finest().nodes.count));
    const Solved one = solved(system, aggregation, 1e-11, MPI_COMM_SELF);
    const Solved other = solved(system, system.multigrid, 1e-11, MPI_COMM_SELF);
    double error = 0, largest = 0;
    for (std::size_t n = 0; n < one.u.size(); ++n)
    {
      error = std::max(error, std::abs(one.u[n] - other.u[n]));
      largest = std::max(largest, std::abs(other.u[n]));
    }
    CHECK(error < 1e-6 * largest);
  }
}

TEST_CASE("small parts join neighbours as long as both together are not much larger than a cube")
{
  const System system =
      system_of(clamped("thin struts", thin_strut_cube(24), Load::plates), MPI_COMM_SELF);
  const Level& level = system.multigrid.finest();
  const auto is_free = free_components(level);
  for (const int edge : {2, 3})
  {
    AggregateRule rule;
    rule.edge = edge;
    const Aggregates aggregates = make_aggregates(level, rule, MPI_COMM_SELF);
    std::vector<int> nodes(static_cast<std::size_t>(aggregates.owned), 0);
    for (std::size_t n = 0; n < is_free.size(); ++n)
      if (is_free[n] != 0)
        ++nodes[static_cast<std::size_t>(aggregates.of_node[n])];
    // A part of two nodes joins even a full neighbour, and several may join the same.
    int large = 0, tiny = 0;
    for (const int count : nodes)
    {
      large += count > edge * edge * edge * 5 / 4;
      tiny += count < 3;
    }
    INFO("edge " << edge << ": " << nodes.size() << " parts, " << large << " large, " << tiny
                 << " tiny");
    CHECK(large < static_cast<int>(nodes.size()) / 50);
    CHECK(tiny < static_cast<int>(nodes.size()) / 50);
    CHECK(*std::max_element(nodes.begin(), nodes.end()) <= 2 * edge * edge * edge);
  }
}

TEST_CASE("porous bodies get small aggregates, compact ones large")
{
  const System porous = system_of(clamped("gyroid", gyroid_cube(24), Load::plates), MPI_COMM_SELF);
  const System compact =
      system_of(clamped("nail", nail_in_marrow(24, 24), Load::plates), MPI_COMM_SELF);
  CHECK(aggregation_for(porous.multigrid.finest(), MPI_COMM_SELF).aggregates.edge == 2);
  CHECK(aggregation_for(compact.multigrid.finest(), MPI_COMM_SELF).aggregates.edge == 3);
}

TEST_CASE("the levels of aggregates are solved to the accuracy asked for")
{
  System system =
      system_of(clamped("thin cortex", thin_cortex(32, 64), Load::bending), MPI_COMM_SELF);
  const Level& level = system.multigrid.finest();
  const Aggregates aggregates = make_aggregates(level, {}, MPI_COMM_SELF);
  const auto made = [&](double accuracy)
  {
    AggregationLevel first;
    first.first = aggregates.first;
    first.matrix = rigid_stiffness(level, aggregates, MPI_COMM_SELF);
    first.modes = aggregates.modes;
    AggregationCycle cycle;
    cycle.accuracy = accuracy;
    cycle.most_cycles = 30;
    return AggregationHierarchy(std::move(first), cycle, MPI_COMM_SELF);
  };
  for (const double accuracy : {0.25, 0.05})
  {
    AggregationHierarchy hierarchy = made(accuracy);
    AggregationLevel& top = hierarchy.first();
    // The energy of the error of a known solution, relative to the solution's.
    std::vector<float> truth(top.x.size(), 0.0F), side(top.x.size(), 0.0F);
    for (std::size_t row = 0; row < static_cast<std::size_t>(top.matrix.rows); ++row)
      for (std::size_t c = 0; c < 6; ++c)
        truth[block_stride * row + c] =
            static_cast<float>(hashed(static_cast<int>(row), static_cast<int>(c), 0) - 0.5);
    multiply(top.matrix, truth, side);
    top.b = side;
    hierarchy.solve();
    std::vector<float> error = truth, force(truth.size(), 0.0F);
    double whole = 0, left = 0;
    for (std::size_t n = 0; n < error.size(); ++n)
    {
      whole += static_cast<double>(truth[n]) * static_cast<double>(side[n]);
      error[n] -= top.x[n];
    }
    multiply(top.matrix, error, force);
    for (std::size_t n = 0; n < error.size(); ++n)
      left += static_cast<double>(error[n]) * static_cast<double>(force[n]);
    CHECK(whole > 0);
    CHECK(left >= 0);
    // Random: the few eigenvectors below the interval that the cycles aim at hardly count.
    CHECK(std::sqrt(left / whole) < accuracy);
  }
}

TEST_CASE("bodies of one voxel, one aggregate or none free are solved")
{
  for (const int edge : {1, 2, 3})
  {
    const Problem problem =
        clamped("small", make_body({edge, edge, edge}, [](int, int, int) { return 1000.0; }),
                Load::bending);
    System system = system_of(problem, MPI_COMM_SELF);
    Aggregation aggregation(system.multigrid.finest(), system.multigrid.fine_vectors(),
                            MPI_COMM_SELF);
    CHECK(solved(system, aggregation, 1e-8, MPI_COMM_SELF).iterations <= 20);
  }
  const Problem held =
      clamped("held", make_body({1, 1, 1}, [](int, int, int) { return 1000.0; }), Load::plates);
  System system = system_of(held, MPI_COMM_SELF);
  Aggregation aggregation(system.multigrid.finest(), system.multigrid.fine_vectors(),
                          MPI_COMM_SELF);
  CHECK(aggregation.report().aggregates == 0);
}
