#include "bodies.hpp"
#include "bodies/levels.hpp"
#include "model/lattice.hpp"
#include "voxel/multigrid.hpp"
#include "voxel/operator.hpp"
#include "voxel/transfer.hpp"

#include <catch2/catch.hpp>

using namespace calcar;
using namespace bodies;
using namespace calcar::voxel;

namespace
{

/// The finest level of a porous body with fixed nodes on both sides of a coarse node, and an
/// oblique spring.
Level porous_level()
{
  return test_bodies::level_of(porous_block({21, 18, 25}), MPI_COMM_SELF,
                               [](NodeIndex n)
                               {
                                 return n.k == 3 || n.i == 20 ? test_bodies::At::support
                                        : n.k == 25           ? test_bodies::At::spring
                                                              : test_bodies::At::nothing;
                               });
}

template <typename T>
std::vector<T> random_vector(const Level& level, unsigned seed)
{
  std::mt19937 generator(seed);
  std::vector<T> values(level.nodes.values(), 0);
  for (std::size_t n = 0; n + 3 < values.size(); ++n)
    values[n] = static_cast<T>(static_cast<double>(generator()) / 2147483648.0 - 1);
  mask(level.constraints, values);
  return values;
}

} // namespace

TEST_CASE("nodes are numbered once and found again")
{
  const VoxelBody b = porous_block({21, 18, 25});
  const Level level = porous_level();
  std::vector<int> seen(static_cast<std::size_t>(level.nodes.count), 0);
  for (const NodeIndex& n : calcar::model::nodes_of(b.grid, b.voxels))
  {
    const std::int32_t node = find_node(level.bricks, level.nodes, n.i, n.j, n.k);
    REQUIRE(node >= 0);
    ++seen[static_cast<std::size_t>(node)];
    const auto home = static_cast<std::size_t>(home_brick(level.nodes, node));
    CHECK(lattice_id(level.bricks, level.bricks.list[home],
                     level.nodes.position[static_cast<std::size_t>(node)]) ==
          lattice_id(b.grid.size, n.i, n.j, n.k));
  }
  CHECK(std::all_of(seen.begin(), seen.end(), [](int times) { return times == 1; }));
}

TEST_CASE("the operator is symmetric")
{
  const Level level = porous_level();
  const auto x = random_vector<double>(level, 1), y = random_vector<double>(level, 2);
  std::vector<double> kx, ky;
  apply(level, x, kx);
  apply(level, y, ky);
  const double a = dot(level.nodes, x, ky, MPI_COMM_SELF);
  const double b = dot(level.nodes, y, kx, MPI_COMM_SELF);
  CHECK(std::abs(a - b) < 1e-11 * dot(level.nodes, x, kx, MPI_COMM_SELF));
}

TEST_CASE("the diagonal is that of the operator")
{
  const Level level = porous_level();
  const std::vector<float> entries = diagonal(level);
  for (const std::size_t n : {std::size_t{0}, std::size_t{301}, std::size_t{2222}})
  {
    std::vector<double> unit(level.nodes.values(), 0), column;
    unit[n] = 1;
    apply(level, unit, column);
    CHECK(static_cast<double>(entries[n]) == Approx(column[n]).epsilon(1e-6));
  }
}

TEST_CASE("restriction is the transpose of prolongation")
{
  const Multigrid multigrid(porous_level(), MPI_COMM_SELF);
  const Level& fine = multigrid.levels()[0];
  const Level& coarse = multigrid.levels()[1];
  const auto f = random_vector<float>(fine, 3), c = random_vector<float>(coarse, 4);
  std::vector<float> up(fine.nodes.values(), 0), down;
  add_prolonged(fine, coarse, c, up);
  restrict_to(fine, coarse, f.data(), down);
  CHECK(dot(fine.nodes, up, f, MPI_COMM_SELF) ==
        Approx(dot(coarse.nodes, down, c, MPI_COMM_SELF)).epsilon(1e-4));
}

TEST_CASE("prolongation keeps linear fields where nothing is fixed")
{
  Level level = porous_level();
  level.constraints.fixed.clear();
  const Multigrid multigrid(std::move(level), MPI_COMM_SELF);
  const Level& fine = multigrid.levels()[0];
  const Level& coarse = multigrid.levels()[1];
  const auto field = [](const Level& l)
  {
    std::vector<float> values(l.nodes.values(), 0);
    for (std::int32_t n = 0; n < l.nodes.count; ++n)
    {
      const auto& brick = l.bricks.list[static_cast<std::size_t>(home_brick(l.nodes, n))];
      const auto at = node_indices(l.nodes.position[static_cast<std::size_t>(n)]);
      const double x = (8 * brick.i + at[0]) * l.bricks.spacing.x;
      const double z = (8 * brick.k + at[2]) * l.bricks.spacing.z;
      values[3 * static_cast<std::size_t>(n)] = static_cast<float>(1 + 0.5 * x - 0.25 * z);
    }
    return values;
  };
  std::vector<float> up(fine.nodes.values(), 0);
  add_prolonged(fine, coarse, field(coarse), up);
  const auto expected = field(fine);
  float error = 0;
  for (std::size_t n = 0; n < up.size(); ++n)
    error = std::max(error, std::abs(up[n] - expected[n]));
  CHECK(error < 1e-5F);
}

TEST_CASE("the V-cycle is symmetric and positive")
{
  Multigrid multigrid(porous_level(), MPI_COMM_SELF);
  const Level& level = multigrid.finest();
  CHECK(multigrid.levels().size() >= 3);
  const auto b1 = random_vector<float>(level, 5), b2 = random_vector<float>(level, 6);
  multigrid.right_side() = b1;
  const std::vector<float> x1 = multigrid.cycle();
  multigrid.right_side() = b2;
  const std::vector<float> x2 = multigrid.cycle();
  const double energy = dot(level.nodes, x1, b1, MPI_COMM_SELF);
  CHECK(energy > 0);
  CHECK(dot(level.nodes, x2, b2, MPI_COMM_SELF) > 0);
  CHECK(std::abs(dot(level.nodes, x1, b2, MPI_COMM_SELF) -
                 dot(level.nodes, x2, b1, MPI_COMM_SELF)) < 1e-4 * energy);
  for (const std::size_t component : level.constraints.fixed)
    REQUIRE(x1[component] == 0.0F);
}
