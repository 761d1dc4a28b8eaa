#include "voxel/hinges.hpp"

#include "geometry/mechanism.hpp"
#include "geometry/rigid_motion.hpp"

#include <algorithm>
#include <deque>

namespace calcar::voxel
{
namespace
{

using geometry::RigidMotion;
using model::NodeIndex;

Vec3 position_of(const image::Grid& grid, const NodeIndex& node)
{
  return {node.i * grid.spacing.x, node.j * grid.spacing.y, node.k * grid.spacing.z};
}

RigidMotion motion_of(const image::Grid& grid, const Part& part)
{
  const Vec3 low = position_of(grid, {part.low[0], part.low[1], part.low[2]});
  const Vec3 high = position_of(grid, {part.high[0], part.high[1], part.high[2]});
  return {0.5 * (low + high), norm(high - low)};
}

/// Calls visit(node, direction) for what the supports forbid.
template <typename Visit>
void for_supports(const model::VoxelSupports& supports, const Visit& visit)
{
  for (const model::FixedComponent& fixed : supports.fixed)
  {
    Vec3 direction;
    direction[static_cast<std::size_t>(fixed.axis)] = 1;
    visit(fixed.node, direction);
  }
  for (const model::NodeSpring& spring : supports.springs)
  {
    const auto pairs = eigenpairs(spring.stiffness);
    for (const EigenPair& pair : pairs)
      if (pair.value > 1e-9 * pairs[0].value && pair.value > 0)
        visit(spring.node, pair.direction);
  }
}

enum class Hold : std::uint8_t
{
  open, ///< not known yet
  held,
  swings
};

/// The parts as rigid bodies, with what is known of them.
struct Structure
{
  const image::Grid& grid;
  const Parts& parts;
  std::vector<RigidMotion> motions; ///< what supports and held parts leave to each
  std::vector<Hold> hold;
  std::vector<std::size_t> first;      ///< [part + 1] of its contacts in the list
  std::vector<std::uint32_t> contacts; ///< of part p: contacts[first[p]] ...
};

Structure structure_of(const image::Grid& grid, const Parts& parts,
                       const model::VoxelSupports& supports)
{
  const std::size_t count = parts.list.size();
  Structure s{grid, parts, {}, std::vector(count, Hold::open), {}, {}};
  for (const Part& part : parts.list)
    s.motions.push_back(motion_of(grid, part));
  const PartsAtNodes at(grid, parts);
  for_supports(supports,
               [&](const NodeIndex& node, Vec3 direction) {
                 at(node, [&](std::uint32_t p)
                    { s.motions[p].forbid(position_of(grid, node), direction); });
               });

  s.first.assign(count + 1, 0);
  for (const Contact& contact : parts.contacts)
    ++s.first[contact.a + 1], ++s.first[contact.b + 1];
  for (std::size_t p = 0; p < count; ++p)
    s.first[p + 1] += s.first[p];
  s.contacts.resize(s.first.back());
  std::vector<std::size_t> next(s.first.begin(), s.first.end() - 1);
  for (std::uint32_t c = 0; c < parts.contacts.size(); ++c)
    for (const std::uint32_t p : {parts.contacts[c].a, parts.contacts[c].b})
      s.contacts[next[p]++] = c;
  return s;
}

/// Calls visit(other part, contact) for the contacts of a part with parts of which nothing is
/// known.
template <typename Visit>
void for_open_contacts(const Structure& s, std::uint32_t part, const Visit& visit)
{
  for (std::size_t n = s.first[part]; n < s.first[part + 1]; ++n)
  {
    const Contact& contact = s.parts.contacts[s.contacts[n]];
    const std::uint32_t other = contact.a == part ? contact.b : contact.a;
    if (s.hold[other] == Hold::open)
      visit(other, contact);
  }
}

/// A body does not move where it meets a held one. Two points of a line stand for all.
void hold_at(RigidMotion& motion, const image::Grid& grid, const Contact& contact)
{
  motion.hold(position_of(grid, contact.first));
  motion.hold(position_of(grid, contact.last));
}

/// Held parts hold others where they meet, until nothing changes.
void spread_hold(Structure& s)
{
  std::vector<std::uint32_t> held;
  const auto note = [&](std::uint32_t p)
  {
    s.hold[p] = Hold::held;
    held.push_back(p);
  };
  for (std::uint32_t p = 0; p < s.hold.size(); ++p)
    if (s.hold[p] == Hold::open && s.motions[p].is_held())
      note(p);
  while (!held.empty())
  {
    const std::uint32_t part = held.back();
    held.pop_back();
    for_open_contacts(s, part,
                      [&](std::uint32_t other, const Contact& contact)
                      {
                        hold_at(s.motions[other], s.grid, contact);
                        if (s.motions[other].is_held())
                          note(other);
                      });
  }
}

/// Whether a part could move even if all others that do not swing were held.
bool is_free(const Structure& s, std::uint32_t part)
{
  RigidMotion motion = s.motions[part];
  for_open_contacts(
      s, part, [&](std::uint32_t, const Contact& contact) { hold_at(motion, s.grid, contact); });
  return !motion.is_held();
}

/// Finds parts that swing by themselves, then those that only such parts held.
void shed(Structure& s)
{
  std::deque<std::uint32_t> questions;
  std::vector<bool> asked(s.hold.size(), false);
  const auto ask = [&](std::uint32_t p)
  {
    if (!asked[p])
      questions.push_back(p);
    asked[p] = true;
  };
  for (std::uint32_t p = 0; p < s.hold.size(); ++p)
    if (s.hold[p] == Hold::open)
      ask(p);
  while (!questions.empty())
  {
    const std::uint32_t part = questions.front();
    questions.pop_front();
    asked[part] = false;
    if (!is_free(s, part))
      continue;
    s.hold[part] = Hold::swings;
    for_open_contacts(s, part, [&](std::uint32_t other, const Contact&) { ask(other); });
  }
}

/// The open parts that hang together with this one through open ones; `place` becomes their place
/// in the list.
std::vector<std::uint32_t> ring_of(const Structure& s, std::uint32_t part,
                                   std::vector<std::uint32_t>& place)
{
  constexpr std::uint32_t nowhere = ~std::uint32_t{0};
  std::vector<std::uint32_t> ring = {part};
  place[part] = 0;
  for (std::size_t n = 0; n < ring.size(); ++n)
    for_open_contacts(s, ring[n],
                      [&](std::uint32_t other, const Contact&)
                      {
                        if (place[other] != nowhere)
                          return;
                        place[other] = static_cast<std::uint32_t>(ring.size());
                        ring.push_back(other);
                      });
  return ring;
}

std::vector<bool> moving_parts(const Structure& s, const std::vector<std::uint32_t>& ring,
                               const std::vector<std::uint32_t>& place)
{
  if (ring.size() > largest_mechanism)
    return std::vector<bool>(ring.size(), true);
  std::vector<RigidMotion> bodies;
  std::vector<geometry::Link> links;
  for (const std::uint32_t part : ring)
  {
    bodies.push_back(s.motions[part]);
    for_open_contacts(s, part,
                      [&](std::uint32_t other, const Contact& contact)
                      {
                        if (part > other)
                          return; // once for both
                        for (const NodeIndex& node : {contact.first, contact.last})
                          links.push_back({place[part], place[other], position_of(s.grid, node)});
                      });
  }
  return geometry::moving_bodies(bodies, links);
}

/// Judges the open parts, which hold each other in rings, by the rank of all their constraints.
/// Parts that neither move nor are held by others that do not stay open.
void judge_rings(Structure& s)
{
  std::vector<std::uint32_t> place(s.hold.size(), ~std::uint32_t{0});
  for (std::uint32_t p = 0; p < s.hold.size(); ++p)
  {
    if (s.hold[p] != Hold::open || place[p] != ~std::uint32_t{0})
      continue;
    const std::vector<std::uint32_t> ring = ring_of(s, p, place);
    const std::vector<bool> moves = moving_parts(s, ring, place);
    const bool all_held = std::none_of(moves.begin(), moves.end(), [](bool m) { return m; });
    for (std::size_t n = 0; n < ring.size(); ++n)
      if (all_held || moves[n])
        s.hold[ring[n]] = all_held ? Hold::held : Hold::swings;
  }
}

/// A body of one part: whether its supports hold it.
bool is_held(const image::Grid& grid, const Part& part, const model::VoxelSupports& supports)
{
  RigidMotion motion = motion_of(grid, part);
  for_supports(supports, [&](const NodeIndex& node, Vec3 direction)
               { motion.forbid(position_of(grid, node), direction); });
  return motion.is_held();
}

} // namespace

std::vector<bool> swinging_parts(const image::Grid& grid, const Parts& parts,
                                 const model::VoxelSupports& supports)
{
  if (parts.list.size() == 1)
    return {!is_held(grid, parts.list.front(), supports)};
  Structure s = structure_of(grid, parts, supports);
  spread_hold(s);
  while (std::find(s.hold.begin(), s.hold.end(), Hold::open) != s.hold.end())
  {
    shed(s);
    judge_rings(s);
  }
  std::vector<bool> swings;
  for (const Hold hold : s.hold)
    swings.push_back(hold == Hold::swings);
  return swings;
}

std::vector<PieceSupport> piece_supports(const image::Grid& grid, const Parts& parts,
                                         const std::vector<std::uint32_t>& piece_of,
                                         const model::VoxelSupports& supports)
{
  std::vector<Part> whole;
  for (std::size_t p = 0; p < parts.list.size(); ++p)
  {
    const Part& part = parts.list[p];
    if (piece_of[p] == whole.size())
      whole.push_back({part.first, 0, part.low, part.high});
    Part& piece = whole[piece_of[p]];
    piece.voxels += part.voxels;
    for (std::size_t d = 0; d < 3; ++d)
    {
      piece.low[d] = std::min(piece.low[d], part.low[d]);
      piece.high[d] = std::max(piece.high[d], part.high[d]);
    }
  }
  std::vector<RigidMotion> motions;
  std::vector<PieceSupport> result;
  for (const Part& piece : whole)
  {
    motions.push_back(motion_of(grid, piece));
    result.push_back({piece.first, piece.voxels, false, {}});
  }
  const PartsAtNodes at(grid, parts);
  for_supports(supports,
               [&](const NodeIndex& node, Vec3 direction)
               {
                 at(node,
                    [&](std::uint32_t p)
                    {
                      result[piece_of[p]].touched = true;
                      motions[piece_of[p]].forbid(position_of(grid, node), direction);
                    });
               });
  for (std::size_t p = 0; p < result.size(); ++p)
    result[p].free_motions = motions[p].free_motions({"i", "j", "k"});
  return result;
}

} // namespace calcar::voxel
