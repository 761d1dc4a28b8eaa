#include "bodies.hpp"
#include "voxel/engine.hpp"

#include <catch2/catch.hpp>

using namespace calcar;
using namespace bodies;
using Catch::Contains;
using voxel::Engine;
using voxel::Solution;

namespace
{

/// A clamped block with moduli from 50 to 20000 MPa, a spring foundation on top and a moved side.
struct Setting
{
  VoxelBody body = contrast_block({17, 12, 20}, {1, 0.7, 1.4});
  VoxelSupports supports;
  std::vector<NodalForce> forces = end_load(body, 20, {20, -30, 100});

  Setting()
  {
    supports.names = {"clamp", "foundation", "side"};
    fix_plane(body, 0, -1, 0, 0, supports);
    for (const NodalForce& share : end_load(body, 20, {1, 0, 0}))
      supports.springs.push_back(
          {share.node, share.force.x * SymTensor{3000, 2000, 9000, 400, -300, 200}, 1});
    supports.fixed.push_back({{17, 3, 11}, 0, 0.01, 2});
  }

  Solution solve(const std::string& petsc, double residual = 1e-10, int iterations = 300) const
  {
    Engine engine(body, supports, MPI_COMM_SELF, {residual, iterations, petsc});
    return engine.solve({forces}, {1}).front();
  }
};

double difference(const Solution& a, const Solution& b)
{
  double largest = 0, apart = 0;
  for (std::size_t n = 0; n < a.displacement.size(); ++n)
  {
    apart = std::max(apart, norm(a.displacement[n] - b.displacement[n]));
    largest = std::max(largest, norm(b.displacement[n]));
  }
  return apart / largest;
}

} // namespace

TEST_CASE("PETSc's Krylov solver finds what our own finds")
{
  const Setting setting;
  const Solution own = setting.solve("", 1e-12);
  for (const char* options : {"-ksp_type fcg", "-ksp_type cg", "-ksp_type gmres",
                              "-ksp_type fgmres -ksp_gmres_restart 40", "-ksp_type gcr",
                              "-ksp_type bcgs", "-ksp_type cg -ksp_rtol 1e-3"})
  {
    INFO(options);
    const Solution petsc = setting.solve(options, 1e-12);
    CHECK(petsc.report.relative_residual <= 1e-12);
    CHECK(difference(petsc, own) < 1e-10);
    CHECK(std::abs(petsc.strain_energy / own.strain_energy - 1) < 1e-10);
    for (std::size_t s = 0; s < own.reaction.size(); ++s)
      CHECK(norm(petsc.reaction[s] - own.reaction[s]) < 1e-9 * 100);
  }
}

TEST_CASE("the default method of PETSc takes our own iterations")
{
  const Setting setting;
  const int own = setting.solve("").report.iterations;
  const int petsc = setting.solve("-ksp_type fcg").report.iterations;
  CHECK(std::abs(petsc - own) <= 1);
}

TEST_CASE("the V-cycle can be exchanged for PETSc's simple preconditioners")
{
  const Setting setting;
  const Solution own = setting.solve("", 1e-10);
  const Solution jacobi = setting.solve("-ksp_type cg -pc_type jacobi", 1e-10, 3000);
  const Solution none = setting.solve("-ksp_type cg -pc_type none", 1e-10, 20000);
  CHECK(difference(jacobi, own) < 1e-7);
  CHECK(difference(none, own) < 1e-7);
  CHECK(own.report.iterations * 4 < jacobi.report.iterations);
  CHECK(jacobi.report.iterations < none.report.iterations);
}

TEST_CASE("no load needs no iteration of PETSc")
{
  Setting setting;
  setting.forces.clear();
  Engine engine(setting.body, setting.supports, MPI_COMM_SELF, {1e-8, 100, "-ksp_type cg"});
  const Solution still = engine.solve({{}}, {0}).front();
  CHECK(still.report.iterations == 0);
  CHECK(still.strain_energy == 0);
}

TEST_CASE("options that PETSc does not know are refused by name")
{
  const Setting setting;
  CHECK_THROWS_AS(setting.solve("-ksp_monotor"), InputError);
  CHECK_THROWS_WITH(setting.solve("-ksp_monotor"), Contains("--petsc") && Contains("-ksp_monotor"));
  CHECK_THROWS_WITH(setting.solve("-ksp_type cg -ksp_gmres_restart 5"),
                    Contains("-ksp_gmres_restart") && Contains("chosen -ksp_type"));
  CHECK_THROWS_WITH(setting.solve("-ksp_converged_raison"), Contains("-ksp_converged_raison"));
  CHECK_THROWS_WITH(setting.solve("-ksp_type conjugate"),
                    Contains("PETSc refuses the options") && Contains("conjugate"));
  CHECK_THROWS_WITH(setting.solve("-ksp_type"), Contains("PETSc refuses the options"));
  CHECK_THROWS_WITH(setting.solve("-ksp_max_it many"), Contains("PETSc refuses the options"));
  CHECK_THROWS_WITH(setting.solve("-pc_type lu"), Contains("PETSc refuses the options"));
}

TEST_CASE("a Krylov solver of PETSc that does not converge says so")
{
  const Setting setting;
  CHECK_THROWS_AS(setting.solve("-ksp_type cg", 1e-10, 3), SolveError);
  CHECK_THROWS_WITH(setting.solve("-ksp_type cg", 1e-10, 3),
                    Contains("DIVERGED_ITS") && Contains("after 3 iterations"));
  CHECK_THROWS_WITH(setting.solve("-ksp_type cg -ksp_max_it 2"), Contains("after 2 iterations"));
  CHECK_THROWS_WITH(setting.solve("-ksp_type preonly"), Contains("PETSc's Krylov solver"));
}
