#include "mesh/cuts_of_mask.hpp"

#include "geometry/rotation.hpp"
#include "image/box.hpp"
#include "image/resample.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::mesh
{
namespace
{
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
  const double area = static_cast<double>(image::layer_voxels(mask, axis, last)) * face_cm2;
  const double inside = static_cast<double>(image::layer_voxels(
                            mask, axis, upper ? last - inwards : last + inwards)) *
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
