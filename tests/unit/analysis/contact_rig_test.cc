// Rigs on bodies with contact: no superposition, energies, inertia relief.

#include "analysis/solve_rig.hpp"
#include "unit/model/cylinder.hpp"

#include <catch2/catch.hpp>

using namespace calcar;
using namespace calcar::analysis;

namespace
{
/// A cylinder cut in the middle by one layer of contact.
struct Cut
{
  Cylinder cylinder{0};
  model::VoxelContact contact;

  Cut()
  {
    const auto& grid = cylinder.body.grid;
    const std::uint64_t layer =
        static_cast<std::uint64_t>(grid.size[0]) * static_cast<std::uint64_t>(grid.size[1]);
    const auto middle = static_cast<std::uint64_t>(grid.size[2] / 2);
    for (const std::uint64_t voxel : cylinder.body.voxels)
      if (voxel / layer == middle)
        contact.voxels.push_back({voxel, {0, 0, 1}, 1000, 0.5F});
  }

  load::LoadCase pushed(const std::string& name, Vec3 force) const
  {
    load::LoadCase result;
    result.name = name;
    result.forces.push_back({"head", cylinder.top(), force, {}, 0});
    return result;
  }

  RigResult solved(const load::Rig& rig, const std::vector<load::LoadCase>& cases,
                   BasisChoice choice, const model::VoxelContact* with) const
  {
    voxel::Options options;
    options.relative_residual = voxel::least_contact_residual;
    return solve_rig(cylinder.body, cylinder.surface, rig, cases, MPI_COMM_WORLD, options, choice,
                     with);
  }
};

load::Rig clamped(const Cylinder& cylinder)
{
  load::Rig rig;
  rig.name = "bench";
  rig.supports.push_back({"floor", load::SupportKind::clamped, cylinder.bottom(), {}, 0});
  return rig;
}
} // namespace

TEST_CASE("with contact each load case is its own solution")
{
  const Cut cut;
  const std::vector<load::LoadCase> cases = {
      cut.pushed("press", {0, 0, -100}), cut.pushed("pull", {0, 0, 100}),
      cut.pushed("more", {0, 0, -200}), cut.pushed("aslant", {2, 0, -100})};
  const RigResult result =
      cut.solved(clamped(cut.cylinder), cases, BasisChoice::unit_forces, &cut.contact);
  CHECK(result.solver.right_hand_sides == 4);
  CHECK(result.solver.newton_total >= 4);
  const auto energy = [&](std::size_t c) { return result.responses[c].strain_energy; };
  // Pulled, only what is loose holds: another answer than that of the pressed body with its sign
  // turned.
  CHECK(energy(1) > 10 * energy(0));
  CHECK(energy(2) == Approx(4 * energy(0)).epsilon(1e-4));
  for (const Response& response : result.responses)
  {
    INFO(response.name);
    REQUIRE(response.contact_pressure.size() == cut.contact.voxels.size());
    CHECK(response.external_work > 0);
    // Bending inside voxels, which the means leave out, is little here.
    CHECK(response.strain_energy == Approx(response.external_work).epsilon(0.1));
  }
  double force = 0;
  for (const double pressure : result.responses[0].contact_pressure)
    force += pressure * cut.cylinder.body.grid.spacing.x * cut.cylinder.body.grid.spacing.y;
  CHECK(force == Approx(100).epsilon(0.01));
  for (const double pressure : result.responses[1].contact_pressure)
    CHECK(pressure < 0.01 * force);
}

TEST_CASE("inertia relief balances each case of a body with contact")
{
  const Cut cut;
  load::Rig floating;
  floating.name = "floating";
  floating.inertia_relief = true;
  const RigResult result =
      cut.solved(floating, {cut.pushed("press", {0, 0, -100}), cut.pushed("pull", {0, 0, 100})},
                 BasisChoice::fewest, &cut.contact);
  for (const Response& response : result.responses)
    for (const Reaction& reaction : response.reactions) // the pins bear nothing
      CHECK(norm(reaction.force) < 0.1);
  // Half of the body hangs on the layer: pressed it carries the inertia of that half.
  double force = 0;
  for (const double pressure : result.responses[0].contact_pressure)
    force += pressure * cut.cylinder.body.grid.spacing.x * cut.cylinder.body.grid.spacing.y;
  CHECK(force == Approx(50).epsilon(0.1));
  CHECK(result.responses[1].strain_energy > 10 * result.responses[0].strain_energy);
}

TEST_CASE("an empty contact is none")
{
  const Cut cut;
  const model::VoxelContact none;
  const auto cases = {cut.pushed("press", {0, 0, -100})};
  const RigResult a = cut.solved(clamped(cut.cylinder), cases, BasisChoice::fewest, &none);
  const RigResult b = cut.solved(clamped(cut.cylinder), cases, BasisChoice::fewest, nullptr);
  CHECK(a.solver.newton_total == 0);
  CHECK(a.responses[0].strain_energy == b.responses[0].strain_energy);
}
