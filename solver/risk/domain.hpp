#pragma once

#include "load/load_case.hpp"
#include "material/protocol.hpp"
#include "model/surface.hpp"
#include "model/voxel_model.hpp"

#include <cstdint>
#include <vector>

namespace calcar::risk
{

/**
 * Which voxels of a model a criterion is judged on, by the protocol's domain: bone of enough ash
 * density, at the surface or anywhere, away from loads and supports. Tumour, marrow, cartilage,
 * cement, metal and the layers of a rig never count. `lattice` holds the voxels without the layers:
 * where one lies on the bone there is the bone's surface all the same. `surface` is the one that
 * loads act on, the layers' included.
 */
struct JudgedVoxels
{
  std::vector<std::uint8_t> bone;   ///< counts in averages: bone of enough density
  std::vector<std::uint8_t> judged; ///< the criterion may be at its worst here
};

JudgedVoxels judged_voxels(const model::VoxelModel& model, const model::Lattice& lattice,
                           const model::Surface& surface, const material::CriterionDomain& domain,
                           const load::LoadCase& load_case, const load::Rig& rig);

/**
 * Mean of a field over the bone voxels of the ball of `diameter_mm` about each judged voxel, or the
 * nearest ones that fill half a ball (nearest_bone.hpp); the voxel's own value for a diameter of 0.
 * Voxels that are not judged get 0. Of several bones only the voxel's own one counts.
 */
std::vector<double> averaged(const std::vector<double>& field, const model::VoxelModel& model,
                             const JudgedVoxels& voxels, double diameter_mm);

} // namespace calcar::risk
