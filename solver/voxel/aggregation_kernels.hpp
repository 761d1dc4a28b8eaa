#pragma once

#include "base/vec3.hpp"
#include "voxel/instruction_set.hpp"

#include <cstddef>

namespace calcar::voxel
{

/// What two groups of a voxel's corners do to each other in rigid motions about its centre, for
/// unit lambda and unit mu.
struct Couple
{
  float of_lambda[6][8]; ///< rows; the last two columns are zero
  float of_mu[6][8];
};

/// A way r from the centre of an aggregate to that of a voxel, in mean edges, as moved(r) needs it:
/// w x r = plus (y, z, x) - minus (z, x, y) in the right places.
struct Offset
{
  float plus[8];
  float minus[8];
  float x, y, z;
};

inline Offset offset_of(const Vec3& r)
{
  const auto x = static_cast<float>(r.x), y = static_cast<float>(r.y), z = static_cast<float>(r.z);
  return {{0, 0, 0, y, z, x, 0, 0}, {0, 0, 0, z, x, y, 0, 0}, x, y, z};
}

/// What a voxel adds to the block of two aggregates:
///   to += moved(left)^T (lambda of_lambda + mu of_mu) moved(right).
struct VoxelPart
{
  const Couple* couple;
  const Offset* left;
  const Offset* right;
  float* to; ///< 36 values, two more behind
  float lambda;
  float mu;
};

/// left^T block right, all 36 values by rows with two more behind, and where it belongs. `left` is
/// upper triangular, as rigid motions in terms of others are.
struct Sandwich
{
  const float* left;
  const float* block;
  const float* right;
  float* to;
  bool direct = true;    ///< to += left^T block right
  bool mirrored = false; ///< to += (left^T block right)^T
};

/// The inner loops of the Galerkin products, compiled once per instruction set.
struct AggregationKernels
{
  void (*add_voxels)(const VoxelPart* parts, std::size_t count);
  void (*add_sandwiches)(const Sandwich* parts, std::size_t count);
  /// to = left^T block right; `to` may be `block`.
  void (*set_sandwiches)(const Sandwich* parts, std::size_t count);
  /// Frobenius norms of `count` blocks of 36 values that follow each other.
  void (*sizes)(const float* blocks, std::size_t count, float* norms);
};

const AggregationKernels& aggregation_kernels(InstructionSet set);

/// Those of instruction_set().
const AggregationKernels& aggregation_kernels();

} // namespace calcar::voxel
