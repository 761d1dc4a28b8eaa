#include "analysis/mesh_fracture_path.hpp"

#include "analysis/mesh_balance.hpp"
#include "analysis/solve_mesh_rig.hpp"
#include "base/parallel.hpp"
#include "solid/rig_conditions.hpp"

#include <utility>

namespace calcar::analysis
{
namespace
{
/// What is followed, on rank 0.
struct Followed
{
  solid::SolidBody body;
  solid::Supports supports;
  solid::PathLoad load;
};

Followed make_ready(const mesh::MeshModel& model, const solid::BoundaryNodes& boundary,
                    const load::Rig& rig, const load::LoadCase& load_case,
                    const std::vector<solid::HangingNode>& hanging)
{
  Followed ready;
  ready.body = body_of(model, hanging);
  const mesh::Nodes nodes = mesh::nodes_of(model.mesh);
  ready.supports = rig.inertia_relief ? hold_in_place(nodes, hanging)
                                      : solid::supports_of(rig, model.mesh, nodes, boundary);
  auto& forces = ready.load.forces;
  for (const load::AppliedForce& force : load_case.forces)
    for (const solid::NodalForce& nodal : solid::forces_of(force, boundary))
      forces.push_back(nodal);
  if (rig.inertia_relief)
  {
    const auto inertia = inertia_of(forces, nodes.points, node_volumes(model.mesh, nodes));
    forces.insert(forces.end(), inertia.begin(), inertia.end());
  }
  Vec3 resultant;
  for (const solid::NodalForce& force : forces)
    resultant += force.force;
  ready.load.size = size_of(load_case.reference, {{{}, resultant}});
  return ready;
}

/// One set of names for fields of voxels and of cells.
voxel::YieldingFields fields_of(solid::YieldingFields&& of_cells)
{
  voxel::YieldingFields fields;
  fields.accumulated = std::move(of_cells.accumulated);
  fields.left = std::move(of_cells.left);
  fields.yielded_at = std::move(of_cells.yielded_at);
  fields.softened_at = std::move(of_cells.softened_at);
  fields.strain = std::move(of_cells.strain);
  fields.displacement = std::move(of_cells.displacement);
  return fields;
}
} // namespace

FracturePath fracture_path(const mesh::MeshModel& model, const solid::CellPlasticity& plasticity,
                           const solid::BoundaryNodes& boundary, const load::Rig& rig,
                           const load::LoadCase& load_case, const solid::PathOptions& options,
                           MPI_Comm comm, const std::vector<solid::HangingNode>& hanging)
{
  Followed ready;
  on_root(comm, [&] { ready = make_ready(model, boundary, rig, load_case, hanging); });
  solid::YieldingBody yielding(ready.body, plasticity, ready.supports, comm);
  solid::PathResult followed = solid::follow(yielding, ready.load, options);
  FracturePath path;
  static_cast<model::PathRecord&>(path) = followed;
  path.activity = load_case.name;
  path.at_end = fields_of(std::move(followed.at_end));
  return path;
}

} // namespace calcar::analysis
