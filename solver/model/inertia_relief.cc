#include "model/inertia_relief.hpp"

#include "load/distribute.hpp"
#include "model/lattice.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace calcar::model
{
namespace
{
/// The point that is farthest by some measure, of those that may be held.
template <typename Distance>
std::size_t farthest(std::size_t count, const std::vector<std::uint8_t>& may_be_held,
                     const Distance& distance)
{
  std::size_t best = count;
  for (std::size_t n = 0; n < count; ++n)
    if ((may_be_held.empty() || may_be_held[n]) && (best == count || distance(n) > distance(best)))
      best = n;
  if (best == count)
    throw std::invalid_argument("no point may be held");
  return best;
}

/// Index of the largest component.
int largest(Vec3 v)
{
  int axis = 0;
  for (int other = 1; other < 3; ++other)
    if (std::abs(v[static_cast<std::size_t>(other)]) > std::abs(v[static_cast<std::size_t>(axis)]))
      axis = other;
  return axis;
}

Vec3 centre_of(const std::vector<Vec3>& points, const std::vector<double>& masses)
{
  Vec3 sum;
  double mass = 0;
  for (std::size_t n = 0; n < points.size(); ++n)
  {
    sum += masses[n] * points[n];
    mass += masses[n];
  }
  return sum / mass;
}

/// Of sum m (r^2 1 - r r^T) about the centre.
std::array<EigenPair, 3> inertia_about(Vec3 centre, const std::vector<Vec3>& points,
                                       const std::vector<double>& masses)
{
  SymTensor inertia;
  for (std::size_t n = 0; n < points.size(); ++n)
  {
    const Vec3 r = points[n] - centre;
    const double square = dot(r, r);
    inertia =
        inertia + masses[n] * SymTensor{square - r.x * r.x, square - r.y * r.y, square - r.z * r.z,
                                        -r.y * r.z,         -r.z * r.x,         -r.x * r.y};
  }
  return eigenpairs(inertia);
}

/// Position of a node from the centre of voxel (0, 0, 0), along the grid's axes.
Vec3 along_axes(const image::Grid& grid, const NodeIndex& node)
{
  return {(node.i - 0.5) * grid.spacing.x, (node.j - 0.5) * grid.spacing.y,
          (node.k - 0.5) * grid.spacing.z};
}
} // namespace

std::vector<Vec3> inertia_forces(Vec3 force, Vec3 moment_about_origin,
                                 const std::vector<Vec3>& points, const std::vector<double>& masses)
{
  // Forces that are m_i times a rigid motion, with this resultant and moment: just what distribute
  // makes of weights.
  return load::distribute(-force, -moment_about_origin, points, masses);
}

std::array<Pin, 6> statically_determinate(const std::vector<Vec3>& points,
                                          const std::vector<std::uint8_t>& may_be_held)
{
  const std::size_t count = points.size();
  const Vec3 centre = centre_of(points, std::vector<double>(count, 1.0));
  const std::size_t a =
      farthest(count, may_be_held, [&](std::size_t n) { return norm(points[n] - centre); });
  const std::size_t b =
      farthest(count, may_be_held, [&](std::size_t n) { return norm(points[n] - points[a]); });
  const Vec3 line = points[b] - points[a];
  const auto off_line = [&](std::size_t n) { return norm(cross(line, points[n] - points[a])); };
  const std::size_t c = farthest(count, may_be_held, off_line);
  if (!(off_line(c) > 1e-9 * dot(line, line)))
    throw std::invalid_argument("points on a line do not hold a body in its place");
  // b leaves the turn about the line alone when it may move along it only; the turn moves c along
  // `turned`.
  const int along = largest(line);
  const Vec3 turned = cross(line, points[c] - points[a]);
  return {Pin{a, 0},
          Pin{a, 1},
          Pin{a, 2},
          Pin{b, (along + 1) % 3},
          Pin{b, (along + 2) % 3},
          Pin{c, largest(turned)}};
}

void remove_mean_motion(const std::vector<Vec3>& points, const std::vector<double>& masses,
                        std::vector<Vec3>& displacement)
{
  const Vec3 centre = centre_of(points, masses);
  const Vec3 shift = centre_of(displacement, masses);
  Vec3 swing;
  for (std::size_t n = 0; n < points.size(); ++n)
    swing += masses[n] * cross(points[n] - centre, displacement[n]);
  Vec3 turn;
  for (const EigenPair& axis : inertia_about(centre, points, masses))
    turn += dot(axis.direction, swing) / axis.value * axis.direction;
  for (std::size_t n = 0; n < points.size(); ++n)
    displacement[n] -= shift + cross(turn, points[n] - centre);
}

MassPoints mass_points(const VoxelBody& body)
{
  MassPoints result;
  result.nodes = nodes_of(body.grid, body.voxels);
  const double share = body.grid.voxel_volume() / 8;
  for (const int voxels : voxels_around(body, result.nodes))
    result.masses.push_back(share * voxels);
  for (const NodeIndex& node : result.nodes)
    result.points.push_back(along_axes(body.grid, node));
  return result;
}

VoxelSupports hold_in_place(const VoxelBody& body)
{
  const MassPoints points = mass_points(body);
  VoxelSupports supports;
  supports.names.push_back(in_place);
  for (const Pin& pin : statically_determinate(points.points))
    supports.fixed.push_back({points.nodes[pin.point], pin.axis, 0.0, 0});
  return supports;
}

std::vector<NodalForce> inertia_of(const MassPoints& body, const image::Grid& grid,
                                   const std::vector<NodalForce>& forces)
{
  Vec3 force;
  Vec3 moment;
  for (const NodalForce& one : forces)
  {
    force += one.force;
    moment += cross(along_axes(grid, one.node), one.force);
  }
  const std::vector<Vec3> inertia = inertia_forces(force, moment, body.points, body.masses);
  std::vector<NodalForce> result;
  result.reserve(inertia.size());
  for (std::size_t n = 0; n < inertia.size(); ++n)
    result.push_back({body.nodes[n], inertia[n]});
  return result;
}

} // namespace calcar::model
