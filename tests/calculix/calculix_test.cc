// The voxel engine against CalculiX on the same hexahedral mesh: its C3D8 is the trilinear
// hexahedron integrated at 2 x 2 x 2 points (in version 2.20 without B-bar or selective
// integration: it agrees for Poisson ratios of 0.45 as well).

#include "calculix/calculix.hpp"
#include "model/lattice.hpp"
#include "temporary_folder.hpp"
#include "voxel/engine.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <memory>

using namespace calcar;

namespace
{
struct Example
{
  model::VoxelBody body;
  model::VoxelSupports supports;
  std::vector<model::NodalForce> forces;
};

/**
 * 6 x 5 x 4 voxels of 1.0 x 0.8 x 1.3 mm with some holes: cortex, spongy bone and nearly
 * incompressible marrow in turns. The side i = 0 is bent by prescribed displacements, and forces in
 * all three directions pull at the side i = 6.
 */
Example mixed_block()
{
  constexpr float youngs[3] = {17000, 800, 60};
  constexpr float poisson[3] = {0.3F, 0.2F, 0.45F};
  Example example;
  example.body.grid.size = {6, 5, 4};
  example.body.grid.spacing = {1.0, 0.8, 1.3};
  for (std::uint64_t voxel = 0; voxel < example.body.grid.voxels(); ++voxel)
  {
    if (voxel % 17 == 5)
      continue;
    const std::size_t tissue = 7 * voxel / 3 % 3;
    example.body.voxels.push_back(voxel);
    example.body.youngs.push_back(youngs[tissue]);
    example.body.poisson.push_back(poisson[tissue]);
  }
  example.supports.names = {"side"};
  for (const auto& node : model::nodes_of(example.body.grid, example.body.voxels))
  {
    const double bent[3] = {1e-3 * (node.j - 2), 2e-3 * node.k, -1e-3};
    if (node.i == 0)
      for (int axis = 0; axis < 3; ++axis)
        example.supports.fixed.push_back({node, axis, bent[axis], 0});
    if (node.i == 6)
      example.forces.push_back({node, {5.0 + node.j, 2, -1.0 * node.k}});
  }
  return example;
}

calculix::Answer ask_calculix(const Example& example, const std::string& element)
{
  const test::TemporaryFolder folder;
  calculix::write_input(folder.path() / "block.inp",
                        {example.body, example.supports, example.forces}, calculix::Solver::spooles,
                        calculix::Print::everything, element);
  calculix::run(folder.path() / "block.inp");
  const auto nodes = model::nodes_of(example.body.grid, example.body.voxels);
  return calculix::read_answer(folder.path() / "block.dat", nodes.size(),
                               example.body.voxels.size());
}

voxel::Solution solve(const Example& example)
{
  voxel::Options options;
  options.relative_residual = 1e-12;
  voxel::Engine engine(example.body, example.supports, MPI_COMM_SELF, options);
  return engine.solve({example.forces}, {1}).front();
}

/// Largest difference over the largest displacement.
double difference(const std::vector<Vec3>& ours, const std::vector<Vec3>& theirs)
{
  REQUIRE(ours.size() == theirs.size());
  double largest = 0;
  double apart = 0;
  for (std::size_t n = 0; n < ours.size(); ++n)
  {
    largest = std::max(largest, norm(theirs[n]));
    apart = std::max(apart, norm(ours[n] - theirs[n]));
  }
  return apart / largest;
}

double size_of(const SymTensor& tensor)
{
  return std::sqrt(contract(tensor, tensor));
}

/// Hooke's law.
SymTensor stress_of(const SymTensor& strain, double youngs, double poisson)
{
  const double lambda = youngs * poisson / ((1 + poisson) * (1 - 2 * poisson));
  const double pressure = lambda * trace(strain);
  return youngs / (1 + poisson) * strain + SymTensor{pressure, pressure, pressure, 0, 0, 0};
}

/// On a box the mean over the integration points is the stress of the mean gradient, which is the
/// gradient at the centre.
SymTensor mean(const std::vector<SymTensor>& points)
{
  SymTensor sum;
  for (const SymTensor& point : points)
    sum = sum + point;
  return 1.0 / static_cast<double>(points.size()) * sum;
}

double stress_difference(const Example& example, const voxel::Solution& ours,
                         const calculix::Answer& theirs)
{
  REQUIRE(ours.strain.size() == theirs.stresses.size());
  double largest = 0;
  double apart = 0;
  for (std::size_t e = 0; e < ours.strain.size(); ++e)
  {
    REQUIRE(theirs.stresses[e].size() == 8);
    const SymTensor expected = mean(theirs.stresses[e]);
    const SymTensor stress = stress_of(ours.strain[e], static_cast<double>(example.body.youngs[e]),
                                       static_cast<double>(example.body.poisson[e]));
    largest = std::max(largest, size_of(expected));
    apart = std::max(apart, size_of(stress + -1.0 * expected));
  }
  return apart / largest;
}
} // namespace

TEST_CASE("the engine agrees with CalculiX in displacement and stress on the same mesh")
{
  const Example example = mixed_block();
  const voxel::Solution ours = solve(example);
  const calculix::Answer theirs = ask_calculix(example, "C3D8");
  // CalculiX prints seven digits. Asked for: 1e-4.
  const double displacement = difference(ours.displacement, theirs.displacement);
  const double stress = stress_difference(example, ours, theirs);
  INFO("relative differences: displacement " << displacement << ", stress " << stress);
  CHECK(displacement < 1e-6);
  CHECK(stress < 1e-5);
}

TEST_CASE("the comparison with CalculiX tells elements apart")
{
  // Reduced integration and incompatible modes give other answers than full integration.
  const Example example = mixed_block();
  const voxel::Solution ours = solve(example);
  CHECK(difference(ours.displacement, ask_calculix(example, "C3D8R").displacement) > 0.1);
  CHECK(difference(ours.displacement, ask_calculix(example, "C3D8I").displacement) > 0.1);
}

TEST_CASE("without CalculiX the comparison fails and says what installs it")
{
  const std::string path = std::getenv("PATH");
  setenv("PATH", "", 1);
  const auto restore = [&](int*) { setenv("PATH", path.c_str(), 1); };
  int here = 0;
  const std::unique_ptr<int, decltype(restore)> guard(&here, restore);
  CHECK_THROWS_WITH(calculix::run("block.inp"),
                    Catch::Contains("scripts/setup") && Catch::Contains("calculix-ccx"));
}
