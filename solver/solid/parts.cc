#include "solid/parts.hpp"

#include "base/disjoint_sets.hpp"
#include "geometry/mechanism.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <numeric>

namespace calcar::solid
{
namespace
{

using geometry::RigidMotion;

/// A rigid motion that looks at the nodes of some parts: its centre and size are theirs.
RigidMotion unconstrained(const std::vector<Vec3>& points)
{
  Vec3 low = points.empty() ? Vec3{} : points.front();
  Vec3 high = low;
  for (const Vec3& p : points)
    for (std::size_t axis = 0; axis < 3; ++axis)
    {
      low[axis] = std::min(low[axis], p[axis]);
      high[axis] = std::max(high[axis], p[axis]);
    }
  return {(low + high) / 2, std::max(norm(high - low) / 2, 1e-300)};
}

/// Forbids what a spring's stiff directions forbid.
void forbid(RigidMotion& motion, Vec3 point, const SymTensor& stiffness)
{
  const auto pairs = eigenpairs(stiffness);
  for (const EigenPair& pair : pairs)
    if (pair.value > 1e-9 * pairs[0].value)
      motion.forbid(point, pair.direction);
}

/// Which sets of parts (each its own, or all of a piece) are held, and by what.
class Mechanism
{
public:
  Mechanism(const Parts& parts, const mesh::Nodes& nodes, const Supports& supports)
      : parts_(parts), nodes_(nodes), supports_(supports)
  {
  }

  /// The motions of groups that are rigid each: group_of[part].
  std::vector<RigidMotion> motions(const std::vector<std::uint32_t>& group_of,
                                   std::size_t groups) const
  {
    std::vector<Vec3> low(groups, {1e300, 1e300, 1e300});
    std::vector<Vec3> high(groups, {-1e300, -1e300, -1e300});
    for (std::size_t n = 0; n < nodes_.points.size(); ++n)
      if (const std::uint32_t part = parts_.of_node[n]; part != no_part)
        for (std::size_t axis = 0; axis < 3; ++axis)
        {
          Vec3& l = low[group_of[part]];
          Vec3& h = high[group_of[part]];
          l[axis] = std::min(l[axis], nodes_.points[n][axis]);
          h[axis] = std::max(h[axis], nodes_.points[n][axis]);
        }
    std::vector<RigidMotion> result;
    for (std::size_t g = 0; g < groups; ++g)
      result.push_back(unconstrained({low[g], high[g]}));
    constrain(group_of, result);
    return result;
  }

  /// Parts held by supports and by parts that are held already; links to them become supports.
  std::vector<bool> held_in_turn(std::vector<RigidMotion>& motions) const
  {
    std::vector<bool> held(motions.size());
    for (bool changed = true; changed;)
    {
      changed = false;
      for (std::size_t p = 0; p < motions.size(); ++p)
        if (!held[p] && motions[p].is_held())
          held[p] = changed = true;
      for (const Link& link : parts_.links)
        for (const auto& [p, other] : {std::pair{link.a, link.b}, std::pair{link.b, link.a}})
          if (held[p] && !held[other])
            motions[other].hold(nodes_.points[link.node]);
    }
    return held;
  }

  /// Of parts that are not held in turn, those that take part in a motion of all together.
  std::vector<bool> swinging(const std::vector<RigidMotion>& motions,
                             const std::vector<bool>& held) const
  {
    std::vector<std::size_t> place(motions.size());
    std::vector<RigidMotion> bodies;
    for (std::size_t p = 0; p < motions.size(); ++p)
      if (!held[p])
      {
        place[p] = bodies.size();
        bodies.push_back(motions[p]);
      }
    std::vector<geometry::Link> links;
    for (const Link& link : parts_.links)
      if (!held[link.a] && !held[link.b])
        links.push_back({place[link.a], place[link.b], nodes_.points[link.node]});
    std::vector<bool> moving(bodies.size(), true);
    if (bodies.size() <= largest_mechanism)
      moving = geometry::moving_bodies(bodies, links);
    std::vector<bool> swings(motions.size());
    for (std::size_t p = 0; p < motions.size(); ++p)
      swings[p] = !held[p] && moving[place[p]];
    return swings;
  }

private:
  void constrain(const std::vector<std::uint32_t>& group_of,
                 std::vector<RigidMotion>& motions) const
  {
    // A support on a node that several parts share holds all of them.
    std::vector<std::pair<std::uint32_t, std::uint32_t>> shared; // node, part
    for (const Link& link : parts_.links)
      for (const std::uint32_t part : {link.a, link.b})
        shared.emplace_back(link.node, part);
    std::sort(shared.begin(), shared.end());
    const auto for_parts = [&](std::uint32_t node, const auto& apply)
    {
      if (parts_.of_node[node] != no_part)
        apply(motions[group_of[parts_.of_node[node]]]);
      auto at = std::lower_bound(shared.begin(), shared.end(), std::pair{node, 0U});
      for (; at != shared.end() && at->first == node; ++at)
        apply(motions[group_of[at->second]]);
    };
    for (const FixedComponent& fixed : supports_.fixed)
    {
      Vec3 axis;
      axis[static_cast<std::size_t>(fixed.axis)] = 1;
      for_parts(fixed.node, [&](RigidMotion& m) { m.forbid(nodes_.points[fixed.node], axis); });
    }
    for (const NodeSpring& spring : supports_.springs)
      for_parts(spring.node,
                [&](RigidMotion& m) { forbid(m, nodes_.points[spring.node], spring.stiffness); });
  }

