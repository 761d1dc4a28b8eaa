#include "anatomy/long_bone.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "geometry/fit.hpp"
#include "geometry/rotation.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace calcar::anatomy
{

namespace
{

using geometry::pi;
using geometry::without_component;

constexpr double shaft_ratio = 1.35; ///< greatest radius of a slice of the shaft over the least
constexpr double least_flare = 1.4;  ///< of an end with a joint; shafts stay below

std::vector<Vec3> voxel_centres(const BoneShape& shape)
{
  const image::Grid& g = shape.mask.grid;
  std::vector<Vec3> centres;
  for (int k = 0; k < g.size[2]; ++k)
  {
    for (int j = 0; j < g.size[1]; ++j)
    {
      for (int i = 0; i < g.size[0]; ++i)
      {
        if (shape.mask.at(i, j, k) != 0)
        {
          centres.push_back(g.point({1.0 * i, 1.0 * j, 1.0 * k}));
        }
      }
    }
  }
  return centres;
}

/// Sums over the volume of one slice.
struct SliceSums
{
  double volume = 0;
  Vec3 first;
  double uu = 0, uv = 0, vv = 0;
};

void finish(const SliceSums& sum, double step, Vec3 u, Vec3 v, Vec3 base, Slice& slice)
{
  slice.area = sum.volume / step;
  if (sum.volume <= 0)
  {
    slice.centre = base;
    return;
  }
  const Vec3 mean = sum.first / sum.volume;
  slice.centre = base + mean.x * u + mean.y * v;
  const double a = sum.uu / sum.volume - mean.x * mean.x;
  const double b = sum.uv / sum.volume - mean.x * mean.y;
  const double c = sum.vv / sum.volume - mean.y * mean.y;
  const double middle = 0.5 * (a + c);
  const double half = std::hypot(0.5 * (a - c), b);
  slice.wide = std::sqrt(std::max(middle + half, 0.0));
  slice.narrow = std::sqrt(std::max(middle - half, 0.0));
  const double angle = 0.5 * std::atan2(2 * b, a - c);
  slice.widest = std::cos(angle) * u + std::sin(angle) * v;
}

std::vector<Slice> slices_of(const BoneShape& shape, const std::vector<Vec3>& voxels, Vec3 point,
                             Vec3 axis, double step)
{
  const image::Grid& g = shape.mask.grid;
  const Vec3 u = geometry::any_perpendicular(axis);
  const Vec3 v = cross(axis, u);
  const Vec3 local = transpose(g.direction) * axis;
  const double reach = 0.5 * (std::abs(local.x) * g.spacing.x + std::abs(local.y) * g.spacing.y +
                              std::abs(local.z) * g.spacing.z);
  double low = 1e300;
  double high = -1e300;
  for (const Vec3& p : voxels)
  {
    const double level = dot(p - point, axis);
    low = std::min(low, level - reach);
    high = std::max(high, level + reach);
  }
  const auto first = static_cast<long>(std::floor(low / step));
  const auto count = static_cast<std::size_t>(std::floor(high / step) - std::floor(low / step)) + 1;
  std::vector<SliceSums> sums(count);
  for (const Vec3& p : voxels)
  {
    const Vec3 d = p - point;
    const double level = dot(d, axis);
    const double x = dot(d, u);
    const double y = dot(d, v);
    // A voxel is shared among the slices it reaches into, as a bar along the axis.
    const auto begin = static_cast<long>(std::floor((level - reach) / step));
    const auto end = static_cast<long>(std::floor((level + reach) / step));
    for (long n = begin; n <= end; ++n)
    {
      const double from = std::max(level - reach, static_cast<double>(n) * step);
      const double to = std::min(level + reach, static_cast<double>(n + 1) * step);
      const double part = g.voxel_volume() * std::max(to - from, 0.0) / (2 * reach);
      SliceSums& s = sums[static_cast<std::size_t>(n - first)];
      s.volume += part;
      s.first += part * Vec3{x, y, 0};
      s.uu += part * x * x;
      s.uv += part * x * y;
      s.vv += part * y * y;
    }
  }
  std::vector<Slice> slices(count);
  for (std::size_t n = 0; n < count; ++n)
  {
    slices[n].level = (static_cast<double>(first + static_cast<long>(n)) + 0.5) * step;
    finish(sums[n], step, u, v, point + slices[n].level * axis, slices[n]);
  }
  return slices;
}

/// The shaft as indices of slices.
struct Stretch
{
  std::size_t first = 0;
  std::size_t last = 0;
  double radius = 0;
};

/// A quarter of the slices of a stretch are thinner.
double lower_quartile(const std::vector<Slice>& slices, std::size_t first, std::size_t last)
{
  std::vector<double> radii;
  for (std::size_t n = first; n <= last; ++n)
  {
    radii.push_back(slices[n].radius());
  }
  const auto quarter = radii.begin() + static_cast<std::ptrdiff_t>(radii.size() / 4);
  std::nth_element(radii.begin(), quarter, radii.end());
  return *quarter;
}

/// The stretch that is longest for its radius among those whose slices are all nearly as wide; not
/// counting what an oblique cut may have taken away at the ends.
std::optional<Stretch> find_stretch(const std::vector<Slice>& slices, double step, double volume)
{
  const double length = step * static_cast<double>(slices.size());
  const double typical = std::sqrt(volume / (pi * length));
  const auto skip = static_cast<std::size_t>(0.5 * typical / step) + 1;
  if (slices.size() < 2 * skip + 5 || length < 4 * typical)
  {
    return std::nullopt;
  }
  Stretch best;
  double best_aspect = 0;
  for (std::size_t first = skip; first + skip < slices.size(); ++first)
  {
    double thin = slices[first].radius();
    double thick = thin;
    for (std::size_t last = first; last + skip < slices.size(); ++last)
    {
      thin = std::min(thin, slices[last].radius());
      thick = std::max(thick, slices[last].radius());
      if (thick > shaft_ratio * thin)
      {
        break;
      }
      const double aspect = step * static_cast<double>(last - first) / (0.5 * (thin + thick));
      if (aspect > best_aspect)
      {
        best_aspect = aspect;
        best = {first, last, 0};
      }
    }
  }
  if (best_aspect < 1)
  {
    return std::nullopt;
  }
  best.radius = lower_quartile(slices, best.first, best.last);
  return best;
}

/// The direction along which the normals of the walls point least: the smallest axis of sum n n^T.
Vec3 direction_of_walls(const BoneShape& shape, Vec3 point, Vec3 axis, double from, double to)
{
  std::vector<Vec3> normals;
  for (const SurfacePoint& s : shape.surface)
  {
    const double level = dot(s.position - point, axis);
    if (level > from && level < to && std::abs(dot(s.normal, axis)) < 0.45)
    {
      normals.push_back(s.normal);
      normals.push_back(-s.normal); // both signs, so that the moments are about zero
    }
  }
  if (normals.size() < 100)
  {
    return axis;
  }
  const Vec3 d = eigenpairs(geometry::moments(normals).moments)[2].direction;
  return dot(d, axis) < 0 ? -d : d;
}

/// Turns the axis onto the shaft of the slices found; false when there is none.
bool follow(const BoneShape& shape, LongBone& bone)
{
  const auto stretch = find_stretch(bone.slices, bone.step, shape.volume_mm3);
  if (!stretch)
  {
    return false;
  }
  std::vector<Vec3> centres;
  for (std::size_t n = stretch->first; n <= stretch->last; ++n)
  {
    centres.push_back(bone.slices[n].centre);
  }
  bone.radius = stretch->radius;
  bone.from = bone.slices[stretch->first].level;
  bone.to = bone.slices[stretch->last].level;
  const double length = bone.to - bone.from;
  if (length < bone.radius || centres.size() < 3)
  {
    return false;
  }
  const auto line = geometry::fit_line(centres);
  const double trust = std::clamp(length / (3 * bone.radius) - 0.4, 0.0, 1.0);
  const Vec3 by_centres = dot(line->direction, bone.axis) < 0 ? -line->direction : line->direction;
  const Vec3 walls =
      trust < 1 ? direction_of_walls(shape, bone.point, bone.axis, bone.from, bone.to) : by_centres;
  bone.axis = normalized(trust * by_centres + (1 - trust) * walls);
  bone.deviation_deg = 1 + 5 * (1 - trust);
  bone.point = line->point;
  return true;
}

/// Share of the end that is one flat face: the fullest layer, a voxel and a half thick, of surface
/// that faces outwards, over the area of the slice inside it.
double flatness(const BoneShape& shape, const LongBone& bone, const BoneEnd& end, double depth)
{
  std::vector<SurfacePoint> facing;
  Vec3 face = end.outwards;
  for (const SurfacePoint& s : shape.surface)
  {
    const double inwards = dot(bone.at(end.level) - s.position, end.outwards);
    if (inwards < depth && dot(s.normal, end.outwards) > 0.4)
    {
      facing.push_back(s);
    }
  }
  for (const double near : {0.4, 0.8, 0.9, 0.94, 0.94})
  {
    Vec3 sum;
    for (const SurfacePoint& s : facing)
    {
      sum += dot(s.normal, face) > near ? s.normal : Vec3{};
    }
    face = norm(sum) > 0 ? normalized(sum) : face;
  }
  const double half = 0.75 * shape.voxel_mm;
  std::map<long, double> layers;
  double most = 0;
  for (const SurfacePoint& s : facing)
  {
    layers[std::lround(dot(s.position, face) / half)] += 1;
  }
  for (const auto& [layer, count] : layers)
  {
    const auto next = layers.find(layer + 1);
    most = std::max(most, count + (next != layers.end() ? next->second : 0));
  }
  // A plane with unit normal n and area A leaves A |n_i| / (area of a voxel's face i) points.
  const image::Grid& g = shape.mask.grid;
  const Vec3 n = transpose(g.direction) * face;
  const double points_per_mm2 = std::abs(n.x) / (g.spacing.y * g.spacing.z) +
                                std::abs(n.y) / (g.spacing.z * g.spacing.x) +
                                std::abs(n.z) / (g.spacing.x * g.spacing.y);
  const double behind = end.level - dot(end.outwards, bone.axis) * (depth + bone.step);
  const Slice* slice = slice_at(bone, behind);
  const double area = slice != nullptr ? slice->area : pi * bone.radius * bone.radius;
  return most / points_per_mm2 * std::abs(dot(face, end.outwards)) / area;
}

void describe_end(const BoneShape& shape, const LongBone& bone, BoneEnd& end)
{
  const bool low = dot(end.outwards, bone.axis) < 0;
  end.level = low ? bone.slices.front().level : bone.slices.back().level;
  for (const SurfacePoint& s : shape.surface)
  {
    const double level = bone.level(s.position);
    end.level = low ? std::min(end.level, level) : std::max(end.level, level);
  }
  for (const Slice& slice : bone.slices)
  {
    if (low ? slice.level < bone.from : slice.level > bone.to)
    {
      end.flare = std::max(end.flare, slice.radius() / bone.radius);
    }
  }
  end.flat = flatness(shape, bone, end, std::max(bone.radius, 2 * shape.voxel_mm));
  const double reach = 1.2 * end.flare * bone.radius;
  end.at_border = leaves_image(shape, bone.at(end.level), reach);
  end.joint = end.flare > least_flare;
}

} // namespace

double Slice::radius() const
{
  return std::sqrt(area / pi);
}

std::vector<Slice> slices_along(const BoneShape& shape, Vec3 point, Vec3 axis, double step)
{
  return slices_of(shape, voxel_centres(shape), point, axis, step);
}

const Slice* slice_at(const LongBone& bone, double level)
{
  const double n = std::round((level - bone.slices.front().level) / bone.step);
  return n < 0 || n >= static_cast<double>(bone.slices.size())
             ? nullptr
             : &bone.slices[static_cast<std::size_t>(n)];
}

std::optional<LongBone> find_long_bone(const BoneShape& shape)
{
  const std::vector<Vec3> voxels = voxel_centres(shape);
  const geometry::Moments all = geometry::moments(voxels);
  LongBone bone;
  bone.point = all.centroid;
  bone.axis = eigenpairs(all.moments)[0].direction;
  for (int round = 0; round < 12; ++round)
  {
    const Vec3 before = bone.axis;
    bone.slices = slices_of(shape, voxels, bone.point, bone.axis, bone.step);
    if (!follow(shape, bone))
    {
      return std::nullopt;
    }
    if (geometry::angle_deg(before, bone.axis) < 0.01)
    {
      break;
    }
  }
  bone.slices = slices_of(shape, voxels, bone.point, bone.axis, bone.step);
  const auto stretch = find_stretch(bone.slices, bone.step, shape.volume_mm3);
  if (!stretch)
  {
    return std::nullopt;
  }
  bone.radius = stretch->radius;
  bone.from = bone.slices[stretch->first].level;
  bone.to = bone.slices[stretch->last].level;
  bone.ends[0].outwards = -bone.axis;
  bone.ends[1].outwards = bone.axis;
  for (BoneEnd& end : bone.ends)
  {
    describe_end(shape, bone, end);
  }
  return bone;
}

LongBone reversed(const LongBone& bone)
{
  LongBone other = bone;
  other.axis = -bone.axis;
  other.from = -bone.to;
  other.to = -bone.from;
  other.ends = {bone.ends[1], bone.ends[0]};
  for (BoneEnd& end : other.ends)
  {
    end.level = -end.level;
  }
  std::reverse(other.slices.begin(), other.slices.end());
  for (Slice& slice : other.slices)
  {
    slice.level = -slice.level;
  }
  return other;
}

} // namespace calcar::anatomy
