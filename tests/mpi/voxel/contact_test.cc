#include "base/parallel.hpp"
#include "unit/voxel/contact_bodies.hpp"
#include "voxel/engine.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace calcar;
using namespace bodies;
using voxel::CoarseSpace;
using voxel::Engine;
using voxel::Options;
using voxel::Solution;

namespace
{
const MPI_Comm world = MPI_COMM_WORLD;

/// A rod in a tube, clamped at one end; the tube is loaded at the other.
struct Nailed
{
  Bar beam;
  VoxelSupports supports;
  std::vector<std::vector<NodalForce>> forces;

  Nailed()
  {
    constexpr int length = 50;
    RodInTube tube;
    tube.rod = 3;
    tube.outer = 7;
    beam = bar(tube.section(), length);
    supports.names = {"clamp"};
    fix_plane(beam.body, 0, -1, 0, 0, supports);
    for (const Vec3 force : {Vec3{50, 20, -300}, Vec3{-60, 0, 100}})
      forces.push_back(plane_load(
          beam.body, length, length - 1, force,
          [&](int i, int j) { return tube.in_tube(i, j) ? 1.0 : 0.0; },
          [](NodeIndex) { return 1.0; }));
  }
};

/// Largest differences, over the largest value.
struct Difference
{
  double displacement = 0, pressure = 0, strain = 0;
};

Difference difference(const Solution& a, const Solution& b)
{
  Difference d;
  double u = 0, p = 0, e = 0;
  for (std::size_t n = 0; n < b.displacement.size(); ++n)
  {
    d.displacement = std::max(d.displacement, norm(a.displacement[n] - b.displacement[n]));
    u = std::max(u, norm(b.displacement[n]));
  }
  for (std::size_t n = 0; n < b.contact_pressure.size(); ++n)
  {
    d.pressure = std::max(d.pressure, std::abs(a.contact_pressure[n] - b.contact_pressure[n]));
    p = std::max(p, b.contact_pressure[n]);
  }
  for (std::size_t v = 0; v < b.strain.size(); ++v)
  {
    const SymTensor change = a.strain[v] + -1.0 * b.strain[v];
    d.strain = std::max(d.strain, std::sqrt(contract(change, change)));
    e = std::max(e, std::sqrt(contract(b.strain[v], b.strain[v])));
  }
  return {d.displacement / u, d.pressure / p, d.strain / e};
}
} // namespace

TEST_CASE("contact is the same on any number of ranks")
{
  Options options;
  options.relative_residual = voxel::least_contact_residual;
  options.coarse_space = GENERATE(CoarseSpace::automatic, CoarseSpace::geometric);
  const Nailed problem;
  const VoxelContact none;
  // Only rank 0 is read.
  Engine engine(problem.beam.body, problem.supports, world, options,
                is_root(world) ? problem.beam.contact : none);
  const auto together = engine.solve(problem.forces, {0, 0});
  std::vector<Difference> differences;
  bool complete = true;
  if (is_root(world))
  {
    Engine alone(problem.beam.body, problem.supports, MPI_COMM_SELF, options, problem.beam.contact);
    const auto expected = alone.solve(problem.forces, {0, 0});
    for (std::size_t n = 0; n < expected.size(); ++n)
    {
      complete = complete &&
                 together[n].contact_pressure.size() == problem.beam.contact.voxels.size() &&
                 together[n].report.newton > 1;
      if (complete)
        differences.push_back(difference(together[n], expected[n]));
    }
  }
  else
    complete = together.front().contact_pressure.empty();
  CHECK(complete);
  for (const Difference& d : differences)
  {
    CHECK(d.displacement < 1e-5);
    CHECK(d.pressure < 1e-4);
    CHECK(d.strain < 1e-4);
  }
}

TEST_CASE("contact that cannot be is refused on every rank")
{
  Nailed problem;
  if (is_root(world))
    problem.beam.contact.voxels[5].normal = {0, 0, 0};
  CHECK_THROWS_WITH(Engine(problem.beam.body, problem.supports, world, {}, problem.beam.contact),
                    Catch::Contains("a normal of length 0"));
}
