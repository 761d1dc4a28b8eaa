#include "voxel/petsc_reference.hpp"

#include "bodies.hpp"
#include "bodies/levels.hpp"
#include "petsc/session.hpp"
#include "voxel/assembled.hpp"
#include "voxel/element_matrix.hpp"
#include "voxel/operator.hpp"
#include "voxel/petsc_values.hpp"

#include <catch2/catch.hpp>

using namespace calcar;
using namespace bodies;
using namespace calcar::voxel;
using Catch::Contains;

namespace
{

/// The bottom is held, the top on springs, one side node moved.
Level held_level(const VoxelBody& b)
{
  return test_bodies::level_of(b, MPI_COMM_SELF,
                               [top = b.grid.size[2]](NodeIndex n)
                               {
                                 return n.k == 0     ? test_bodies::At::support
                                        : n.k == top ? test_bodies::At::spring
                                                     : test_bodies::At::nothing;
                               });
}

std::vector<double> random_values(const Level& level)
{
  std::mt19937 generator(3);
  std::vector<double> values(level.nodes.values(), 0);
  for (std::size_t n = 0; n + 3 < values.size(); ++n)
    values[n] = static_cast<double>(generator()) / 2147483648.0 - 1;
  return values;
}

double largest(const std::vector<double>& values)
{
  double result = 0;
  for (const double value : values)
    result = std::max(result, std::abs(value));
  return result;
}

/// The last node, pulled sideways.
std::vector<LocalForce> pull(const Level& level)
{
  return {{level.nodes.owned - 1, {30, -10, 5}}};
}

} // namespace

TEST_CASE("the element matrix is that of the product, written another way")
{
  const Vec3 spacing{0.6, 1.1, 1.7};
  std::vector<float> lambda(brick_voxels, 0), mu(brick_voxels, 0);
  lambda[0] = 700;
  mu[0] = 300;
  std::vector<std::int32_t> table(brick_nodes, 8);
  for (int corner = 0; corner < 8; ++corner)
    table[static_cast<std::size_t>(node_position(corner & 1, corner >> 1 & 1, corner >> 2))] =
        corner;
  const std::uint64_t rows = 1;
  const BrickView one{1, table.data(), lambda.data(), mu.data(), &rows, spacing};
  const ElementMatrix matrix = element_matrix(spacing, 700, 300);
  for (std::size_t column = 0; column < 24; ++column)
  {
    std::vector<double> u(27, 0), f(27, 0);
    u[column] = 1;
    multiply(one, u.data(), f.data());
    for (std::size_t row = 0; row < 24; ++row)
      CHECK(std::abs(f[row] - matrix[24 * row + column]) < 1e-12 * matrix[24 * row + row]);
  }
}

TEST_CASE("the assembled matrix times a vector is the matrix-free product")
{
  petsc::start();
  const VoxelBody b = contrast_block({9, 11, 17}, {0.6, 1.1, 1.7});
  const Level level = held_level(b);
  const std::vector<double> u = random_values(level);
  std::vector<double> expected, got;
  apply(level, u, expected);

  const petsc::Matrix matrix = assemble(level, MPI_COMM_SELF);
  const petsc::Vector x = make_vector(level.nodes, MPI_COMM_SELF);
  const petsc::Vector y = make_vector(level.nodes, MPI_COMM_SELF);
  to_petsc(level.nodes, u, x);
  REQUIRE(MatMult(matrix, x, y) == 0);
  from_petsc(level.nodes, y, got);
  REQUIRE(got.size() == expected.size());
  for (std::size_t n = 0; n < got.size(); ++n)
    got[n] -= expected[n];
  CHECK(largest(got) < 1e-12 * largest(expected));
}

