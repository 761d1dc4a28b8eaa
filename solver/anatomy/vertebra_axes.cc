#include "anatomy/vertebra_axes.hpp"

#include "geometry/rotation.hpp"
#include "image/distance.hpp"
#include "image/mask.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace calcar::anatomy
{

namespace
{

constexpr double opening = 0.65; ///< radius of the ball that opens the bone over the largest inside
constexpr double facing = 0.88;  ///< cosine, 28 degrees: what faces along an axis
constexpr int directions = 800;  ///< tried over half a sphere

/// Distance of each inside voxel to the outside, mm.
image::Volume depth_inside(const BoneShape& shape)
{
  image::Mask outside = shape.mask;
  for (auto& value : outside.values)
  {
    value = value ? 0 : 1;
  }
  return image::distance_to(outside);
}

/// The area of the voxel face a surface point lies on, outwards.
Vec3 face_area(const BoneShape& shape, const SurfacePoint& point)
{
  const image::Grid& g = shape.mask.grid;
  const Vec3 index = g.index(point.position);
  for (std::size_t a = 0; a < 3; ++a)
  {
    if (std::abs(index[a] - std::floor(index[a]) - 0.5) < 0.1)
    {
      Vec3 before{std::round(index.x), std::round(index.y), std::round(index.z)};
      before[a] = std::floor(index[a]);
      const bool inside_before =
          shape.mask.at(static_cast<int>(before.x), static_cast<int>(before.y),
                        static_cast<int>(before.z)) != 0;
      Vec3 out;
      out[a] = (inside_before ? 1 : -1) * g.voxel_volume() / g.spacing[a];
      return g.direction * out;
    }
  }
  return {};
}

/// The voxels deeper than `depth` that hang together with the deepest one, as a mask.
image::Mask core_of(const image::Volume& depth, double least)
{
  image::Mask deep;
  deep.grid = depth.grid;
  deep.values.reserve(depth.values.size());
  for (const float d : depth.values)
  {
    deep.values.push_back(d > least ? 1 : 0);
  }
  const image::Pieces pieces = image::connected_pieces(deep, image::Neighbours::faces);
  const auto deepest = std::max_element(depth.values.begin(), depth.values.end());
  const auto wanted =
      pieces.labels.values[static_cast<std::size_t>(deepest - depth.values.begin())];
  for (std::size_t n = 0; n < deep.values.size(); ++n)
  {
    deep.values[n] = pieces.labels.values[n] == wanted ? 1 : 0;
  }
  return deep;
}

/// Sums over the voxels near the core and over the rest.
void weigh(const BoneShape& shape, const image::Volume& depth, const image::Volume& to_core,
           double reach, ThickPart& part)
{
  const image::Grid& g = shape.mask.grid;
  double near = 0;
  double rest = 0;
  for (int k = 0; k < g.size[2]; ++k)
  {
    for (int j = 0; j < g.size[1]; ++j)
    {
      for (int i = 0; i < g.size[0]; ++i)
      {
        if (shape.mask.at(i, j, k) == 0)
        {
          continue;
        }
        const Vec3 p = g.point({1.0 * i, 1.0 * j, 1.0 * k});
        if (to_core.at(i, j, k) <= reach)
        {
          part.centre += p;
          near += 1;
        }
        else if (to_core.at(i, j, k) > reach + shape.voxel_mm)
        {
          part.rest_centre += p;
          rest += 1;
          if (depth.at(i, j, k) > part.second_radius)
          {
            part.second_radius = depth.at(i, j, k);
            part.second_centre = p;
          }
        }
      }
    }
  }
  part.centre = part.centre / std::max(near, 1.0);
  part.rest_centre = rest > 0 ? part.rest_centre / rest : part.centre;
  part.volume_mm3 = near * g.voxel_volume();
  part.rest_mm3 = rest * g.voxel_volume();
}

struct Ends
{
  double upper = 0, lower = 0; ///< area that faces along the axis and against it, mm^2
  Vec3 upper_area, lower_area; ///< summed, as vectors
};

Ends ends_along(const ThickPart& part, Vec3 axis)
{
  Ends ends;
  for (std::size_t n = 0; n < part.surface.size(); ++n)
  {
    const double along = dot(part.surface[n].normal, axis);
    const double place = dot(part.surface[n].position - part.centre, axis);
    if (along > facing && place > 0)
    {
      ends.upper += dot(part.areas[n], axis);
      ends.upper_area += part.areas[n];
    }
    if (along < -facing && place < 0)
    {
      ends.lower -= dot(part.areas[n], axis);
      ends.lower_area += part.areas[n];
    }
  }
  return ends;
}

/// The area of the thick part's free surface that faces along an axis, seen along it.
double outline_along(const ThickPart& part, Vec3 axis)
{
  double area = 0;
  for (std::size_t n = 0; n < part.surface.size(); ++n)
  {
    area += dot(part.surface[n].normal, axis) > 0 ? dot(part.areas[n], axis) : 0;
  }
  return area;
}

FlatEnds refined(const ThickPart& part, Vec3 axis)
{
  for (int round = 0; round < 4; ++round)
  {
    const Ends ends = ends_along(part, axis);
    if (ends.upper <= 0 || ends.lower <= 0)
    {
      break;
    }
    axis = normalized(normalized(ends.upper_area) - normalized(ends.lower_area));
  }
  const Ends ends = ends_along(part, axis);
  FlatEnds result;
  result.axis = axis;
  result.area = std::min(ends.upper, ends.lower);
  const double outline = std::max(outline_along(part, axis), outline_along(part, -axis));
  result.flatness = result.area / std::max(outline, 1e-9);
  return result;
}

} // namespace

ThickPart thick_part(const BoneShape& shape)
{
  ThickPart part;
  const image::Volume depth = depth_inside(shape);
  const double deepest = *std::max_element(depth.values.begin(), depth.values.end());
  part.radius = deepest - 0.5 * shape.voxel_mm;
  const double least = opening * deepest;
  const image::Volume to_core = image::distance_to(core_of(depth, least));
  weigh(shape, depth, to_core, least, part);
  const image::Grid& g = shape.mask.grid;
  for (const SurfacePoint& point : shape.surface)
  {
    const Vec3 index = g.index(point.position - 0.3 * g.spacing.x * point.normal);
    const int i = static_cast<int>(std::lround(index.x));
    const int j = static_cast<int>(std::lround(index.y));
    const int k = static_cast<int>(std::lround(index.z));
    if (g.contains(i, j, k) && to_core.at(i, j, k) <= least + 0.8 * shape.voxel_mm)
    {
      part.surface.push_back(point);
      part.areas.push_back(face_area(shape, point));
    }
  }
  return part;
}

bool on_image_border(const BoneShape& shape, const SurfacePoint& point)
{
  const auto [low, high] = shape.image_corners;
  const Vec3 index = shape.mask.grid.index(point.position);
  bool outside = false;
  for (std::size_t a = 0; a < 3; ++a)
  {
    outside = outside || index[a] < low[a] - 0.25 || index[a] > high[a] + 0.25;
  }
  return outside;
}

std::vector<FlatEnds> flat_ends(const ThickPart& part)
{
  const double golden = geometry::pi * (3 - std::sqrt(5.0));
  std::vector<FlatEnds> tried;
  for (int n = 0; n < directions; ++n)
  {
    const double z = (n + 0.5) / directions;
    const double r = std::sqrt(1 - z * z);
    const Vec3 axis{r * std::cos(golden * n), r * std::sin(golden * n), z};
    const Ends ends = ends_along(part, axis);
    tried.push_back({axis, std::min(ends.upper, ends.lower), 0});
  }
  std::sort(tried.begin(), tried.end(),
            [](const FlatEnds& a, const FlatEnds& b) { return a.area > b.area; });
  std::vector<FlatEnds> found;
  for (const FlatEnds& one : tried)
  {
    if (found.size() == 4 || one.area <= 0)
    {
      break;
    }
    const FlatEnds better = refined(part, one.axis);
    const bool apart = std::all_of(found.begin(), found.end(),
                                   [&](const FlatEnds& other)
                                   { return std::abs(dot(other.axis, better.axis)) < 0.82; });
    if (apart)
    {
      found.push_back(better);
    }
  }
  std::sort(found.begin(), found.end(),
            [](const FlatEnds& a, const FlatEnds& b) { return a.area > b.area; });
  return found;
}

VertebraAxes axes_from(Vec3 up, Vec3 roughly_front)
{
  const Vec3 front = normalized(geometry::without_component(roughly_front, up));
  return {cross(front, up), front, up};
}

image::Volume along_axes(const BoneShape& shape, const VertebraAxes& axes, double step_mm)
{
  const std::array<Vec3, 3> directions_of = {axes.right, axes.front, axes.up};
  Vec3 low{1e9, 1e9, 1e9};
  Vec3 high{-1e9, -1e9, -1e9};
  for (const SurfacePoint& point : shape.surface)
  {
    for (std::size_t a = 0; a < 3; ++a)
    {
      low[a] = std::min(low[a], dot(point.position, directions_of[a]));
      high[a] = std::max(high[a], dot(point.position, directions_of[a]));
    }
  }
  image::Volume volume;
  image::Grid& g = volume.grid;
  g.spacing = {step_mm, step_mm, step_mm};
  g.direction = transpose(Mat3{axes.right, axes.front, axes.up});
  const Vec3 first = low - Vec3{1.5 * step_mm, 1.5 * step_mm, 1.5 * step_mm};
  g.origin = g.direction * first;
  for (std::size_t a = 0; a < 3; ++a)
  {
    g.size[a] = static_cast<int>(std::ceil((high[a] - low[a]) / step_mm)) + 4;
  }
  volume.values.reserve(g.voxels());
  for (int k = 0; k < g.size[2]; ++k)
  {
    for (int j = 0; j < g.size[1]; ++j)
    {
      for (int i = 0; i < g.size[0]; ++i)
      {
        volume.values.push_back(
            static_cast<float>(value_at(shape, g.point({1.0 * i, 1.0 * j, 1.0 * k}))));
      }
    }
  }
  return volume;
}

std::optional<CanalHole> canal_hole(const image::Volume& along, const VertebraAxes& axes,
                                    double least_area)
{
  const image::Grid& g = along.grid;
  image::Mask open;
  open.grid = g;
  open.grid.size[2] = 1;
  open.values.assign(open.grid.voxels(), 1);
  for (std::size_t n = 0; n < along.values.size(); ++n)
  {
    if (along.values[n] >= 0.5F)
    {
      open.values[n % open.values.size()] = 0;
    }
  }
  const image::Pieces pieces = image::connected_pieces(open, image::Neighbours::faces);
  const auto outside = pieces.labels.values[0];
  const double pixel = g.spacing.x * g.spacing.y;
  for (std::size_t piece = 1; piece <= pieces.voxels.size(); ++piece)
  {
    const double area = pixel * static_cast<double>(pieces.voxels[piece - 1]);
    if (static_cast<int>(piece) == outside)
    {
      continue;
    }
    if (area < least_area)
    {
      return std::nullopt; // pieces come by falling size
    }
    CanalHole hole{0, 0, 1e9, -1e9, 1e9, -1e9, area};
    const double half = 0.5 * g.spacing.x;
    for (int j = 0; j < g.size[1]; ++j)
    {
      for (int i = 0; i < g.size[0]; ++i)
      {
        if (pieces.labels.at(i, j, 0) == static_cast<int>(piece))
        {
          const Vec3 p = g.point({1.0 * i, 1.0 * j, 0});
          const double x = dot(p, axes.right);
          const double y = dot(p, axes.front);
          hole.x += x * pixel / area;
          hole.y += y * pixel / area;
          hole.x_low = std::min(hole.x_low, x - half);
          hole.x_high = std::max(hole.x_high, x + half);
          hole.y_low = std::min(hole.y_low, y - half);
          hole.y_high = std::max(hole.y_high, y + half);
        }
      }
    }
    return hole;
  }
  return std::nullopt;
}

} // namespace calcar::anatomy
