#include "mesh/labels_of_mask.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "geometry/rotation.hpp"
#include "image/box.hpp"
#include "image/mask.hpp"
#include "image/resample.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>

namespace calcar::mesh
{
namespace
{
constexpr double smoothing_voxels = 1;
/// Voxels added on each side: what smoothing reaches, and one more.
constexpr int padding = 4;
constexpr double dropped_allowed = 0.01;
constexpr double moved_allowed = 0.05;
/// As in image::flat_ends.
constexpr double flat_cm2 = 0.5;
constexpr double flat_share = 0.7;
constexpr double further_in_mm = 4;
/// The part of a cut on which an oblique plane is fitted, how far rays look, how far apart they
/// are.
constexpr double core_mm = 8;
constexpr double search_mm = 15;
constexpr double ray_mm = 1;
/// How far from flat an end may be, in voxels.
constexpr double flat_voxels = 0.6;

double diagonal(const image::Grid& grid)
{
  return norm(grid.spacing);
}

double height_inside(const CutPlane& cut, Vec3 point)
{
  return -dot(point - cut.point, cut.normal);
}

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

/// Convolution along one axis with a Gaussian of `smoothing_voxels`; nothing beyond the ends.
void smooth_axis(image::Volume& volume, std::size_t axis)
{
  constexpr int reach = static_cast<int>(3 * smoothing_voxels);
  std::array<double, 2 * reach + 1> weight{};
  double sum = 0;
  for (int d = -reach; d <= reach; ++d)
    sum += weight[static_cast<std::size_t>(d + reach)] =
        std::exp(-0.5 * d * d / (smoothing_voxels * smoothing_voxels));
  const image::Volume before = volume;
  const std::size_t stride = axis == 0   ? 1
                             : axis == 1 ? static_cast<std::size_t>(volume.grid.size[0])
                                         : static_cast<std::size_t>(volume.grid.size[0]) *
                                               static_cast<std::size_t>(volume.grid.size[1]);
  const int count = volume.grid.size[axis];
  for (std::size_t n = 0; n < volume.values.size(); ++n)
  {
    const int here = static_cast<int>(n / stride) % count;
    double value = 0;
    for (int d = std::max(-reach, -here); d <= std::min(reach, count - 1 - here); ++d)
      value += weight[static_cast<std::size_t>(d + reach)] *
               static_cast<double>(before.values[n + static_cast<std::size_t>(d) * stride]);
    volume.values[n] = static_cast<float>(value / sum);
  }
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

Box box_of(const image::Grid& grid)
{
  Box box{grid.origin, grid.origin};
  for (int corner = 0; corner < 8; ++corner)
  {
    const Vec3 p = grid.point({double((corner & 1) * (grid.size[0] - 1)),
                               double((corner >> 1 & 1) * (grid.size[1] - 1)),
                               double((corner >> 2) * (grid.size[2] - 1))});
    for (std::size_t axis = 0; axis < 3; ++axis)
    {
      box.low[axis] = std::min(box.low[axis], p[axis]);
      box.high[axis] = std::max(box.high[axis], p[axis]);
    }
  }
  return box;
}
} // namespace

SmoothBody smooth_body(const image::Mask& mask, const std::vector<CutPlane>& cuts)
{
  auto smooth = std::make_shared<image::Volume>(padded(mask, cuts));
  for (std::size_t axis = 0; axis < 3; ++axis)
    smooth_axis(*smooth, axis);
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

namespace
{
/// Voxels of a mask in a layer across an axis; 0 outside the image.
std::size_t layer_voxels(const image::Mask& mask, std::size_t axis, int layer)
{
  if (layer < 0 || layer >= mask.grid.size[axis])
    return 0;
  std::array<int, 3> low = {0, 0, 0};
  std::array<int, 3> high = mask.grid.size;
  low[axis] = layer;
  high[axis] = layer + 1;
  std::size_t voxels = 0;
  for (int k = low[2]; k < high[2]; ++k)
    for (int j = low[1]; j < high[1]; ++j)
      for (int i = low[0]; i < high[0]; ++i)
        voxels += mask.at(i, j, k);
  return voxels;
}

struct FlatEnd
{
  CutPlane plane;
  double area_cm2;
};

std::optional<FlatEnd> flat_end(const image::Mask& mask, const image::Box& box, std::size_t axis,
                                bool upper)
{
  const image::Grid& grid = mask.grid;
  const double face_cm2 = grid.voxel_volume() / grid.spacing[axis] / 100;
  const int last = upper ? box.high[axis] : box.low[axis];
  const int inwards = static_cast<int>(std::lround(further_in_mm / grid.spacing[axis]));
  const double area = static_cast<double>(layer_voxels(mask, axis, last)) * face_cm2;
  const double inside =
      static_cast<double>(layer_voxels(mask, axis, upper ? last - inwards : last + inwards)) *
      face_cm2;
  const bool at_border = last == (upper ? grid.size[axis] - 1 : 0);
  if (area < flat_cm2 || (!at_border && area < flat_share * inside))
    return std::nullopt;
  Vec3 index{0.5 * (grid.size[0] - 1), 0.5 * (grid.size[1] - 1), 0.5 * (grid.size[2] - 1)};
  index[axis] = last + (upper ? 0.5 : -0.5);
  Vec3 outward;
  outward[axis] = upper ? 1 : -1;
  return FlatEnd{{"cut", grid.point(index), grid.direction * outward}, area};
}

/// True when two planes meet where the mask is.
bool meet(const CutPlane& a, const CutPlane& b, const image::Mask& mask)
{
  const double near = diagonal(mask.grid);
  bool found = false;
  for (int k = 0; k < mask.grid.size[2] && !found; ++k)
    for (int j = 0; j < mask.grid.size[1] && !found; ++j)
      for (int i = 0; i < mask.grid.size[0] && !found; ++i)
        if (mask.at(i, j, k))
        {
          const Vec3 point = mask.grid.point({double(i), double(j), double(k)});
          found =
              std::abs(height_inside(a, point)) < near && std::abs(height_inside(b, point)) < near;
        }
  return found;
}
} // namespace

std::vector<CutPlane> flat_cuts(const image::Mask& mask)
{
  const image::Box box = image::bounding_box(mask);
  std::vector<FlatEnd> ends;
  for (std::size_t axis = 0; axis < 3; ++axis)
    for (const bool upper : {false, true})
      if (const auto end = flat_end(mask, box, axis, upper))
        ends.push_back(*end);
  std::ranges::stable_sort(ends, std::ranges::greater{}, &FlatEnd::area_cm2);
  std::vector<CutPlane> cuts;
  for (FlatEnd& end : ends)
    if (std::ranges::none_of(cuts, [&](const CutPlane& cut) { return meet(cut, end.plane, mask); }))
    {
      end.plane.name = "cut_" + std::to_string(cuts.size() + 1);
      cuts.push_back(end.plane);
    }
  return cuts;
}

namespace
{
/// Height along `outward` at which a ray through the point leaves the mask for good.
std::optional<double> end_of_ray(const image::Mask& mask, Vec3 point, Vec3 outward)
{
  const double step = 0.1 * diagonal(mask.grid);
  for (double height = search_mm; height >= -search_mm; height -= step)
    if (image::fraction(mask, mask.grid.index(point + height * outward)) >= 0.5F)
      return height + 0.5 * step;
  return std::nullopt;
}

/// Sums of a least-squares plane height = c0 + c1 a + c2 b.
struct PlaneFit
{
  Mat3 matrix = {};
  Vec3 right;
  double square = 0;
  double count = 0;

  void add(double a, double b, double height)
  {
    const Vec3 row{1, a, b};
    for (std::size_t n = 0; n < 3; ++n)
      matrix[n] += row[n] * row;
    right += height * row;
    square += height * height;
    ++count;
  }
  Vec3 solve() const
  {
    const double all = determinant(matrix);
    Vec3 solution;
    for (std::size_t n = 0; n < 3; ++n)
    {
      Mat3 replaced = matrix; // Cramer's rule; the matrix is symmetric, so rows do for columns
      replaced[n] = right;
      solution[n] = determinant(replaced) / all;
    }
    return solution;
  }
  /// Root mean square of what is left over.
  double residual(Vec3 solution) const
  {
    const double left = square - 2 * dot(solution, right) + dot(solution, matrix * solution);
    return std::sqrt(std::max(0.0, left / count));
  }
};
} // namespace

std::optional<CutPlane> oblique_cut(const image::Mask& mask, Vec3 centre, Vec3 outward)
{
  const Vec3 u = geometry::any_perpendicular(outward);
  const Vec3 v = cross(outward, u);
  PlaneFit fit;
  const int reach = static_cast<int>(core_mm / ray_mm);
  for (int b = -reach; b <= reach; ++b)
    for (int a = -reach; a <= reach; ++a)
      if (std::hypot(a, b) <= reach)
        if (const auto height = end_of_ray(mask, centre + ray_mm * (a * u + b * v), outward))
          fit.add(ray_mm * a, ray_mm * b, *height);
  if (fit.count < 50)
    return std::nullopt;
  const Vec3 plane = fit.solve();
  if (!(fit.residual(plane) <= flat_voxels * diagonal(mask.grid) / std::sqrt(3.0)))
    return std::nullopt;
  const Vec3 normal = normalized(outward - plane.y * u - plane.z * v);
  return CutPlane{"cut", centre + plane.x * outward, normal};
}

} // namespace calcar::mesh
