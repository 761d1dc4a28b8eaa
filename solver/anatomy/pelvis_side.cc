#include "anatomy/pelvis_parts.hpp"
#include "geometry/rotation.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::anatomy
{

namespace
{

constexpr double clear_difference = 0.2; ///< of misfits, from where a sign is as clear as it gets
constexpr double clear_angle_deg = 30;
constexpr double least_share = 0.12; ///< of the surface that a part must have to speak

/// The more a mirror image fits worse, the clearer: positive for left.
SideSign compared(const std::string& words, double misfit_left, double misfit_right, double clear)
{
  return {words, std::clamp((misfit_right - misfit_left) / clear, -1.0, 1.0)};
}

void add_part(const std::string& words, const PelvisParts& parts, bool above,
              std::vector<SideSign>& signs)
{
  const std::vector<SurfacePoint> part = surface_part(parts, above);
  if (!part.empty())
  {
    signs.push_back(compared(words, lay_standard(part, parts.cup, false).misfit,
                             lay_standard(part, parts.cup, true).misfit, clear_difference));
  }
}

} // namespace

std::vector<SurfacePoint> surface_part(const PelvisParts& parts, bool above)
{
  std::vector<SurfacePoint> part;
  const double radius = standard_radius();
  for (const SurfacePoint& s : parts.surface)
  {
    const Vec3 p = parts.laid.to_standard(s.position);
    if (above ? p.z > 0.9 * radius : p.z < 0.3 * radius && norm(p) > 1.1 * radius)
    {
      part.push_back(s);
    }
  }
  const double all = static_cast<double>(parts.surface.size());
  return static_cast<double>(part.size()) < least_share * all ? std::vector<SurfacePoint>() : part;
}

std::vector<SideSign> pelvis_signs(const PelvisParts& parts, const LaidTemplate& left,
                                   const LaidTemplate& right)
{
  std::vector<SideSign> signs = {
      compared("the shape as a whole", left.misfit, right.misfit, clear_difference)};
  add_part("the wing of the ilium", parts, true, signs);
  add_part("pubis and ischium", parts, false, signs);
  const auto off = [&](const LaidTemplate& laid)
  { return geometry::angle_deg(laid.direction_in_lps(standard_opening()), parts.rim.axis); };
  signs.push_back(compared("the way the acetabulum opens", off(left), off(right), clear_angle_deg));
  return signs;
}

} // namespace calcar::anatomy
