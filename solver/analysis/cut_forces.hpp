#pragma once

#include "base/vec3.hpp"
#include "model/voxel_body.hpp"
#include "voxel/element_matrix.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace calcar::analysis
{

/// A force and its moment about a point, N and N mm, LPS.
struct ForceAndMoment
{
  Vec3 force;
  Vec3 moment;
};

/// The voxels to either side of a cut, as indices into the body's voxels.
struct Cut
{
  std::vector<std::size_t> before;
  std::vector<std::size_t> behind;
};

/// The place of every node of a body among all of them, ascending by lattice offset (k, j, i).
class NodeRanks
{
public:
  explicit NodeRanks(const model::VoxelBody& body);

  std::size_t count() const { return count_; }
  std::size_t rank(const model::NodeIndex& node) const;

private:
  std::size_t offset(int i, int j, int k) const;

  std::array<std::size_t, 3> size_;
  std::vector<std::uint64_t> marks_; ///< one bit for each node of the lattice
  std::vector<std::size_t> before_;  ///< how many nodes the words before each have
  std::size_t count_ = 0;
};

/**
 * The forces that the elements of a solved voxel body put on its nodes. Looks at the body and at
 * the displacements of its nodes (mm, grid axes), which outlive it.
 */
class ElementForces
{
public:
  /// Throws std::invalid_argument when there is not one displacement for each node of the body.
  ElementForces(const model::VoxelBody& body, const std::vector<Vec3>& displacement);

  /**
   * What passes from `part.behind` to `part.before` at the nodes that both sides of `whole` have,
   *
   *   sum over these nodes of (f_before - f_behind) / 2,   f = K u of the elements,
   *
   * with its moment about `point` (LPS). `part` holds some of the voxels of `whole`.
   */
  ForceAndMoment across(const Cut& whole, const Cut& part, Vec3 point) const;

private:
  std::array<model::NodeIndex, 8> corners(std::size_t n) const;
  std::array<Vec3, 8> forces(std::size_t n) const;
  std::vector<std::size_t> nodes(const std::vector<std::size_t>& voxels) const;

  const model::VoxelBody& body_;
  const std::vector<Vec3>& displacement_;
  NodeRanks ranks_;
  voxel::ElementMatrix of_lambda_; ///< for lambda = 1, mu = 0
  voxel::ElementMatrix of_mu_;
};

} // namespace calcar::analysis
