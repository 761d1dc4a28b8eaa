#include "load/nodal_forces.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "load/distribute.hpp"

#include <limits>

namespace calcar::load
{
namespace
{
constexpr double farthest_mm = 30;

Vec3 nearest(Vec3 to, const std::vector<Vec3>& points)
{
  Vec3 best = to;
  double least = std::numeric_limits<double>::infinity();
  for (const Vec3& point : points)
    if (const double distance = norm(point - to); distance < least)
    {
      least = distance;
      best = point;
    }
  return best;
}
} // namespace

Patch settled(const Patch& patch, const std::vector<Vec3>& surface_points)
{
  if (!patch.on_surface || surface_points.empty())
    return patch;
  const Vec3 shift = nearest(patch.centre, surface_points) - patch.centre;
  if (norm(shift) == 0)
    return patch;
  if (norm(shift) > farthest_mm)
    throw InputError(Fault::data, {"area \"" + patch.name + "\"",
                                   "its place is " + format_number(norm(shift), 3) +
                                       " mm off the bone's surface",
                                   "up to 30 mm", "check the mask and the landmarks", ""});
  Patch moved = patch;
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
    return distribute(force.force, cross(patch.centre, force.force), points, weights);
  }
  catch (const InputError& error)
  {
    Problem problem = error.problems().front();
    problem.place = "force \"" + force.name + "\" on \"" + patch.name + "\"";
    throw InputError(error.fault(), problem);
  }
}

} // namespace calcar::load
