#pragma once

#include "risk/fixation.hpp"

namespace calcar::risk
{

/**
 * Greatest slip between implant and bone along a debonded interface, micrometres; 0 where all is
 * bonded. Of a contact voxel with the normal n and the strain e at its centre
 *
 *   slip = | 2 (e n) without its part along n | h,
 *
 * h = sum of |n_i| times the voxel's edge, the thickness of the layer (all voxels that share a node
 * with the implant). Where the layer shears this is the difference of the displacements of both
 * sides across n, less what a common turn of both adds to it. Only voxels count where, one voxel
 * along n, lies bone: beside marrow nothing grows on.
 */
double interface_motion_um(const model::VoxelModel& body, const model::VoxelContact& contact,
                           const std::vector<SymTensor>& strain);

} // namespace calcar::risk
