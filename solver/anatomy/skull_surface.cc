#include "anatomy/skull_surface.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "geometry/fit.hpp"
#include "geometry/rotation.hpp"
#include "image/box.hpp"
#include "image/mask.hpp"
#include "image/resample.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::anatomy
{

namespace
{

constexpr double finest_mm = 1; ///< voxels that finer masks are brought to
constexpr std::size_t least_voxels = 300;
constexpr double least_radius_mm = 36; ///< of the sphere fitted to the bone of a head
constexpr double greatest_radius_mm = 140;
constexpr double thickest = 0.35;  ///< of the radius
constexpr double least_hit = 0.01; ///< share of all directions that a piece fills
constexpr int ray_count = 6000;

const char* const a_vault =
    "a cranial vault, or a piece of it, as a thin shell of bone, hollow inside";

[[noreturn]] void refuse(const std::string& place, const std::string& given,
                         const std::string& remedy)
{
  throw InputError(Fault::data, Problem{place, given, a_vault, remedy, ""});
}

/// The largest piece in a box of its own, coarsened when it is fine.
image::Mask prepared(const image::Mask& mask, double& left_out, const std::string& place)
{
  if (image::count(mask) == 0)
  {
    refuse(place, "the mask is empty", "check the label number");
  }
  image::Mask near = image::crop(mask, image::bounding_box(mask));
  const Vec3 s = near.grid.spacing;
  if (std::max({s.x, s.y, s.z}) < finest_mm)
  {
    near = image::resample_mask(near, image::isotropic_grid(near, finest_mm));
  }
  const image::Pieces pieces = image::connected_pieces(near, image::Neighbours::all);
  const std::size_t all = image::count(near);
  if (all < least_voxels)
  {
    refuse(place, "the mask holds " + std::to_string(all) + " voxels of bone",
           "check that the label number is the one of the bone, and the voxel size");
  }
  left_out = 1 - static_cast<double>(pieces.voxels[0]) / static_cast<double>(all);
  for (std::size_t n = 0; n < near.values.size(); ++n)
  {
    near.values[n] = pieces.labels.values[n] == 1 ? 1 : 0;
  }
  return near;
}

std::vector<Vec3> bone_points(const image::Mask& mask)
{
  std::vector<Vec3> points;
  for (int k = 0; k < mask.grid.size[2]; ++k)
    for (int j = 0; j < mask.grid.size[1]; ++j)
      for (int i = 0; i < mask.grid.size[0]; ++i)
        if (mask.at(i, j, k) != 0)
        {
          points.push_back(mask.grid.point({1.0 * i, 1.0 * j, 1.0 * k}));
        }
  return points;
}

void check_shell(const VaultSurface& surface, const std::string& place)
{
  std::vector<double> thickness;
  for (const VaultRay& ray : surface.rays)
  {
    if (ray.hit)
    {
      thickness.push_back(ray.outer_mm - ray.inner_mm);
    }
  }
  if (static_cast<double>(thickness.size()) < least_hit * ray_count)
  {
    refuse(
        place,
        "the mask is not a cranial vault: seen from the centre of the sphere through it, it fills "
        "less than 1 % of all directions",
        "check the label number; of a vault give a larger piece");
  }
  const auto middle = thickness.begin() + static_cast<long>(thickness.size() / 2);
  std::nth_element(thickness.begin(), middle, thickness.end());
  if (*middle > thickest * surface.radius_mm || *middle > 25)
  {
    refuse(place,
           "the mask is not hollow: the bone is " + format_number(*middle, 3) +
               " mm thick, on a sphere of " + format_number(surface.radius_mm, 3) + " mm radius",
           "use a mask of the bone alone, without the brain or the filled head");
  }
}

} // namespace

const std::vector<Vec3>& even_directions()
{
  static const std::vector<Vec3> directions = []
  {
    std::vector<Vec3> list;
    for (int n = 0; n < ray_count; ++n)
    {
      const double z = 1 - (2 * n + 1.0) / ray_count;
      const double angle = n * geometry::pi * (3 - std::sqrt(5.0));
      const double side = std::sqrt(1 - z * z);
      list.push_back({side * std::cos(angle), side * std::sin(angle), z});
    }
    return list;
  }();
  return directions;
}

std::vector<VaultRay> cast_rays(const image::Mask& mask, Vec3 start, double reach_mm,
                                const std::vector<Vec3>& directions)
{
  const Vec3 s = mask.grid.spacing;
  const double step = 0.4 * std::min({s.x, s.y, s.z});
  const int steps = static_cast<int>(reach_mm / step);
  std::vector<VaultRay> rays;
  for (const Vec3& direction : directions)
  {
    VaultRay ray{direction, false, {}, 0, 0};
    const Vec3 first = mask.grid.index(start);
    const Vec3 by = mask.grid.index(start + step * direction) - first;
    double before = 0;
    for (int n = steps; n >= 0; --n)
    {
      const double now = image::fraction(mask, first + static_cast<double>(n) * by);
      if (!ray.hit && now >= 0.5)
      {
        ray.hit = true;
        ray.outer_mm = step * (n + (now - 0.5) / std::max(now - before, 1e-9));
        ray.outer = start + ray.outer_mm * direction;
      }
      else if (ray.hit && now < 0.5)
      {
        ray.inner_mm = step * (n + (0.5 - now) / std::max(before - now, 1e-9));
        break;
      }
      before = now;
    }
    rays.push_back(ray);
  }
  return rays;
}

VaultSurface vault_surface(const image::Mask& mask, const std::string& place)
{
  VaultSurface surface;
  surface.mask = prepared(mask, surface.left_out, place);
  const auto points = bone_points(surface.mask);
  const auto sphere = geometry::fit_sphere(points);
  if (!sphere || sphere->radius < least_radius_mm || sphere->radius > greatest_radius_mm)
  {
    refuse(
        place,
        sphere
            ? "the mask is not a cranial vault: the sphere through its bone has a radius of " +
                  format_number(sphere->radius, 3) + " mm (a vault has " +
                  format_number(least_radius_mm) + " to " + format_number(greatest_radius_mm) + ")"
            : std::string("the mask is not a cranial vault: it is flat"),
        "check the label number and the voxel size of the image; of a vault give a larger piece");
  }
  surface.start = sphere->centre;
  surface.radius_mm = sphere->radius;
  surface.rays = cast_rays(surface.mask, surface.start, 2 * sphere->radius, even_directions());
  surface.hit = static_cast<double>(std::count_if(surface.rays.begin(), surface.rays.end(),
                                                  [](const VaultRay& r) { return r.hit; })) /
                ray_count;
  check_shell(surface, place);
  return surface;
}

std::vector<Vec3> outer_points(const VaultSurface& surface)
{
  std::vector<Vec3> points;
  for (const VaultRay& ray : surface.rays)
  {
    if (ray.hit)
    {
      points.push_back(ray.outer);
    }
  }
  return points;
}

} // namespace calcar::anatomy
