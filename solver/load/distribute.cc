#include "load/distribute.hpp"

#include "base/error.hpp"
#include "base/symmetric_tensor.hpp"

namespace calcar::load
{
namespace
{
/// Weighted points about their centre, with what a rotation of them resists.
struct Cloud
{
  double weight = 0;
  Vec3 centre;
  std::array<EigenPair, 3> inertia; ///< of sum w (|r|^2 1 - r r^T), descending
};

[[noreturn]] void refuse(const std::string& given)
{
  throw InputError(Fault::data,
                   {"distributed load", given, "three or more points that are not on a line",
                    "refine the grid or enlarge the loaded area", ""});
}

Cloud cloud_of(const std::vector<Vec3>& points, const std::vector<double>& weights)
{
  Cloud cloud;
  for (std::size_t i = 0; i < points.size(); ++i)
  {
    if (!(weights[i] >= 0))
      refuse("a point has a negative weight");
    cloud.weight += weights[i];
    cloud.centre += weights[i] * points[i];
  }
  if (!(cloud.weight > 0))
    refuse("no point carries weight");
  cloud.centre = cloud.centre / cloud.weight;

  SymTensor inertia;
  for (std::size_t i = 0; i < points.size(); ++i)
  {
    const Vec3 r = points[i] - cloud.centre;
    const double square = dot(r, r);
    inertia =
        inertia + weights[i] * SymTensor{square - r.x * r.x, square - r.y * r.y, square - r.z * r.z,
                                         -r.y * r.z,         -r.z * r.x,         -r.x * r.y};
  }
  cloud.inertia = eigenpairs(inertia);
  if (cloud.inertia[2].value <= 1e-10 * cloud.inertia[0].value)
    refuse("the points that carry weight lie on a line");
  return cloud;
}

Vec3 rotation_for(const Cloud& cloud, Vec3 moment)
{
  Vec3 b;
  for (const EigenPair& axis : cloud.inertia)
    b += dot(axis.direction, moment) / axis.value * axis.direction;
  return b;
}
} // namespace

std::vector<Vec3> distribute(Vec3 resultant, Vec3 moment, const std::vector<Vec3>& points,
                             const std::vector<double>& weights)
{
  const Cloud cloud = cloud_of(points, weights);
  std::vector<Vec3> forces(points.size());
  // The second round takes away what rounding left of the first.
  for (int round = 0; round < 2; ++round)
  {
    Vec3 force_left = resultant;
    Vec3 moment_left = moment - cross(cloud.centre, resultant);
    for (std::size_t i = 0; i < points.size(); ++i)
    {
      force_left += -forces[i];
      moment_left += -cross(points[i] - cloud.centre, forces[i]);
    }
    const Vec3 a = force_left / cloud.weight;
    const Vec3 b = rotation_for(cloud, moment_left);
    for (std::size_t i = 0; i < points.size(); ++i)
      forces[i] += weights[i] * (a + cross(b, points[i] - cloud.centre));
  }
  return forces;
}

} // namespace calcar::load
