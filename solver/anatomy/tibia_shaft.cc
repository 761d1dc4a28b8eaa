#include "anatomy/tibia_parts.hpp"
#include "geometry/rotation.hpp"

#include <algorithm>

namespace calcar::anatomy
{

std::array<double, 72> sharpness(const BoneShape& shape, const LongBone& bone, Vec3 towards)
{
  std::array<double, 72> sharp{};
  double count = 0;
  // The half of the shaft that lies farther from the ankle: below it is round.
  for (double level = 0.5 * (bone.from + bone.to); level <= bone.to; level += 2)
  {
    const Section s =
        section(shape, centre_at(bone, level), bone.axis, towards, 4 * bone.radius, 1, 72);
    if (s.area <= 0)
    {
      continue;
    }
    for (std::size_t n = 0; n < 72; ++n)
    {
      sharp[n] += s.radii[n] - 0.5 * (s.radii[(n + 7) % 72] + s.radii[(n + 65) % 72]);
    }
    count += 1;
  }
  for (double& value : sharp)
  {
    value /= std::max(count, 1.0) * bone.radius;
  }
  return sharp;
}

void find_crest(const BoneShape& shape, TibiaParts& parts)
{
  const Vec3 m = parts.plafond->medial;
  const auto sharp = sharpness(shape, parts.bone, m);
  double plus = -1;
  double minus = -1;
  for (std::size_t n = 6; n <= 21; ++n)
  {
    plus = std::max(plus, sharp[n]);
    minus = std::max(minus, sharp[72 - n]);
  }
  const Vec3 side = cross(parts.bone.axis, m);
  parts.crest = plus > minus ? side : -side;
  parts.crest_clear = std::clamp((std::abs(plus - minus) - 0.02) / 0.06, 0.0, 1.0);
}

} // namespace calcar::anatomy
