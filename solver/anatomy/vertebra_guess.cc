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
constexpr int coarse_rays = 72;
constexpr int fine_rays = 360;

using Outlines = std::vector<std::vector<double>>;

/// How much sections differ from their mirror images: the mean of the differences of radii over
/// their sums, twice. The mirror stands at `half_steps` halves of the angle between two rays.
double mirror_difference(const Outlines& sections, int half_steps)
{
  double difference = 0;
  double count = 0;
  for (const auto& radii : sections)
  {
    const int rays = static_cast<int>(radii.size());
    for (int n = 0; n < rays; ++n)
    {
      const int image = ((half_steps - n) % rays + rays) % rays;
      const double one = radii[static_cast<std::size_t>(n)];
      const double other = radii[static_cast<std::size_t>(image)];
      difference += std::abs(one - other) / (one + other);
      count += 0.5;
    }
  }
  return count > 0 ? difference / count : 1.0;
}

/// Outlines of the body at several heights in radii of its largest ball; roots of pedicles are cut
/// at 1.5 times the median radius.
Outlines outlines(const BoneShape& shape, const ThickPart& part, Vec3 up, Vec3 towards,
                  const std::vector<double>& heights, int recentre, int rays)
{
  Outlines found;
  for (const double height : heights)
  {
    Section s = section(shape, part.centre + height * part.radius * up, up, towards,
                        6 * part.radius, recentre, rays);
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

/// The direction on the body's mirror plane within 45 degrees of `wanted`. Its symmetry is 1 when
/// exact, 0 when radii differ by a third.
Vec3 front_by_symmetry(const BoneShape& shape, const ThickPart& part, Vec3 up, Vec3 wanted,
                       double& symmetry)
{
  const Vec3 e1 = normalized(geometry::without_component(wanted, up));
  const Vec3 e2 = cross(up, e1);
  const Outlines sections = outlines(shape, part, up, e1, {-0.4, 0.0, 0.4}, 0, coarse_rays);
  int best = 0;
  symmetry = 0;
  for (int axis = -coarse_rays / 8; axis <= coarse_rays / 8; ++axis)
  {
    const double s = std::max(0.0, 1 - 3 * mirror_difference(sections, 2 * axis));
    if (s > symmetry)
    {
      symmetry = s;
      best = axis;
    }
  }
  const double angle = 2 * geometry::pi * best / coarse_rays;
  return std::cos(angle) * e1 + std::sin(angle) * e2;
}

/// Place of the least value of a parabola through all values, of which the middle one is at 0 and
/// those beside it at whole numbers; 0 where they make no hollow.
double hollow_of(const std::vector<double>& values)
{
  const int half = static_cast<int>(values.size()) / 2;
  double n0 = 0, n2 = 0, n4 = 0, s0 = 0, s1 = 0, s2 = 0;
  for (int k = -half; k <= half; ++k)
  {
    const double v = values[static_cast<std::size_t>(k + half)];
    const double kk = static_cast<double>(k) * k;
    n0 += 1;
    n2 += kk;
    n4 += kk * kk;
    s0 += v;
    s1 += k * v;
    s2 += kk * v;
  }
  const double curvature = (n0 * s2 - n2 * s0) / (n0 * n4 - n2 * n2);
  const double slope = s1 / n2;
  return curvature > 0 ? std::clamp(-0.5 * slope / curvature, -1.0 * half, 1.0 * half) : 0.0;
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

Vec3 front_of_body(const BoneShape& shape, const ThickPart& part, Vec3 up, Vec3 roughly)
{
  constexpr int search = 40; ///< half degrees to both sides
  constexpr int window = 14; ///< of the parabola, that levels the steps of the voxels
  const Vec3 e1 = normalized(geometry::without_component(roughly, up));
  const Vec3 e2 = cross(up, e1);
  const Outlines sections =
      outlines(shape, part, up, e1, {-0.5, -0.3, -0.15, 0.0, 0.15, 0.3, 0.5}, 3, fine_rays);
  std::vector<double> differences;
  for (int n = -search - window; n <= search + window; ++n)
  {
    differences.push_back(mirror_difference(sections, n));
  }
  const auto first = differences.begin() + window;
  const auto least = std::min_element(first, differences.end() - window);
  const double more = hollow_of({least - window, least + window + 1});
  const double half_steps = static_cast<double>(least - first) - search + more;
  const double angle = geometry::pi * half_steps / fine_rays;
  return std::cos(angle) * e1 + std::sin(angle) * e2;
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
