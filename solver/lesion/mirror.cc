#include "lesion/mirror.hpp"

#include "anatomy/pelvis_apex.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "geometry/rotation.hpp"
#include "image/resample.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace calcar::lesion
{
namespace
{
constexpr double matched_within_mm = 5;
constexpr double least_matched = 0.6;
constexpr int steps = 20;
constexpr std::size_t most_points = 8000;

using anatomy::Matrix6;
using anatomy::Vector6;

/// The frames of both bones laid on each other.
Mirror by_frames(const anatomy::Frame& from, const anatomy::Frame& to)
{
  const Mat3 columns = transpose(Mat3{to.medial, to.anterior, to.proximal});
  const Mat3 rows{from.medial, from.anterior, from.proximal};
  Mirror mirror;
  mirror.turn = columns * rows;
  mirror.shift = to.origin - mirror.turn * from.origin;
  return mirror;
}

/// Voxel centres at the surface, every n-th of them.
std::vector<Vec3> surface_of(const image::Mask& mask, const Depth& depth)
{
  const image::Grid& grid = mask.grid;
  const double h = std::max({grid.spacing.x, grid.spacing.y, grid.spacing.z});
  std::vector<Vec3> points;
  for (int k = 0; k < grid.size[2]; ++k)
    for (int j = 0; j < grid.size[1]; ++j)
      for (int i = 0; i < grid.size[0]; ++i)
        if (mask.at(i, j, k))
        {
          const Vec3 p = grid.point({double(i), double(j), double(k)});
          if (depth(p) <= 0.75 * h)
            points.push_back(p);
        }
  const std::size_t every = points.size() / most_points + 1;
  std::vector<Vec3> thinned;
  for (std::size_t n = 0; n < points.size(); n += every)
    thinned.push_back(points[n]);
  return thinned;
}

Vec3 gradient(const Depth& depth, Vec3 p, double h)
{
  Vec3 slope;
  for (std::size_t a = 0; a < 3; ++a)
  {
    Vec3 step;
    step[a] = h;
    slope[a] = (depth(p + step) - depth(p - step)) / (2 * h);
  }
  return slope;
}

/// One Gauss-Newton step of a rotation about `pivot` and a translation; false at a standstill.
bool improve(Mirror& mirror, const std::vector<Vec3>& points, const Depth& own, const Depth& other,
             double h)
{
  Matrix6 a{};
  Vector6 b{};
  Vec3 pivot;
  for (const Vec3& p : points)
    pivot += mirror(p) / static_cast<double>(points.size());
  double squares = 0;
  std::size_t matched = 0;
  for (const Vec3& p : points)
  {
    const Vec3 q = mirror(p);
    const double off = other(q) - own(p);
    if (!(std::abs(off) < matched_within_mm))
      continue;
    const Vec3 slope = gradient(other, q, h);
    const Vec3 turn = cross(q - pivot, slope);
    const Vector6 row{slope.x, slope.y, slope.z, turn.x, turn.y, turn.z};
    for (std::size_t r = 0; r < 6; ++r)
    {
      for (std::size_t c = 0; c < 6; ++c)
        a[r][c] += row[r] * row[c];
      b[r] -= row[r] * off;
    }
    squares += off * off;
    ++matched;
  }
  mirror.matched_share = static_cast<double>(matched) / static_cast<double>(points.size());
  mirror.rms_mm = matched > 0 ? std::sqrt(squares / static_cast<double>(matched)) : 0;
  // A bone of revolution leaves its own rotation free: a touch of resistance holds it.
  for (std::size_t c = 0; c < 6; ++c)
    a[c][c] += 1e-6 * (a[0][0] + a[3][3] + 1);
  if (matched < 10)
    return false;
  const Vector6 x = anatomy::solve(a, b);
  const Vec3 turn{x[3], x[4], x[5]}, move{x[0], x[1], x[2]};
  if (norm(turn) > 1e-12)
  {
    const Mat3 rotation = geometry::rotation_about(turn, norm(turn));
    mirror.shift = rotation * (mirror.shift - pivot) + pivot;
    mirror.turn = rotation * mirror.turn;
  }
  mirror.shift += move;
  return norm(move) > 1e-3 || norm(turn) > 1e-5;
}

void require_other_side(const anatomy::BoneAnatomy& bone, const anatomy::BoneAnatomy& other,
                        const std::string& place)
{
  if (bone.kind != other.kind)
    throw InputError(Fault::data, {place,
                                   "the other side is a " + anatomy::to_string(other.kind) +
                                       ", the bone a " + anatomy::to_string(bone.kind),
                                   "the same bone of the other side", "check image and mask", ""});
  if (bone.side == other.side || bone.side == anatomy::Side::midline ||
      other.side == anatomy::Side::midline)
    throw InputError(Fault::data,
                     {place,
                      "the bone is of the " + anatomy::to_string(bone.side) +
                          " side and its counterpart of the " + anatomy::to_string(other.side),
                      "one bone of the left and one of the right side", "check image and mask",
                      ""});
}
} // namespace

Mirror mirror_onto(const Ground& bone, const Ground& other, const std::string& place)
{
  require_other_side(bone.bone, other.bone, place);
  Mirror mirror = by_frames(bone.bone.frame, other.bone.frame);
  constexpr double everything_mm = 1e4;
  const Depth own(bone.mask, bone.bone.frame.origin, everything_mm);
  const Depth theirs(other.mask, other.bone.frame.origin, everything_mm);
  const std::vector<Vec3> points = surface_of(bone.mask, own);
  const Vec3 h = other.mask.grid.spacing;
  for (int step = 0; step < steps; ++step)
    if (!improve(mirror, points, own, theirs, std::max({h.x, h.y, h.z})))
      break;
  if (mirror.matched_share < least_matched)
    throw InputError(Fault::data, {place,
                                   "mirrored on the other side the bone does not fit: " +
                                       format_number(100 * mirror.matched_share, 3) +
                                       " % of its surface lies within " +
                                       format_number(matched_within_mm) + " mm of the other's",
                                   "the same bone of the same patient, at least 60 %",
                                   "check that both masks are whole or end at one level", ""});
  return mirror;
}

image::Volume mirrored_density(const Ground& bone, const Ground& other, const Mirror& mirror)
{
  const image::Grid& grid = bone.mask.grid;
  const float unknown = std::numeric_limits<float>::quiet_NaN();
  image::Volume result{grid, std::vector<float>(grid.voxels(), unknown), {}};
  for (int k = 0; k < grid.size[2]; ++k)
    for (int j = 0; j < grid.size[1]; ++j)
      for (int i = 0; i < grid.size[0]; ++i)
      {
        if (!bone.mask.at(i, j, k))
          continue;
        const Vec3 q = other.mask.grid.index(mirror(grid.point({double(i), double(j), double(k)})));
        if (image::fraction(other.mask, q) >= 0.5F)
          result.at(i, j, k) = image::sample_index(other.density, q, unknown);
      }
  return result;
}

} // namespace calcar::lesion
