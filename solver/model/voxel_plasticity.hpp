#pragma once

#include "material/yield_curve.hpp"
#include "material/yield_surface.hpp"

#include <cstdint>
#include <vector>

namespace calcar::model
{

/// What the voxels of one material have in common beyond their elastic moduli.
struct YieldKind
{
  material::YieldSurface surface;
  material::Damage damage;
};

/// The yield curve of a voxel (material::YieldCurve in single precision).
struct VoxelYield
{
  float first = 0;        ///< MPa
  float plateau = 0;      ///< plastic strain
  float slope = 0;        ///< MPa
  float last = 0;         ///< MPa
  float rate = 0;         ///< 1
  std::int32_t kind = -1; ///< index into VoxelPlasticity::kinds; -1: the voxel stays elastic
};

/// How the voxels of a VoxelBody yield; lives on rank 0 beside it.
struct VoxelPlasticity
{
  std::vector<YieldKind> kinds;
  std::vector<VoxelYield> voxels; ///< one per active voxel, in the body's order
};

} // namespace calcar::model
