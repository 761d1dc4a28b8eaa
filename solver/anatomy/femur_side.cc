#include "anatomy/femur_side.hpp"

#include "anatomy/femur_distal.hpp"
#include "geometry/rotation.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::anatomy
{

namespace
{

using geometry::without_component;

SideSign lesser_sign(const LesserTrochanter& lesser, double head_radius)
{
  const double clear = std::clamp((lesser.prominence / head_radius - 0.08) / 0.12, 0.0, 1.0);
  const double lead = lesser.prominence > 0 ? 1 - lesser.opposite / lesser.prominence : 0;
  const double weight = clear * std::clamp(2 * lead, 0.0, 1.0);
  return {"the lesser trochanter", lesser.azimuth_deg >= 0 ? weight : -weight};
}

double saturated(double value_mm, double full_mm)
{
  return std::clamp(value_mm / full_mm, -1.0, 1.0);
}

} // namespace

std::vector<SideSign> signs_from_shape(const BoneShape& shape, const FemoralHead& head,
                                       const FemoralShaft& shaft, const LesserTrochanter& lesser,
                                       bool whole)
{
  const Vec3 towards_head = normalized(without_component(head.centre - shaft.point, shaft.distal));
  const Vec3 left_back = cross(shaft.distal, towards_head);
  std::vector<SideSign> signs = {lesser_sign(lesser, head.radius)};
  if (whole)
  {
    const Vec3 condyles = distal_centroid(shape, head, shaft) - shaft.point;
    // The proximal shaft's line runs on in front of the bow; the condyles lie behind it.
    signs.push_back({"the condyles and the bow of the shaft",
                     saturated(dot(condyles, left_back), 0.6 * head.radius)});
  }
  return signs;
}

std::optional<SideSign> sign_from_image(const FemoralHead& head, const FemoralShaft& shaft)
{
  const Vec3 offset = normalized(without_component(head.centre - shaft.point, shaft.distal));
  return medial_sign_from_image(std::string("the head lies to the ") +
                                    (offset.x < 0 ? "right" : "left") + " of the shaft",
                                offset, -shaft.distal);
}

} // namespace calcar::anatomy
