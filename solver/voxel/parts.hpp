#pragma once

#include "model/voxel_body.hpp"
#include "voxel/runs.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace calcar::voxel
{

/// Voxels joined by faces: without deformation they move as one rigid body.
struct Part
{
  std::uint64_t first = 0;  ///< its first voxel, an index into VoxelBody::voxels
  std::uint64_t voxels = 0; ///< how many it has
  std::array<int, 3> low{}; ///< the nodes at the ends of the smallest box around it
  std::array<int, 3> high{};
};

/// An edge or corner at which two parts meet: all nodes on the line between two (which may be one).
struct Contact
{
  std::uint32_t a;
  std::uint32_t b;
  model::NodeIndex first;
  model::NodeIndex last;
};

/// The parts of a body, in the order of their first voxels, and where they meet. No list over
/// voxels is made: everything is kept by runs.
struct Parts
{
  std::vector<Run> runs;
  std::vector<std::uint32_t> of_run; ///< the part of each run
  std::vector<Part> list;
  std::vector<Contact> contacts; ///< one for every two runs of different parts that meet
};

Parts parts_of(const model::VoxelBody& body);

/// The parts that hang together by contacts: number of the piece of each part, in the order of
/// their first voxels.
std::vector<std::uint32_t> pieces_of(const Parts& parts);

/// Finds the parts that have a node. Refers to the parts.
class PartsAtNodes
{
public:
  PartsAtNodes(const image::Grid& grid, const Parts& parts);

  /// Calls visit(part) for each part with a voxel at the node, once.
  template <typename Visit>
  void operator()(const model::NodeIndex& node, const Visit& visit) const
  {
    std::array<std::uint32_t, 8> found{};
    std::size_t count = 0;
    for (const int k : {node.k - 1, node.k})
      for (const int j : {node.j - 1, node.j})
        if (j >= 0 && j < rows_ && k >= 0 && k < layers_)
          count = find_in_row(j, k, node.i, found, count);
    for (std::size_t n = 0; n < count; ++n)
      visit(found[n]);
  }

private:
  /// Adds the parts with voxel i - 1 or i of a row, and returns how many there are then.
  std::size_t find_in_row(int j, int k, int i, std::array<std::uint32_t, 8>& found,
                          std::size_t count) const;

  const Parts& parts_;
  int rows_;
  int layers_;
  std::vector<std::uint32_t> row_; ///< the first run in or after each row, and their number
};

} // namespace calcar::voxel
