#pragma once

#include "model/lattice.hpp"
#include "model/voxel_body.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace calcar::model
{

/// A side of voxels along the image's own index axes: "+k" is the face towards larger k.
struct VoxelSide
{
  int axis = 2;
  int sign = +1;
};

/// Reads "+k", "-i", ... Throws std::invalid_argument for anything else.
VoxelSide voxel_side(const std::string& text);
/// The six sides there are: "+i", "-i", ...
const std::vector<std::string>& voxel_side_names();

/**
 * Collects the body of a study while its modulus image (MPa) is read from front to back: every
 * voxel that is not 0, on the image's own voxels. Holds one bit a voxel of the grid and four bytes
 * an active voxel meanwhile.
 */
class BodyCollector
{
public:
  explicit BodyCollector(const image::Grid& grid);

  /// The moduli from voxel `first` on. Runs come in order, without gaps.
  void add(std::size_t first, std::span<const float> moduli);

  /**
   * The body; nothing is left here. Throws InputError (data) at `place` for a negative or infinite
   * modulus, naming the first voxel that has one, and for an image without any modulus.
   */
  VoxelBody finish(double poisson_ratio, const std::string& place);

private:
  image::Grid grid_;
  std::vector<std::uint64_t> active_; ///< one bit a voxel
  std::vector<std::vector<float>> blocks_;
  std::size_t count_ = 0;
  std::optional<std::pair<std::size_t, float>> bad_; ///< first voxel that may not be, its value
};

/// Takes a label image from front to back and keeps the active voxels with this label that have no
/// active voxel behind them on `side`: a region's outward faces.
class FaceCollector
{
public:
  /// The lattice must outlive the collector.
  FaceCollector(const image::Grid& grid, const Lattice& lattice, int label, VoxelSide side);

  void add(std::size_t first, std::span<const std::int32_t> labels);

  /// Grid offsets, ascending.
  const std::vector<std::uint64_t>& voxels() const { return voxels_; }

private:
  const image::Grid* grid_;
  const Lattice* lattice_;
  int label_;
  VoxelSide side_;
  std::vector<std::uint64_t> voxels_;
};

/**
 * The corners of the faces on `side` of voxels of a grid (offsets). `areas` is the share of the
 * faces' area that belongs to each node (a quarter of each face). Ascending by k, j, i.
 */
struct RegionNodes
{
  std::vector<NodeIndex> nodes;
  std::vector<double> areas; ///< mm^2
};
RegionNodes region_nodes(const image::Grid& grid, std::span<const std::uint64_t> voxels,
                         VoxelSide side);

} // namespace calcar::model
