#include "anatomy/vertebra_guess.hpp"

#include "geometry/rotation.hpp"
#include "image/box.hpp"
#include "image/resample.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace calcar::anatomy
{

namespace
{

constexpr double fine_mm = 1.2;
constexpr int rays = 72;

/// How well a section mirrors at the ray `axis` of it: 1 exactly, 0 when radii differ by a third.
double mirror_symmetry(const std::vector<std::vector<double>>& sections, int axis)
{
  double difference = 0;
  double count = 0;
  for (const auto& radii : sections)
  {
    for (int n = 1; n < rays / 2; ++n)
    {
      const double one = radii[static_cast<std::size_t>((axis + n) % rays)];
      const double other = radii[static_cast<std::size_t>((axis - n + rays) % rays)];
      difference += std::abs(one - other) / (one + other);
      count += 0.5;
    }
  }
  return count > 0 ? std::max(0.0, 1 - 3 * difference / count) : 0.0;
}

/// Outlines of the body at three heights; roots of pedicles are cut at 1.5 times the median radius.
std::vector<std::vector<double>> outlines(const BoneShape& shape, const ThickPart& part, Vec3 up,
                                          Vec3 towards)
{
  std::vector<std::vector<double>> found;
  for (const double height : {-0.4, 0.0, 0.4})
  {
    Section s = section(shape, part.centre + height * part.radius * up, up, towards,
                        6 * part.radius, 0, rays);
    if (s.area <= 0)
    {
      continue;
    }
    std::vector<double> sorted = s.radii;
    std::sort(sorted.begin(), sorted.end());
    const double most = 1.5 * sorted[sorted.size() / 2];
    for (double& r : s.radii)
    {
      r = std::min(r, most);
    }
    found.push_back(s.radii);
  }
  return found;
}

/// The direction on the body's mirror plane within 45 degrees of `wanted`.
Vec3 front_by_symmetry(const BoneShape& shape, const ThickPart& part, Vec3 up, Vec3 wanted,
                       double& symmetry)
{
  const Vec3 e1 = normalized(geometry::without_component(wanted, up));
  const Vec3 e2 = cross(up, e1);
  const auto sections = outlines(shape, part, up, e1);
  int best = 0;
  symmetry = 0;
  for (int axis = -rays / 8; axis <= rays / 8; ++axis)
  {
    const double s = mirror_symmetry(sections, (axis + rays) % rays);
    if (s > symmetry)
    {
      symmetry = s;
      best = axis;
    }
  }
  const double angle = 2 * geometry::pi * best / rays;
  return std::cos(angle) * e1 + std::sin(angle) * e2;
}

} // namespace

image::Mask finer_mask(const image::Mask& mask)
{
  image::Box box = image::bounding_box(mask);
  for (std::size_t a = 0; a < 3; ++a)
  {
    box.low[a] = std::max(box.low[a] - 3, 0);
    box.high[a] = std::min(box.high[a] + 3, mask.grid.size[a] - 1);
  }
  const image::Mask cut = image::crop(mask, box);
  image::Grid grid = cut.grid;
  Vec3 shift;
  bool finer = false;
  for (std::size_t a = 0; a < 3; ++a)
  {
    const int parts = static_cast<int>(std::ceil(grid.spacing[a] / fine_mm - 1e-9));
    shift[a] = -0.5 * (1 - 1.0 / parts);
    grid.size[a] *= parts;
    grid.spacing[a] /= parts;
    finer = finer || parts > 1;
  }
  grid.origin = cut.grid.point(shift);
  return finer ? image::resample_mask(cut, grid) : cut;
}

std::optional<GuessedAxes> guess_axes(const BoneShape& shape, const ThickPart& part,
                                      Vec3 wanted_front, Vec3 wanted_up)
{
  const std::vector<FlatEnds> ends = flat_ends(part);
  std::optional<GuessedAxes> best;
  double best_score = 0;
  for (const FlatEnds& one : ends)
  {
    const VertebraAxes axes = axes_from(one.axis, geometry::any_perpendicular(one.axis));
    const double step = std::max(1.25, shape.voxel_mm);
    const auto hole =
        canal_hole(along_axes(shape, axes, step), axes, least_canal * part.radius * part.radius);
    const double score = one.area / ends.front().area + (hole ? 0.8 : 0.0) +
                         0.6 * std::abs(dot(one.axis, wanted_up));
    if (score <= best_score)
    {
      continue;
    }
    best_score = score;
    GuessedAxes guess;
    guess.flatness = one.flatness;
    guess.canal = hole.has_value();
    if (hole)
    {
      const Vec3 behind = hole->x * axes.right + hole->y * axes.front;
      guess.axes = axes_from(one.axis, part.centre - behind);
    }
    else
    {
      guess.axes = axes;
    }
    best = guess;
  }
  if (best && !best->canal)
  {
    const Vec3 up = best->axes.up;
    const Vec3 away = geometry::without_component(part.centre - part.rest_centre, up);
    const Vec3 wanted = geometry::without_component(wanted_front, up);
    const Vec3 rough = norm(wanted) > 0.3 ? wanted : norm(away) > 1 ? away : best->axes.front;
    best->axes = axes_from(up, front_by_symmetry(shape, part, up, rough, best->symmetry));
  }
  return best;
}

} // namespace calcar::anatomy
