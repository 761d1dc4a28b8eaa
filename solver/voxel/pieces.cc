#include "voxel/checks.hpp"
#include "voxel/rigid_motion.hpp"
#include "voxel/runs.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <numeric>
#include <set>
#include <stdexcept>

namespace calcar::voxel
{
namespace
{

using model::NodeIndex;
using model::VoxelBody;

/// Disjoint sets with path halving; the smaller number leads.
class Sets
{
public:
  explicit Sets(std::size_t count) : leader_(count)
  {
    if (count > std::numeric_limits<std::uint32_t>::max())
      throw std::length_error("more than 2^32 runs of voxels");
    std::iota(leader_.begin(), leader_.end(), 0);
  }
  std::uint32_t find(std::uint32_t n)
  {
    while (leader_[n] != n)
      n = leader_[n] = leader_[leader_[n]];
    return n;
  }
  void join(std::uint32_t a, std::uint32_t b)
  {
    a = find(a);
    b = find(b);
    leader_[std::max(a, b)] = std::min(a, b);
  }

private:
  std::vector<std::uint32_t> leader_;
};

NodeIndex first_corner(const VoxelBody& body, std::uint64_t voxel)
{
  const auto nx = static_cast<std::uint64_t>(body.grid.size[0]);
  const auto ny = static_cast<std::uint64_t>(body.grid.size[1]);
  const std::uint64_t offset = body.voxels[voxel];
  return {static_cast<int>(offset % nx), static_cast<int>(offset / nx % ny),
          static_cast<int>(offset / (nx * ny))};
}

/// Joins every run with those in the row at (dj, dk) from its own that overlap it, when each is
/// made longer by `reach` at both ends. Both lists ascend: one sweep.
void join_rows(const std::vector<Run>& runs, int dj, int dk, int reach, Sets& sets)
{
  const auto row_before = [](const Run& run, int j, int k)
  { return run.k != k ? run.k < k : run.j < j; };
  std::size_t other = 0;
  for (std::size_t r = 0; r < runs.size(); ++r)
  {
    const Run& run = runs[r];
    const int j = run.j + dj, k = run.k + dk;
    const auto is_there = [&](std::size_t n)
    { return n < runs.size() && runs[n].j == j && runs[n].k == k; };
    while (other < runs.size() && row_before(runs[other], j, k))
      ++other;
    while (is_there(other) && runs[other].last + reach < run.first)
      ++other;
    for (std::size_t n = other; is_there(n) && runs[n].first <= run.last + reach; ++n)
      sets.join(static_cast<std::uint32_t>(r), static_cast<std::uint32_t>(n));
  }
}

Vec3 position_of(const image::Grid& grid, const NodeIndex& node)
{
  return {node.i * grid.spacing.x, node.j * grid.spacing.y, node.k * grid.spacing.z};
}

/// Extent and place of a piece, for the scale of rotations.
struct Extent
{
  Vec3 centre;
  double size;
};

Extent extent_of(const VoxelBody& body, const Piece& piece)
{
  Vec3 low{1e300, 1e300, 1e300}, high{-1e300, -1e300, -1e300};
  for (const std::uint64_t voxel : piece.voxels)
  {
    const NodeIndex at = first_corner(body, voxel);
    const Vec3 a = position_of(body.grid, at);
    const Vec3 b = a + body.grid.spacing;
    for (std::size_t d = 0; d < 3; ++d)
    {
      low[d] = std::min(low[d], a[d]);
      high[d] = std::max(high[d], b[d]);
    }
  }
  return {0.5 * (low + high), norm(high - low)};
}

/// Which piece of a list each voxel belongs to; no list of them is made for the usual single piece.
class Labels
{
public:
  Labels(const VoxelBody& body, const std::vector<Piece>& list)
  {
    if (list.size() == 1 && list.front().voxels.size() == body.voxels.size())
      return;
    label_.assign(body.voxels.size(), -1);
    for (std::size_t p = 0; p < list.size(); ++p)
      for (const std::uint64_t voxel : list[p].voxels)
        label_[voxel] = static_cast<std::int32_t>(p);
  }
  /// Number of the piece, or -1 when the voxel is in none.
  std::int32_t operator()(std::uint64_t voxel) const { return label_.empty() ? 0 : label_[voxel]; }

private:
  std::vector<std::int32_t> label_;
};

/// Calls visit(index of an active voxel) for those around a node.
template <typename Visit>
void for_voxels_at(const VoxelBody& body, const NodeIndex& node, Visit&& visit)
{
  for (int n = 0; n < 8; ++n)
  {
    const int i = node.i - (n & 1), j = node.j - (n >> 1 & 1), k = node.k - (n >> 2);
    if (!body.grid.contains(i, j, k))
      continue;
    const std::uint64_t offset = body.grid.offset(i, j, k);
    const auto found = std::lower_bound(body.voxels.begin(), body.voxels.end(), offset);
    if (found != body.voxels.end() && *found == offset)
      visit(static_cast<std::uint64_t>(found - body.voxels.begin()));
  }
}

/// Adds what the supports forbid to the motion of each piece that they touch; label(voxel) is its
/// piece or -1.
template <typename Label>
void forbid_supported(const VoxelBody& body, Label&& label, const model::VoxelSupports& supports,
                      std::vector<RigidMotion>& motions)
{
  const auto forbid = [&](const NodeIndex& node, Vec3 direction)
  {
    for_voxels_at(body, node,
                  [&](std::uint64_t voxel)
                  {
                    if (const std::int32_t piece = label(voxel); piece >= 0)
                      motions[static_cast<std::size_t>(piece)].forbid(position_of(body.grid, node),
                                                                      direction);
                  });
  };
  for (const model::FixedComponent& fixed : supports.fixed)
  {
    Vec3 direction;
    direction[static_cast<std::size_t>(fixed.axis)] = 1;
    forbid(fixed.node, direction);
  }
  for (const model::NodeSpring& spring : supports.springs)
  {
    const auto pairs = eigenpairs(spring.stiffness);
    for (const EigenPair& pair : pairs)
      if (pair.value > 1e-9 * pairs[0].value && pair.value > 0)
        forbid(spring.node, pair.direction);
  }
}

std::vector<RigidMotion> motions_of(const VoxelBody& body, const std::vector<Piece>& list)
{
  std::vector<RigidMotion> motions;
  for (const Piece& piece : list)
  {
    const Extent extent = extent_of(body, piece);
    motions.emplace_back(extent.centre, extent.size);
  }
  return motions;
}

/// Nodes at which voxels of several face-connected pieces meet, with these pieces.
struct Meeting
{
  NodeIndex node;
  std::vector<std::int32_t> parts;
};

std::vector<Meeting> meetings(const VoxelBody& body, const std::vector<Piece>& list,
                              const Labels& label)
{
  // All voxels but those of the largest piece: each meeting has one of them.
  std::set<std::array<int, 3>> seen;
  std::vector<Meeting> result;
  for (std::size_t p = 1; p < list.size(); ++p)
    for (const std::uint64_t voxel : list[p].voxels)
    {
      const NodeIndex at = first_corner(body, voxel);
      for (int corner = 0; corner < 8; ++corner)
      {
        const NodeIndex node{at.i + (corner & 1), at.j + (corner >> 1 & 1), at.k + (corner >> 2)};
        std::set<std::int32_t> parts;
        for_voxels_at(body, node, [&](std::uint64_t other) { parts.insert(label(other)); });
        if (parts.size() > 1 && seen.insert({node.i, node.j, node.k}).second)
          result.push_back({node, {parts.begin(), parts.end()}});
      }
    }
  return result;
}

} // namespace

std::vector<Piece> pieces(const VoxelBody& body, Joint joint)
{
  const std::vector<Run> runs = runs_of(body);
  Sets sets(runs.size());
  const int reach = joint == Joint::node ? 1 : 0;
  join_rows(runs, 1, 0, reach, sets);
  for (int dj = -reach; dj <= reach; ++dj)
    join_rows(runs, dj, 1, reach, sets);

  std::map<std::uint32_t, Piece> by_leader;
  for (std::size_t r = 0; r < runs.size(); ++r)
  {
    const auto length = static_cast<std::uint64_t>(runs[r].last - runs[r].first + 1);
    by_leader[sets.find(static_cast<std::uint32_t>(r))].voxels.append(runs[r].voxel,
                                                                      runs[r].voxel + length);
  }
  std::vector<Piece> result;
  for (auto& [leader, piece] : by_leader)
    result.push_back(std::move(piece));
  std::stable_sort(result.begin(), result.end(),
                   [](const Piece& a, const Piece& b)
                   { return a.voxels.size() > b.voxels.size(); });
  return result;
}

std::vector<std::string> free_motions(const VoxelBody& body, const Piece& piece,
                                      const model::VoxelSupports& supports)
{
  std::vector<RigidMotion> motion = motions_of(body, {piece});
  const auto label = [&](std::uint64_t voxel) { return piece.voxels.contains(voxel) ? 0 : -1; };
  forbid_supported(body, label, supports, motion);
  return motion.front().free_motions();
}

std::vector<std::vector<std::string>> free_motions(const VoxelBody& body,
                                                   const std::vector<Piece>& list,
                                                   const model::VoxelSupports& supports)
{
  std::vector<RigidMotion> motions = motions_of(body, list);
  forbid_supported(body, Labels(body, list), supports, motions);
  std::vector<std::vector<std::string>> words;
  for (const RigidMotion& motion : motions)
    words.push_back(motion.free_motions());
  return words;
}

std::vector<Piece> hinged_parts(const VoxelBody& body, const model::VoxelSupports& supports)
{
  const std::vector<Piece> list = pieces(body, Joint::face);
  if (list.size() < 2)
    return {};
  const Labels label(body, list);
  const std::vector<Meeting> met = meetings(body, list, label);
  std::vector<RigidMotion> motions = motions_of(body, list);
  forbid_supported(body, label, supports, motions);
  // Held pieces hold others at the nodes that they share, until nothing changes. A ring of pieces
  // that only hold each other counts as hinged.
  std::vector<std::vector<std::size_t>> met_by(list.size());
  for (std::size_t m = 0; m < met.size(); ++m)
    for (const std::int32_t part : met[m].parts)
      met_by[static_cast<std::size_t>(part)].push_back(m);
  std::vector<bool> done(list.size(), false);
  for (bool changed = true; changed;)
  {
    changed = false;
    for (std::size_t p = 0; p < list.size(); ++p)
      if (!done[p] && motions[p].is_held())
      {
        done[p] = changed = true;
        for (const std::size_t m : met_by[p])
          for (const std::int32_t other : met[m].parts)
            for (const Vec3 axis : {Vec3{1, 0, 0}, Vec3{0, 1, 0}, Vec3{0, 0, 1}})
              motions[static_cast<std::size_t>(other)].forbid(position_of(body.grid, met[m].node),
                                                              axis);
      }
  }
  std::vector<Piece> result;
  for (std::size_t p = 0; p < list.size(); ++p)
    if (!done[p])
      result.push_back(list[p]);
  return result;
}

} // namespace calcar::voxel