  const Parts& parts_;
  const mesh::Nodes& nodes_;
  const Supports& supports_;
};

/// What the node in the middle of a face hangs on: its corners, or its node in second order.
using Middle = std::vector<std::uint32_t>;

/// Joins hexahedra with the smaller ones behind their faces: in the middle of such a face stands a
/// node that hangs on it, and belongs to all of those.
void join_over_hanging_nodes(const mesh::Mesh& mesh, const mesh::Nodes& nodes,
                             const std::vector<HangingNode>& hanging, DisjointSets& sets)
{
  if (hanging.empty() || mesh.shape != mesh::CellShape::hexahedron)
    return;
  const std::size_t masters = mesh.degree == 1 ? 4 : 1;
  std::map<Middle, std::uint32_t> middles;
  for (const HangingNode& tie : hanging)
    if (tie.masters.size() == masters)
    {
      Middle key = tie.masters;
      std::sort(key.begin(), key.end());
      middles.emplace(std::move(key), tie.node);
    }
  std::map<std::uint32_t, std::uint32_t> larger; // beside the node in the middle of its face
  for (std::uint32_t c = 0; c < mesh.cells(); ++c)
    for (int f = 0; f < 6; ++f)
    {
      const auto of_face = mesh::nodes_of_face(mesh.shape, mesh.degree, f);
      Middle key;
      for (const std::uint8_t n : mesh.degree == 1 ? of_face.first(4) : of_face.last(1))
        key.push_back(nodes.cell(c)[n]);
      std::sort(key.begin(), key.end());
      if (const auto at = middles.find(key); at != middles.end())
        larger.emplace(at->second, c);
    }
  for (std::uint32_t c = 0; c < mesh.cells(); ++c)
    for (const std::uint32_t corner : mesh.cell(c))
      if (const auto at = larger.find(corner); at != larger.end())
        sets.join(c, at->second);
}

/// Numbers the sets of parts that links join: piece of each part.
std::vector<std::uint32_t> pieces_of(const Parts& parts, std::vector<Part>& pieces)
{
  DisjointSets sets(parts.list.size());
  for (const Link& link : parts.links)
    sets.join(link.a, link.b);
  std::vector<std::uint32_t> piece_of(parts.list.size());
  for (std::uint32_t p = 0; p < parts.list.size(); ++p)
  {
    const std::uint32_t leader = sets.find(p); // comes before those that it leads
    if (leader == p)
    {
      piece_of[p] = static_cast<std::uint32_t>(pieces.size());
      pieces.push_back(parts.list[p]);
      continue;
    }
    piece_of[p] = piece_of[leader];
    pieces[piece_of[p]].cells += parts.list[p].cells;
  }
  return piece_of;
}

} // namespace

Parts parts_of(const mesh::Mesh& mesh, const mesh::Nodes& nodes,
               const std::vector<HangingNode>& hanging)
{
  DisjointSets sets(mesh.cells());
  const auto faces = mesh::sorted_faces(mesh);
  for (std::size_t n = 1; n < faces.size(); ++n)
    if (faces[n].first == faces[n - 1].first)
      sets.join(faces[n].second.cell, faces[n - 1].second.cell);
  join_over_hanging_nodes(mesh, nodes, hanging, sets);
  Parts parts;
  parts.of_cell.resize(mesh.cells());
  for (std::uint32_t c = 0; c < mesh.cells(); ++c)
  {
    const std::uint32_t leader = sets.find(c);
    if (leader == c)
    {
      parts.of_cell[c] = static_cast<std::uint32_t>(parts.list.size());
      parts.list.push_back({c, 0});
    }
    parts.of_cell[c] = parts.of_cell[leader];
    ++parts.list[parts.of_cell[c]].cells;
  }
  parts.of_node.assign(nodes.points.size(), no_part);
  for (std::size_t c = 0; c < mesh.cells(); ++c)
    for (const std::uint32_t node : nodes.cell(c))
    {
      std::uint32_t& part = parts.of_node[node];
      if (part == no_part)
        part = parts.of_cell[c];
      else if (part != parts.of_cell[c])
        parts.links.push_back({part, parts.of_cell[c], node});
    }
  const auto key = [](const Link& l) { return std::array{l.a, l.b, l.node}; };
  std::sort(parts.links.begin(), parts.links.end(),
            [&](const Link& a, const Link& b) { return key(a) < key(b); });
  parts.links.erase(std::unique(parts.links.begin(), parts.links.end(),
                                [&](const Link& a, const Link& b) { return key(a) == key(b); }),
                    parts.links.end());
  return parts;
}

std::vector<FreePart> free_parts(const Parts& parts, const mesh::Nodes& nodes,
                                 const Supports& supports)
{
  const Mechanism mechanism(parts, nodes, supports);
  std::vector<std::uint32_t> itself(parts.list.size());
  std::iota(itself.begin(), itself.end(), 0);
  std::vector<RigidMotion> motions = mechanism.motions(itself, itself.size());
  const std::vector<bool> held = mechanism.held_in_turn(motions);
  const std::vector<bool> swings = mechanism.swinging(motions, held);
  std::vector<FreePart> list;
  if (std::none_of(swings.begin(), swings.end(), [](bool free) { return free; }))
    return list;
  std::vector<Part> pieces;
  const std::vector<std::uint32_t> piece_of = pieces_of(parts, pieces);
  const std::vector<RigidMotion> as_one = mechanism.motions(piece_of, pieces.size());
  for (std::size_t p = 0; p < pieces.size(); ++p)
    if (!as_one[p].is_held())
      list.push_back({pieces[p], as_one[p].free_motions()});
  for (std::size_t p = 0; p < swings.size(); ++p)
    if (swings[p] && as_one[piece_of[p]].is_held())
      list.push_back({parts.list[p], {}});
  std::stable_sort(list.begin(), list.end(),
                   [](const FreePart& a, const FreePart& b)
                   { return a.part.cells > b.part.cells; });
  return list;
}

} // namespace calcar::solid
