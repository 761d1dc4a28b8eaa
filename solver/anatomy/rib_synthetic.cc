#include "anatomy/rib.hpp"
#include "anatomy/rib_body.hpp"

#include <algorithm>
#include <memory>

namespace calcar::anatomy
{

SyntheticBody make_rib(const SyntheticPerson& person, const Dimensions& dimensions)
{
  const auto rib = std::make_shared<const RibBody>(rib_body(person, dimensions));
  SyntheticBody body;
  body.kind = BoneKind::rib;
  body.side = person.side;
  body.level = person.level.empty() ? "7" : person.level;
  body.distance = [rib](Vec3 p) { return distance(*rib, p); };
  body.steepest = 2;
  body.density = [rib](Vec3 p, double depth) { return density_inside(*rib, p, depth); };
  body.cortex_mm = [rib](Vec3 p) { return cortex_thickness(*rib, p); };
  if (rib->child)
  {
    body.growth_plate = [rib](Vec3 p) { return in_growth_plate(*rib, p); };
  }
  const double margin = 20;
  body.low = body.high = rib->curve.points.front();
  for (const Vec3& p : rib->curve.points)
  {
    for (std::size_t a = 0; a < 3; ++a)
    {
      body.low[a] = std::min(body.low[a], p[a] - margin);
      body.high[a] = std::max(body.high[a], p[a] + margin);
    }
  }
  body.landmarks = body_landmarks(*rib);
  for (double at = 0; at <= length(rib->curve); at += 10)
  {
    body.shaft_centres.push_back(point_at(rib->curve, at));
  }
  const auto exact = [](double value) { return Measure{value, 0, "mm", "made so"}; };
  double high = 0;
  double thick = 0;
  double count = 0;
  for (std::size_t n = 0; n < rib->sections.size(); ++n)
  {
    const double fraction = rib->curve.along[n] / length(rib->curve);
    if (fraction > 0.1 && fraction < 0.9)
    {
      high += 2 * rib->sections[n].half_high;
      thick += 2 * rib->sections[n].half_thick;
      count += 1;
    }
  }
  body.measures = {{"length_mm", exact(length(rib->curve))},
                   {"section_height_mm", exact(high / count)},
                   {"section_thickness_mm", exact(thick / count)}};
  return body;
}

} // namespace calcar::anatomy
