#include "load/nodal_forces.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "load/distribute.hpp"

#include <algorithm>
#include <limits>

namespace calcar::load
{
namespace
{
constexpr double farthest_mm = 30;

/// Points up to this much farther than the nearest one count as near too.
constexpr double blur_mm = 2;

/// Where a point beside the bone meets its surface: the mean of the nearest surface points, those
/// farther off counting less. The nearest node alone would jump by millimetres along the surface
/// with the lie of the voxels. On a convex surface the mean lies a fraction of a millimetre inside.
Vec3 nearest(Vec3 to, const std::vector<Vec3>& points)
{
  double least = std::numeric_limits<double>::infinity();
  for (const Vec3& point : points)
    least = std::min(least, norm(point - to));
  Vec3 sum;
  double total = 0;
  for (const Vec3& point : points)
    if (const double beyond = (norm(point - to) - least) / blur_mm; beyond < 1)
    {
      const double weight = (1 - beyond) * (1 - beyond);
      sum += weight * point;
      total += weight;
    }
  return sum / total;
}
} // namespace

Patch settled(const Patch& patch, const std::vector<Vec3>& surface_points)
{
  if (!patch.on_surface || surface_points.empty())
    return patch;
  const Vec3 shift = nearest(patch.centre, surface_points) - patch.centre;
  if (norm(shift) > farthest_mm)
    throw InputError(Fault::data, {"area \"" + patch.name + "\"",
                                   "its place is " + format_number(norm(shift), 3) +
                                       " mm off the bone's surface",
                                   "up to 30 mm", "check the mask and the landmarks", ""});
  Patch moved = patch;
  moved.on_surface = false; // it is there now
  moved.centre = patch.centre + shift;
  moved.weight = [weight = patch.weight, shift](Vec3 point, Vec3 normal)
  { return weight(point - shift, normal); };
  return moved;
}

LoadCase settled(LoadCase load_case, const std::vector<Vec3>& surface_points)
{
  for (AppliedForce& force : load_case.forces)
    force.patch = settled(force.patch, surface_points);
  return load_case;
}

Rig settled(Rig rig, const std::vector<Vec3>& surface_points)
{
  for (Support& support : rig.supports)
    support.patch = settled(support.patch, surface_points);
  return rig;
}

std::vector<Vec3> nodal_forces(const AppliedForce& force, const std::vector<Vec3>& points,
                               const std::vector<Vec3>& normals, const std::vector<double>& areas)
{
  const Patch patch = settled(force.patch, points);
  std::vector<double> weights(points.size());
  for (std::size_t i = 0; i < points.size(); ++i)
    weights[i] = areas[i] * patch.weight(points[i], normals[i]);
  try
  {
    std::vector<Vec3> forces =
        distribute(force.force, cross(patch.centre, force.force) + force.moment, points, weights);
    for (std::size_t i = 0; i < points.size(); ++i)
      forces[i] += -force.pressure_MPa * weights[i] * normals[i];
    return forces;
  }
  catch (const InputError& error)
  {
    Problem problem = error.problems().front();
    problem.place = "force \"" + force.name + "\" on \"" + patch.name + "\"";
    throw InputError(error.fault(), problem);
  }
}

} // namespace calcar::load