TEST_CASE("MUMPS is given more room when its estimate does not suffice")
{
  const Level level = held_level(contrast_block({9, 8, 13}, {1, 0.8, 1.3}));
  const std::vector<double> start(level.nodes.values(), 0);
  const std::vector<double> enough =
      SolverReference(level, MPI_COMM_SELF).solve(level, pull(level), start);
  const std::vector<double> enlarged =
      SolverReference(level, MPI_COMM_SELF, -90).solve(level, pull(level), start);
  REQUIRE(enlarged.size() == enough.size());
  for (std::size_t n = 0; n < enough.size(); ++n)
    CHECK(std::abs(enlarged[n] - enough[n]) <= 1e-12 * largest(enough));
}

TEST_CASE("the direct solution is in balance and keeps the prescribed displacements")
{
  const Level level = held_level(contrast_block({9, 8, 13}, {1, 0.8, 1.3}));
  const SolverReference reference(level, MPI_COMM_SELF);
  std::vector<double> u(level.nodes.values(), 0);
  u[level.constraints.fixed[7]] = 0.02;
  u[level.constraints.fixed[20]] = -0.01;
  const std::vector<double> direct = reference.solve(level, pull(level), u);
  for (const std::size_t component : level.constraints.fixed)
    CHECK(direct[component] == Approx(u[component]).margin(1e-17));
  std::vector<double> balance;
  apply(level, direct, balance);
  for (const LocalForce& force : pull(level))
    for (std::size_t c = 0; c < 3; ++c)
      balance[3 * static_cast<std::size_t>(force.node) + c] -= force.force[c];
  const double scale = largest(balance); // a reaction
  mask(level.constraints, balance);
  CHECK(largest(balance) < 1e-10 * scale);
  CHECK_NOTHROW(reference.check(level, pull(level), u, direct, 1e-12));
}

TEST_CASE("a solution that is a little wrong is found out")
{
  const Level level = held_level(contrast_block({9, 8, 13}));
  const SolverReference reference(level, MPI_COMM_SELF);
  const std::vector<double> start(level.nodes.values(), 0);
  const std::vector<double> right = reference.solve(level, pull(level), start);
  const std::size_t free = 3 * static_cast<std::size_t>(level.nodes.owned) - 5;
  const double top = largest(right);
  std::vector<double> wrong = right;
  wrong[free] += 1e-4 * top;
  CHECK_THROWS_AS(reference.check(level, pull(level), start, wrong, 1e-8), SolveError);
  CHECK_THROWS_WITH(reference.check(level, pull(level), start, wrong, 1e-8),
                    Contains("--check-solver") && Contains("0.0001 in the displacements"));
  wrong[free] = std::numeric_limits<double>::quiet_NaN();
  CHECK_THROWS_AS(reference.check(level, pull(level), start, wrong, 1e-8), SolveError);
  // A support that was not held.
  wrong = right;
  wrong[level.constraints.fixed[5]] += 1e-4 * top;
  CHECK_THROWS_AS(reference.check(level, pull(level), start, wrong, 1e-8), SolveError);
  // What was asked for more loosely may differ more.
  wrong = right;
  wrong[free] += 1e-9 * top;
  CHECK_NOTHROW(reference.check(level, pull(level), start, wrong, 1e-8));
  CHECK(allowed_difference(1e-8) == Approx(1e-5));
  CHECK(allowed_difference(1e-12) == Approx(1e-5));
  CHECK(allowed_difference(1e-4) == Approx(0.1));
}

TEST_CASE("the solution of a body that differs in one modulus or a spring is found out")
{
  VoxelBody b = contrast_block({9, 8, 13});
  const Level level = held_level(b);
  const SolverReference reference(level, MPI_COMM_SELF);
  const std::vector<double> none(level.nodes.values(), 0);
  b.youngs[200] *= 1.5F;
  const Level stiffer = held_level(b);
  const auto of_stiffer = SolverReference(stiffer, MPI_COMM_SELF).solve(stiffer, pull(level), none);
  CHECK_THROWS_AS(reference.check(level, pull(level), none, of_stiffer, 1e-8), SolveError);
  Level softer = held_level(contrast_block({9, 8, 13}));
  softer.constraints.springs.pop_back();
  const auto of_softer = SolverReference(softer, MPI_COMM_SELF).solve(softer, pull(level), none);
  CHECK_THROWS_AS(reference.check(level, pull(level), none, of_softer, 1e-8), SolveError);
}

