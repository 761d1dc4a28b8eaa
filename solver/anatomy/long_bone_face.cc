#include "anatomy/long_bone_face.hpp"

#include "geometry/rotation.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::anatomy
{

namespace
{

/// Depth of the first bone on a line from beyond the end, or -1.
double first_bone(const BoneShape& shape, Vec3 start, Vec3 inwards, double deepest, double step)
{
  double before = value_at(shape, start - step * inwards);
  for (double t = 0; t <= deepest; t += step)
  {
    const double now = value_at(shape, start + t * inwards);
    if (now >= 0.5)
    {
      const double back = now > before ? (now - 0.5) / (now - before) : 0;
      return std::max(t - back * step, 0.0);
    }
    before = now;
  }
  return -1;
}

} // namespace

Vec3 EndFace::normal(int i, int j) const
{
  if (std::abs(i) + 2 > half || std::abs(j) + 2 > half || !bone(i, j) || !bone(i - 2, j) ||
      !bone(i + 2, j) || !bone(i, j - 2) || !bone(i, j + 2))
  {
    return {};
  }
  const double du = (at(i + 2, j) - at(i - 2, j)) / (4 * step);
  const double dv = (at(i, j + 2) - at(i, j - 2)) / (4 * step);
  return normalized(outwards + du * u + dv * v);
}

EndFace look_at_end(const BoneShape& shape, Vec3 on_axis_at_end, Vec3 outwards, Vec3 towards,
                    double reach_mm, double deepest_mm)
{
  EndFace face;
  face.origin = on_axis_at_end;
  face.outwards = outwards;
  face.u = normalized(geometry::without_component(towards, outwards));
  face.v = cross(outwards, face.u);
  face.half = static_cast<int>(reach_mm / face.step);
  const double walk = 0.4 * shape.voxel_mm;
  for (int j = -face.half; j <= face.half; ++j)
  {
    for (int i = -face.half; i <= face.half; ++i)
    {
      const Vec3 start = face.origin + i * face.step * face.u + j * face.step * face.v;
      face.depth.push_back(first_bone(shape, start, -outwards, deepest_mm, walk));
    }
  }
  return face;
}

} // namespace calcar::anatomy
