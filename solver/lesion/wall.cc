#include "lesion/wall.hpp"

#include "anatomy/bone_shape.hpp"
#include "anatomy/region.hpp"
#include "base/error.hpp"
#include "base/files.hpp"
#include "base/table.hpp"
#include "base/text.hpp"
#include "geometry/rotation.hpp"
#include "image/box.hpp"
#include "image/distance.hpp"
#include "image/resample.hpp"
#include "material/data_record.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::lesion
{
namespace
{
/// Steps along rays, mm; and how far below the surface cortex may begin.
constexpr double ray_step_mm = 0.1;
constexpr double blur_mm = 3;
/// Bone this far from a point, or nearer, is the bone at its level.
constexpr double near_mm = 20;
constexpr double far_outside_mm = 1000;

CortexRule read_cortex_rule()
{
  const Table table = Table::read(data_file("materials/lesions", "cortex", "lesion data", ""));
  material::read_record(table);
  CortexRule rule;
  rule.from_g_cm3 = table.number("cortex_from_g_cm3");
  rule.thickest_mm = table.number("thickest_mm");
  rule.involved_from_share = table.number("involved_from_share");
  table.check();
  return rule;
}

/// The voxels of a grid within `reach_mm` of a point along each axis, as far as the grid goes;
/// empty (high below low) when it does not reach there.
image::Box box_around(const image::Grid& grid, Vec3 centre, double reach_mm)
{
  const Vec3 index = grid.index(centre);
  image::Box box;
  for (std::size_t a = 0; a < 3; ++a)
  {
    const double reach = reach_mm / grid.spacing[a];
    box.low[a] = static_cast<int>(std::max(0.0, std::floor(index[a] - reach)));
    box.high[a] = static_cast<int>(std::min(grid.size[a] - 1.0, std::ceil(index[a] + reach)));
  }
  return box;
}

bool is_empty(const image::Box& box)
{
  return box.high[0] < box.low[0] || box.high[1] < box.low[1] || box.high[2] < box.low[2];
}

/// The deepest voxel at the level of a point, within `near_mm` of it.
std::optional<Vec3> deepest_near(const Depth& depth, Vec3 point, Vec3 axis)
{
  const image::Grid& grid = depth.values().grid;
  const double level = 0.75 * std::max({grid.spacing.x, grid.spacing.y, grid.spacing.z});
  std::optional<Vec3> best;
  float most = 0;
  for (int k = 0; k < grid.size[2]; ++k)
    for (int j = 0; j < grid.size[1]; ++j)
      for (int i = 0; i < grid.size[0]; ++i)
      {
        const float here = depth.values().at(i, j, k);
        if (here <= most)
          continue;
        const Vec3 at = grid.point({double(i), double(j), double(k)});
        if (norm(at - point) > near_mm || std::abs(dot(at - point, axis)) > level)
          continue;
        most = here;
        best = at;
      }
  return best;
}

[[noreturn]] void refuse(const std::string& place, const std::string& given,
                         const std::string& allowed, const std::string& remedy)
{
  throw InputError(Fault::data, {place, given, allowed, remedy, ""});
}

/// The section's distance to the surface along a direction across its normal.
double radius_along(const anatomy::Section& section, Vec3 direction)
{
  const double turn =
      std::atan2(dot(direction, section.e2), dot(direction, section.e1)) / (2 * geometry::pi);
  const double n = static_cast<double>(section.radii.size());
  const auto ray = static_cast<std::size_t>(std::lround((turn < 0 ? turn + 1 : turn) * n));
  return section.radii[ray % section.radii.size()];
}
/// Slope of a volume at a voxel by differences of its neighbours, per mm along the grid's axes.
Vec3 slope_at(const image::Volume& volume, int i, int j, int k)
{
  const image::Grid& grid = volume.grid;
  const int at[3] = {i, j, k};
  Vec3 slope;
  for (std::size_t a = 0; a < 3; ++a)
  {
    int low[3] = {i, j, k}, high[3] = {i, j, k};
    low[a] = std::max(0, at[a] - 1);
    high[a] = std::min(grid.size[a] - 1, at[a] + 1);
    slope[a] = (static_cast<double>(volume.at(high[0], high[1], high[2])) -
                static_cast<double>(volume.at(low[0], low[1], low[2]))) /
               grid.spacing[a];
  }
  return slope;
}
/// How far a wall lies before the nearest voxel centre behind it: half a voxel where it runs along
/// the grid. Across the grid some centre is always nearer: a quarter, as measured on tubes.
double half_step(Vec3 slope, Vec3 spacing)
{
  if (norm(slope) < 1e-9)
    return 0;
  const Vec3 n = normalized(slope);
  const double along = std::max({std::abs(n.x), std::abs(n.y), std::abs(n.z)});
  const double voxel = norm({n.x * spacing.x, n.y * spacing.y, n.z * spacing.z});
  return voxel * (0.25 + 0.25 * std::max(0.0, (along - 0.95) / 0.05));
}
} // namespace

image::Volume signed_depth(const image::Mask& mask)
{
  image::Mask outside = mask;
  for (std::uint8_t& value : outside.values)
    value = value ? 0 : 1;
  image::Volume raw = image::distance_to(outside);
  const image::Volume off = image::distance_to(mask);
  const auto most = static_cast<float>(far_outside_mm);
  for (std::size_t n = 0; n < raw.values.size(); ++n)
    raw.values[n] = mask.values[n] ? std::min(raw.values[n], most) : -std::min(off.values[n], most);
  image::Volume depth = raw;
  const image::Grid& grid = mask.grid;
  for (int k = 0; k < grid.size[2]; ++k)
    for (int j = 0; j < grid.size[1]; ++j)
      for (int i = 0; i < grid.size[0]; ++i)
      {
        const double half = half_step(slope_at(raw, i, j, k), grid.spacing);
        depth.at(i, j, k) += static_cast<float>(mask.at(i, j, k) ? -half : half);
      }
  return depth;
}

const CortexRule& cortex_rule()
{
  static const CortexRule rule = read_cortex_rule();
  return rule;
}

Vec3 local_axis(const anatomy::BoneAnatomy& bone, Vec3 point)
{
  const Vec3 up = bone.frame.proximal;
  const auto head = bone.landmarks.find("femoral_head_centre");
  const auto neck = bone.landmarks.find("femoral_neck_centre");
  if (bone.kind == anatomy::BoneKind::femur && head != bone.landmarks.end() &&
      neck != bone.landmarks.end() && bone.measures.count("head_radius_mm"))
  {
    const std::string region = anatomy::region_of(bone, point);
    if (region == "head" || region == "neck")
      return normalized(head->second - neck->second);
  }
  const auto& centres = bone.shaft_centres;
  for (std::size_t n = 1; n < centres.size(); ++n)
    if (dot(point - centres[n - 1], up) <= 0 && dot(point - centres[n], up) >= 0)
      return normalized(centres[n - 1] - centres[n]);
  return up;
}

Depth::Depth(const image::Mask& mask, Vec3 centre, double reach_mm)
{
  const image::Box box = box_around(mask.grid, centre, reach_mm);
  values_ = std::make_shared<image::Volume>(is_empty(box) ? image::Volume{}
                                                          : signed_depth(image::crop(mask, box)));
}

double Depth::operator()(Vec3 point) const
{
  return values_->values.empty()
             ? -far_outside_mm
             : static_cast<double>(image::sample_linear(*values_, point, -far_outside_mm));
}

Girth girth_at(const Ground& ground, Vec3 point, Vec3 axis, Vec3 direction,
               const std::string& place)
{
  constexpr double widest_mm = 120;
  const Depth depth(ground.mask, point, near_mm + 5);
  const std::optional<Vec3> start =
      depth.values().values.empty() ? std::nullopt : deepest_near(depth, point, axis);
  if (!start)
    refuse(place,
           "no bone lies within " + format_number(near_mm) +
               " mm of the lesion's centre at its level (" +
               anatomy::locate(ground.bone, point).words + ")",
           "a centre in the bone or at its surface", "check landmark and offset_mm of the centre");
  anatomy::BoneShape shape;
  shape.mask = image::crop(ground.mask, box_around(ground.mask.grid, point, widest_mm));
  const anatomy::Section section =
      anatomy::section(shape, *start, axis, geometry::any_perpendicular(axis), widest_mm, 3);
  Girth girth;
  girth.centre = section.area > 0 ? section.centre : *start;
  girth.axis = axis;
  const bool given = norm(direction) > 0;
  const Vec3 across = geometry::without_component(given ? direction : point - girth.centre, axis);
  if (norm(across) < (given ? 0.1 * norm(direction) : 1.0))
    refuse(place,
           given ? "the lesion's direction runs along the axis of the bone"
                 : "no direction is given and the centre lies on the axis of the bone",
           "a direction across the bone, direction = { lateral = 1 }",
           "give another direction, or axis = { .. } when the bone's axis there is another");
  girth.towards = normalized(across);
  if (section.area > 0)
  {
    girth.radius_mm = radius_along(section, girth.towards);
    girth.farthest_mm = *std::max_element(section.radii.begin(), section.radii.end());
  }
  return girth;
}

Stretch cortex_along(const image::Volume& density, Vec3 surface, Vec3 inwards)
{
  const CortexRule& rule = cortex_rule();
  const auto dense = [&](double t)
  {
    return static_cast<double>(image::sample_linear(density, surface + t * inwards, -1.0F)) >=
           rule.from_g_cm3;
  };
  double t = 0;
  while (t < blur_mm && !dense(t))
    t += ray_step_mm;
  if (t >= blur_mm)
    return {};
  while (t < rule.thickest_mm && dense(t))
    t += ray_step_mm;
  return {0, t - 0.5 * ray_step_mm};
}

} // namespace calcar::lesion