TEST_CASE("a rigid motion, which strains nothing, passes the comparison")
{
  const VoxelBody b = block({6, 5, 9});
  VoxelSupports supports;
  supports.names = {"bottom", "top"};
  fix_plane(b, 0, -1, 0.5, 0, supports);
  fix_plane(b, 9, -1, 0.5, 1, supports);
  Engine engine(b, supports, MPI_COMM_SELF, {1e-8, 100, "", true});
  const auto check = engine.solve({{}}, {1}).front().report.check;
  REQUIRE(check);
  CHECK(check->displacement_difference < 1e-6);
}

TEST_CASE("an engine that checks reports the differences of every load case")
{
  const VoxelBody b = bone_tube(14, 30, {1, 0.9, 1.2});
  VoxelSupports supports;
  supports.names = {"clamp"};
  fix_plane(b, 0, -1, 0.001, 0, supports);
  NodeIndex last{};
  for_nodes(b, [&](NodeIndex n, int) { last = n; });
  Engine engine(b, supports, MPI_COMM_SELF, {1e-8, 300, "", true});
  const auto solutions = engine.solve({{{last, {10, 0, 0}}}, {{last, {0, 0, -50}}}}, {0, 1});
  for (const Solution& solution : solutions)
  {
    REQUIRE(solution.report.check);
    CHECK(solution.report.check->displacement_difference < 1e-5);
    CHECK(solution.report.check->reaction_difference < 1e-5);
    CHECK(solution.report.check->energy_difference < 1e-5);
    CHECK(solution.report.check->unknowns == engine.unknowns());
    CHECK(solution.report.check->seconds > 0);
  }
  CHECK(solutions.front().report.check->displacement_difference > 0);
}

TEST_CASE("what the residual leaves undone stays within what is allowed")
{
  const VoxelBody slender = block({4, 4, 80}); // bent: the softest motion of all
  const VoxelBody mixed = contrast_block({12, 12, 12});
  const VoxelBody hollow = bone_tube(12, 40);
  for (const VoxelBody* b : {&slender, &mixed, &hollow})
    for (const bool pushed : {true, false}) // by a force, or by moving the far end
      for (const double residual : {1e-4, 1e-8})
      {
        VoxelSupports supports;
        supports.names = {"clamp", "end"};
        fix_plane(*b, 0, -1, 0, 0, supports);
        if (!pushed)
          fix_plane(*b, b->grid.size[2], 0, 0.1, 1, supports);
        NodeIndex last{};
        for_nodes(*b, [&](NodeIndex n, int) { last = n; });
        Engine engine(*b, supports, MPI_COMM_SELF, {residual, 500, "", true});
        std::vector<NodalForce> forces;
        if (pushed)
          forces.push_back({last, {1, 2, 0.5}});
        const SolveReport report = engine.solve({forces}, {1}).front().report;
        REQUIRE(report.check);
        INFO("residual " << report.relative_residual);
        CHECK(report.check->displacement_difference < 300 * report.relative_residual + 1e-9);
        CHECK(report.check->reaction_difference < 300 * report.relative_residual + 1e-9);
        CHECK(report.check->energy_difference < 300 * report.relative_residual + 1e-9);
      }
}

TEST_CASE("a body too large to be factored is refused before it is solved")
{
  CHECK_NOTHROW(refuse_large_check(largest_checked));
  CHECK_THROWS_AS(refuse_large_check(largest_checked + 1), InputError);
  const VoxelBody b = block({32, 32, 32});
  VoxelSupports supports;
  supports.names = {"clamp"};
  fix_plane(b, 0, -1, 0, 0, supports);
  CHECK_THROWS_WITH(Engine(b, supports, MPI_COMM_SELF, {1e-8, 100, "", true}),
                    Contains("107811 unknowns") && Contains("100000") && Contains("larger voxels"));
}
