// Verdicts on bodies that are solved: what is known of them follows from equilibrium.
#include "risk/component_stress.hpp"
#include "risk/interface_motion.hpp"
#include "risk/pull_out.hpp"
#include "unit/risk/fixed_block.hpp"
#include "voxel/engine.hpp"

#include <catch2/catch.hpp>

using namespace calcar;
using namespace calcar::risk;
using implant::ComponentKind;
using model::TissueKind;

namespace
{
struct Solved
{
  std::vector<model::NodeIndex> nodes;
  analysis::Response response;
};

/// Held at its lowest nodes, with a force (grid axes) spread over the nodes that `is_loaded` tells.
Solved solve(const model::VoxelBody& body, Vec3 force,
             const std::function<bool(const model::NodeIndex&)>& is_loaded)
{
  model::VoxelSupports supports;
  supports.names = {"floor"};
  std::vector<model::NodalForce> forces;
  for (const model::NodeIndex& node : model::nodes_of(body.grid, body.voxels))
  {
    if (node.k == 0)
      for (int axis = 0; axis < 3; ++axis)
        supports.fixed.push_back({node, axis, 0, 0});
    if (is_loaded(node))
      forces.push_back({node, force});
  }
  for (model::NodalForce& one : forces)
    one.force = one.force / static_cast<double>(forces.size());
  voxel::Engine engine(body, supports, MPI_COMM_WORLD);
  voxel::Solution solution = std::move(engine.solve({forces}, {0.0}).front());
  Solved result;
  result.nodes = engine.nodes();
  result.response.strain = std::move(solution.strain);
  result.response.displacement = std::move(solution.displacement);
  return result;
}
} // namespace

TEST_CASE("a screw that is pulled hands all of the force over to the bone")
{
  FixedBlock block({21, 21, 30});
  block.add_bar(ComponentKind::locking_screw, "screw", {0, 0, 15}, {0, 0, -9}, 4.4);
  const auto on_screw = [&](const model::NodeIndex& node)
  {
    const Vec3 p = model::node_position(block.body.body.grid, node);
    return node.k == 30 && std::hypot(p.x, p.y) < 2;
  };
  const Solved solved = solve(block.body.body, {0, 0, 500}, on_screw);
  const auto forces = analysis::section_forces(block.fixation.components[0], 0, block.hardware,
                                               block.body, solved.response, 2);
  REQUIRE(forces.size() == 12);
  for (std::size_t n = 1; n < forces.size(); ++n)
    CHECK(forces[n].axial_N < forces[n - 1].axial_N); // the bone takes more and more
  const auto pulled =
      pull_out(block.fixation, 0, block.hardware, block.body, forces, pull_out_rules());
  REQUIRE(pulled);
  CHECK(pulled->force_N < 500);
  CHECK(pulled->force_N > 400); // the first millimetre takes some already
  CHECK(pulled->in_bone_mm == Approx(24));
  const auto stress = component_stress(block.fixation, 0, forces, load::ActivityKind::daily);
  CHECK(stress.worst.at_mm == 1);
  CHECK(stress.normal_MPa ==
        Approx(forces[0].axial_N / implant::round_section(4.4).area_mm2).epsilon(0.02));
}

TEST_CASE("slip is the difference of displacement across a soft layer that is solved")
{
  Block block({10, 10, 9});
  model::VoxelContact contact;
  for (std::size_t n = 0; n < block.model.tissue.size(); ++n)
  {
    const std::uint64_t layer = block.model.body.voxels[n] / 100;
    if (layer < 4)
      continue;
    block.model.tissue[n] = layer == 4 ? TissueKind::interface : TissueKind::metal;
    block.model.body.youngs[n] = layer == 4 ? 0.5F : 100000.0F;
    block.model.body.poisson[n] = layer == 4 ? 0.0F : 0.3F;
    if (layer == 4) // the metal above: towards the bone is down
      contact.voxels.push_back({block.model.body.voxels[n], {0, 0, -1}, 0, 0.5F});
  }
  // Pulled at its lower face, so that the metal does not tip.
  const Solved solved = solve(block.model.body, {0.6, 0.8, -3},
                              [](const model::NodeIndex& node) { return node.k == 5; });
  double most = 0, sum = 0;
  int count = 0;
  const std::size_t plane = 11 * 11; // nodes ascend by k
  for (std::size_t n = 4 * plane; n < 5 * plane; ++n, ++count)
  {
    Vec3 across = solved.response.displacement[n + plane] - solved.response.displacement[n];
    across.z = 0;
    most = std::max(most, 1000 * norm(across));
    sum += 1000 * norm(across);
  }
  const double mean = sum / count;
  CHECK(mean == Approx(40).epsilon(0.02)); // 1 N over 100 mm^2 and G = 0.25 MPa, 1 mm thick
  const double told = interface_motion_um(block.model, contact, solved.response.strain);
  CHECK(told <= 1.01 * most);
  CHECK(told == Approx(40).epsilon(0.05));
}
