#pragma once

#include "load/load_case.hpp"
#include "model/layers.hpp"

#include <array>
#include <cstdint>
#include <unordered_set>
#include <vector>

namespace calcar::model
{

/// The layers of a rig, asked at voxels beside the bones; see layer_voxels. Body, rig and bones
/// belong to the caller, who outlives it.
class LayerZones
{
public:
  /// Index on the body's grid, or beside it.
  using Index = std::array<int, 3>;

  LayerZones(const VoxelBody& body, const load::Rig& rig, const SeveralBones& bones);

  bool bone(const Index& at) const { return number(at) != none; }

  /// The layer of a voxel that is not bone, -1 for none.
  int layer_of(const Index& at) const;

private:
  static constexpr int none = -1;

  /// The number of the bone at an index, 0 of a single one; `none` where there is no bone.
  int number(const Index& at) const;
  Vec3 centre(const Index& at) const;
  Vec3 sub_point(const Index& at, int n) const;
  std::vector<std::size_t> candidates(const Index& at) const;
  int first_bone(Vec3 from, Vec3 along, double reach_mm) const;
  bool over_bone(const Index& at, const load::Layer& layer) const;
  bool in_gap(const Index& at, const load::Layer& layer) const;
  int nearest_joint(const Index& at) const;

  const image::Grid& grid_;
  const load::Rig& rig_;
  std::vector<std::int16_t> number_; ///< of each voxel of the grid
  std::unordered_set<std::uint64_t> taken_;
};

} // namespace calcar::model
