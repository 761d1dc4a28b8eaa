#pragma once

#include "load/load_case.hpp"
#include "material/protocol.hpp"
#include "mesh/mesh_model.hpp"
#include "solid/body.hpp"

#include <cstdint>
#include <vector>

namespace calcar::risk
{

/// Which cells of a mesh a criterion is judged on, as JudgedVoxels has it for voxels.
struct JudgedCells
{
  std::vector<std::uint8_t> bone;
  std::vector<std::uint8_t> judged;
};

/**
 * Bone of enough ash density; at the surface are the cells with a face on the boundary; away from
 * loads and supports are those whose centre is farther than the domain says from every boundary
 * node of their patches.
 */
JudgedCells judged_cells(const mesh::MeshModel& model, const solid::BoundaryNodes& boundary,
                         const material::CriterionDomain& domain, const load::LoadCase& load_case,
                         const load::Rig& rig);

/**
 * Mean of a field, weighted by volume, over the bone cells whose centre lies in the ball of
 * `diameter_mm` about the centre of each judged cell (itself always among them); the cell's own
 * value for a diameter of 0. Cells that are not judged get 0.
 */
std::vector<double> averaged(const std::vector<double>& field, const mesh::MeshModel& model,
                             const JudgedCells& cells, double diameter_mm);

} // namespace calcar::risk
