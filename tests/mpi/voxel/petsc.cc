#include "base/parallel.hpp"
#include "bodies/levels.hpp"
#include "petsc/session.hpp"
#include "unit/voxel/bodies.hpp"
#include "voxel/assembled.hpp"
#include "voxel/engine.hpp"
#include "voxel/operator.hpp"
#include "voxel/petsc_values.hpp"

#include <catch2/catch.hpp>

using namespace calcar;
using namespace bodies;
using namespace calcar::voxel;
using Catch::Contains;

namespace
{

const MPI_Comm world = MPI_COMM_WORLD;

double largest(const std::vector<double>& values)
{
  double result = 0;
  for (const double value : values)
    result = std::max(result, std::abs(value));
  MPI_Allreduce(MPI_IN_PLACE, &result, 1, MPI_DOUBLE, MPI_MAX, world);
  return result;
}

Level with_springs(const VoxelBody& b)
{
  return test_bodies::level_of(
      b, world,
      [](NodeIndex n) { return n.k == 0 ? test_bodies::At::spring : test_bodies::At::nothing; });
}

/// A number of each component that all sharers of its node agree on.
std::vector<double> field(const VoxelBody& b, const Level& level)
{
  std::vector<double> values(level.nodes.values(), 0);
  for_nodes(b,
            [&](NodeIndex n, int)
            {
              const std::int32_t node = find_node(level.bricks, level.nodes, n.i, n.j, n.k);
              if (node >= 0)
                for (std::size_t c = 0; c < 3; ++c)
                  values[3 * static_cast<std::size_t>(node) + c] =
                      noise(n.i, n.j, 3 * n.k + static_cast<int>(c)) - 0.5;
            });
  return values;
}

struct Case
{
  VoxelBody body = contrast_block({17, 10, 18}, {1, 0.8, 1.3});
  VoxelSupports supports;
  std::vector<NodalForce> forces = end_load(body, 18, {20, -30, 100});

  Case()
  {
    supports.names = {"clamp", "foundation"};
    fix_plane(body, 0, -1, 0.001, 0, supports);
    for (const NodalForce& share : end_load(body, 18, {1, 0, 0}))
      supports.springs.push_back(
          {share.node, share.force.x * SymTensor{3000, 2000, 9000, 400, -300, 200}, 1});
  }
};

} // namespace

TEST_CASE("the assembled matrix is the matrix-free product on any number of ranks")
{
  petsc::start();
  const VoxelBody b = contrast_block({20, 18, 25}, {0.6, 1.1, 1.7});
  const Level level = with_springs(b);
  const std::vector<double> u = field(b, level);
  std::vector<double> expected, got;
  apply(level, u, expected);
  const petsc::Matrix matrix = assemble(level, world);
  const petsc::Vector x = make_vector(level.nodes, world), y = make_vector(level.nodes, world);
  to_petsc(level.nodes, u, x);
  const int error = MatMult(matrix, x, y);
  from_petsc(level.nodes, y, got); // the copies too
  for (std::size_t n = 0; n < got.size(); ++n)
    got[n] -= expected[n];
  const double apart = largest(got), scale = largest(expected);
  CHECK(error == 0);
  CHECK(apart < 1e-12 * scale);
}

TEST_CASE("PETSc's Krylov solver, our own and MUMPS agree on any number of ranks")
{
  const Case given;
  Engine own(given.body, given.supports, world, {1e-12, 300, "", true});
  Engine petsc(given.body, given.supports, world, {1e-12, 300, "-ksp_type cg", true});
  const Solution a = own.solve({given.forces}, {1}).front();
  const Solution b = petsc.solve({given.forces}, {1}).front();
  double apart = 0, scale = 0;
  for (std::size_t n = 0; n < a.displacement.size(); ++n)
  {
    apart = std::max(apart, norm(a.displacement[n] - b.displacement[n]));
    scale = std::max(scale, norm(a.displacement[n]));
  }
  CHECK(apart <= 1e-10 * scale);
  CHECK(std::abs(a.report.iterations - b.report.iterations) <= 3);
  for (const Solution* solution : {&a, &b})
  {
    CHECK(solution->report.check.has_value());
    const SolverCheck check = solution->report.check.value_or(SolverCheck{1, 1, 1});
    CHECK(check.displacement_difference < 1e-9);
    CHECK(check.reaction_difference < 1e-9);
    CHECK(check.energy_difference < 1e-9);
  }
}

TEST_CASE("a body of fewer bricks than ranks is compared too")
{
  const VoxelBody b = contrast_block({5, 6, 7});
  VoxelSupports supports;
  supports.names = {"clamp"};
  fix_plane(b, 0, -1, 0, 0, supports);
  Engine engine(b, supports, world, {1e-10, 300, "-ksp_type cg", true});
  const Solution solution = engine.solve({end_load(b, 7, {1, 2, 3})}, {1}).front();
  CHECK(solution.report.check.value_or(SolverCheck{1, 1, 1}).displacement_difference < 1e-8);
}

TEST_CASE("options that PETSc refuses are refused on every rank, and the engine can go on")
{
  const Case given;
  Engine wrong(given.body, given.supports, world, {1e-8, 300, "-ksp_monotor"});
  CHECK_THROWS_WITH(wrong.solve({given.forces}, {1}), Contains("-ksp_monotor"));
  Engine few(given.body, given.supports, world, {1e-8, 2, "-ksp_type cg"});
  CHECK_THROWS_AS(few.solve({given.forces}, {1}), SolveError);
  CHECK_NOTHROW(few.solve({{}}, {0}));
}
