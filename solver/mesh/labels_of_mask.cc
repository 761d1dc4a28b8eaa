#include "mesh/labels_of_mask.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "image/box.hpp"
#include "image/mask.hpp"
#include "image/resample.hpp"
#include "mesh/smooth_volume.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>

namespace calcar::mesh
{
namespace
{
/// Voxels added on each side: what smoothing reaches, and one more.
constexpr int padding = 4;
constexpr double dropped_allowed = 0.01;
constexpr double moved_allowed = 0.05;

/// A cut along an image axis needs no distance for the mirror: voxels end on it.
bool along_axis(const CutPlane& cut, const image::Grid& grid)
{
  const Vec3 local = transpose(grid.direction) * cut.normal;
  return std::max({std::abs(local.x), std::abs(local.y), std::abs(local.z)}) > 1 - 1e-9;
}

/// The point itself, or its mirror image where it lies beyond a cut. Voxels that an oblique cut
/// runs through are part of a staircase: the mirror stands a voxel's diagonal inside it.
Vec3 mirrored(Vec3 point, const std::vector<CutPlane>& cuts, const image::Grid& grid)
{
  for (const CutPlane& cut : cuts)
  {
    const double mirror = along_axis(cut, grid) ? 0 : diagonal(grid);
    const double height = height_inside(cut, point);
    if (height < mirror)
      point = point - 2 * (mirror - height) * cut.normal;
  }
  return point;
}

/// The mask's own box with room about it, mirrored at the cuts.
image::Volume padded(const image::Mask& mask, const std::vector<CutPlane>& cuts)
{
  const image::Box box = image::bounding_box(mask);
  image::Volume volume;
  volume.grid = mask.grid;
  Vec3 first;
  for (std::size_t axis = 0; axis < 3; ++axis)
  {
    first[axis] = box.low[axis] - padding;
    volume.grid.size[axis] = box.high[axis] - box.low[axis] + 1 + 2 * padding;
  }
  volume.grid.origin = mask.grid.point(first);
  volume.values.reserve(volume.grid.voxels());
  for (int k = 0; k < volume.grid.size[2]; ++k)
    for (int j = 0; j < volume.grid.size[1]; ++j)
      for (int i = 0; i < volume.grid.size[0]; ++i)
      {
        const Vec3 point = volume.grid.point({double(i), double(j), double(k)});
        volume.values.push_back(
            image::fraction(mask, mask.grid.index(mirrored(point, cuts, mask.grid))));
      }
  return volume;
}

/// Visits the voxels behind all cuts: visit(offset, i, j, k).
template <typename Visit>
void for_kept(const image::Grid& grid, const std::vector<CutPlane>& cuts, const Visit& visit)
{
  for (int k = 0; k < grid.size[2]; ++k)
    for (int j = 0; j < grid.size[1]; ++j)
      for (int i = 0; i < grid.size[0]; ++i)
      {
        const Vec3 point = grid.point({double(i), double(j), double(k)});
        if (std::all_of(cuts.begin(), cuts.end(),
                        [&](const CutPlane& cut) { return height_inside(cut, point) >= 0; }))
          visit(grid.offset(i, j, k), i, j, k);
      }
}

/// The level at which the smoothed mask has `voxels` voxels behind the cuts: eight sub-points of
/// each voxel near the surface are ranked by their value.
double level_of(const image::Volume& smooth, const std::vector<CutPlane>& cuts, double voxels)
{
  double full = 0;
  std::vector<float> values;
  for_kept(
      smooth.grid, cuts,
      [&](std::size_t n, int i, int j, int k)
      {
        const float here = smooth.values[n];
        if (here < 0.002F)
          return;
        if (here > 0.998F)
        {
          full += 1;
          return;
        }
        for (int s = 0; s < 8; ++s)
          values.push_back(image::sample_index(
              smooth,
              {i + 0.5 * (s & 1) - 0.25, j + 0.25 * (s & 2) - 0.25, k + 0.125 * (s & 4) - 0.25},
              0.0F));
      });
  const double wanted = 8 * (voxels - full);
  if (values.empty() || wanted <= 0)
    return 0.5;
  const std::size_t rank = std::min(values.size() - 1, static_cast<std::size_t>(wanted));
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(rank), values.end(),
                   std::greater<>());
  return std::clamp(static_cast<double>(values[rank]), 0.35, 0.65);
}

image::Mask above(const image::Volume& smooth, double level)
{
  image::Mask mask{smooth.grid, {}, {}};
  mask.values.reserve(smooth.values.size());
  for (const float value : smooth.values)
    mask.values.push_back(value >= level ? 1 : 0);
  return mask;
}

/// Clears all pieces but the largest, with the voxels around them.
void drop_pieces(image::Volume& smooth, double level, double voxels, Warnings& warnings)
{
  const image::Pieces pieces =
      image::connected_pieces(above(smooth, level), image::Neighbours::faces);
  if (pieces.voxels.size() < 2)
    return;
  std::size_t dropped = 0;
  for (std::size_t n = 1; n < pieces.voxels.size(); ++n)
    dropped += pieces.voxels[n];
  const std::string found =
      "without the staircase of its voxels the mask falls into " +
      std::to_string(pieces.voxels.size()) + " pieces; all but the largest are " +
      format_number(100 * static_cast<double>(dropped) / voxels, 3) + " % of it";
  if (static_cast<double>(dropped) > dropped_allowed * voxels)
    throw InputError(Fault::meshing,
                     {"[bone] mask", found,
                      "one piece (others below " + format_number(100 * dropped_allowed) + " %)",
                      "use a mask with smaller voxels, or repair it where it is a voxel thin", ""});
  warnings.push_back({"thin_parts_dropped", found + " and were left out", "[bone] mask"});
  const image::Grid& grid = smooth.grid;
  for (int k = 1; k + 1 < grid.size[2]; ++k)
    for (int j = 1; j + 1 < grid.size[1]; ++j)
      for (int i = 1; i + 1 < grid.size[0]; ++i)
        if (pieces.labels.at(i, j, k) > 1)
          for (int n = 0; n < 27; ++n)
          {
            const int a = i + n % 3 - 1, b = j + n / 3 % 3 - 1, c = k + n / 9 - 1;
            if (pieces.labels.at(a, b, c) != 1)
              smooth.at(a, b, c) = 0;
          }
}

/// Share of the mask's voxels that the smooth body leaves out or adds.
double moved(const image::Mask& mask, const image::Volume& smooth, double level,
             const std::vector<CutPlane>& cuts, double voxels)
{
  std::size_t changed = 0;
  for_kept(
      smooth.grid, cuts,
      [&](std::size_t n, int i, int j, int k)
      {
        const Vec3 index = mask.grid.index(smooth.grid.point({double(i), double(j), double(k)}));
        const bool before = image::fraction(mask, index) >= 0.5F;
        changed += before != (smooth.values[n] >= level) ? 1 : 0;
      });
  return static_cast<double>(changed) / voxels;
}

} // namespace

SmoothBody smooth_body(const image::Mask& mask, const std::vector<CutPlane>& cuts)
{
  auto smooth = std::make_shared<image::Volume>(padded(mask, cuts));
  mesh::smooth(*smooth);
  double voxels = 0;
  for_kept(mask.grid, cuts, [&](std::size_t n, int, int, int) { voxels += mask.values[n]; });
  SmoothBody body;
  body.level = level_of(*smooth, cuts, voxels);
  drop_pieces(*smooth, body.level, voxels, body.warnings);
  body.moved_share = moved(mask, *smooth, body.level, cuts, voxels);
  if (body.moved_share > moved_allowed)
    body.warnings.push_back({"mask_smoothed",
                             format_number(100 * body.moved_share, 2) +
                                 " % of the mask's voxels changed sides when its staircase was "
                                 "smoothed: the voxels are coarse for this bone",
                             "[bone] mask"});
  body.box = box_of(smooth->grid);
  body.solid.distance = [smooth, level = body.level](const Vec3& point)
  { return level - static_cast<double>(image::sample_linear(*smooth, point, 0.0F)); };
  return body;
}

} // namespace calcar::mesh
