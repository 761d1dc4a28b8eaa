#pragma once

#include "anatomy/bone_anatomy.hpp"
#include "model/voxel_model.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace calcar::risk
{

/// The number of a bone in a body that holds one bone only.
constexpr std::uint8_t only_bone = 0;

/// A point on the surface of a vertebra that a ray has met, and how it moves: the displacement of
/// the voxel's corners, weighted trilinearly.
struct SurfaceHit
{
  Vec3 at;                            ///< right, anterior, cranial of the frame's origin, mm
  std::size_t voxel = 0;              ///< index among the body's voxels
  std::array<std::size_t, 8> nodes{}; ///< indices among the body's nodes
  std::array<double, 8> weights{};    ///< sum 1
};

/**
 * The voxels of one vertebra of a body, asked along rays in the directions of the vertebra's frame
 * (x right, y anterior, z cranial of its origin, the middle of the body), so that nothing depends
 * on how the scan lies. Layers of a rig and other bones are empty room. Keeps a reference to the
 * model.
 */
class VertebraProbe
{
public:
  /// Of a body of one bone `number` is `only_bone`.
  VertebraProbe(const model::VoxelModel& model, const anatomy::BoneAnatomy& bone,
                std::uint8_t number = only_bone);

  Vec3 local(Vec3 lps) const;
  /// A vector along the grid's axes in those of the vertebra.
  Vec3 turned(Vec3 along_grid) const;

  /// The vertebra's voxel at a point, by its index among the body's voxels.
  std::optional<std::size_t> voxel_at(Vec3 local) const;

  /// The first point of the bone from `from` along the unit vector `way`, within `reach` mm.
  std::optional<SurfaceHit> first_bone(Vec3 from, Vec3 way, double reach) const;
  /// The last point of the bone before the ray leaves it; nothing when `from` is not in the bone or
  /// the ray is still in it at `reach`.
  std::optional<SurfaceHit> last_bone(Vec3 from, Vec3 way, double reach) const;

  /// A point inside the bone, as rays meet those on its surface; nothing outside.
  std::optional<SurfaceHit> point_at(Vec3 local) const;

  /// How a point that was met moves, along the vertebra's axes. `displacement`: of the body's
  /// nodes, ascending by k, j, i, in grid axes.
  Vec3 moved(const SurfaceHit& hit, std::span<const Vec3> displacement) const;

  /// Indices of the vertebra's voxels among the body's.
  const std::vector<std::size_t>& voxels() const { return own_; }
  const model::VoxelModel& model() const { return model_; }
  const anatomy::BoneAnatomy& bone() const { return bone_; }
  double grain() const { return grain_; } ///< smallest voxel edge, mm

private:
  Vec3 index_of(Vec3 local) const;
  SurfaceHit hit_at(Vec3 local, std::size_t voxel) const;
  std::size_t node_at(int i, int j, int k) const;

  const model::VoxelModel& model_;
  const anatomy::BoneAnatomy& bone_;
  double grain_;
  std::vector<std::size_t> own_;
  std::vector<std::int32_t> voxel_of_; ///< of the grid: index among the body's voxels, -1: not ours
  std::vector<std::int32_t> node_of_;  ///< of the lattice: index among the body's nodes, or -1
};

} // namespace calcar::risk
