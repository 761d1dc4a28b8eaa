#pragma once

#include "base/vec3.hpp"

#include <cstdint>
#include <vector>

namespace calcar::model
{

/**
 * A voxel of the thin layer between an implant that is not bonded and the bone: it takes pressure
 * along one direction, and nothing else worth the name. With e its mean strain,
 *
 *   stress = loose E + pressed min(n . e n, 0) n (x) n,
 *
 * loose E the stress of an isotropic solid of modulus `loose_MPa` and Poisson ratio 0.
 */
struct ContactVoxel
{
  std::uint64_t voxel = 0; ///< grid offset, one of VoxelBody::voxels
  Vec3 normal;             ///< unit, in grid axes, from the implant to the bone
  float pressed_MPa = 0;   ///< stress over strain along the normal while it is pressed
  float loose_MPa = 0;     ///< always there: keeps what is loose in its place
};

/// The contact layers of a VoxelBody, ascending by voxel; empty: everything is bonded. Lives on
/// rank 0.
struct VoxelContact
{
  std::vector<ContactVoxel> voxels;

  bool empty() const { return voxels.empty(); }
};

} // namespace calcar::model
