#include "lesion/lesion.hpp"

#include "lesion/lesion_mask.hpp"
#include "lesion/lesion_measure.hpp"
#include "lesion/lesion_shape.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::lesion
{
namespace
{
/// A lesion within reach of a point.
struct Near
{
  int index = -1;
  double distance = 0; ///< to the outline, mm
  double fraction = 0;
};

double fraction_at(double margin_mm, double distance)
{
  if (margin_mm <= 0)
    return distance < 0 ? 1 : 0;
  const double s = std::clamp(0.5 - distance / margin_mm, 0.0, 1.0);
  return s * s * (3 - 2 * s);
}

bool is_lytic(const PlacedLesion& placed, Vec3 point)
{
  const Kind kind = placed.lesion.tissue.kind;
  return kind == Kind::lytic || (kind == Kind::mixed && is_lytic_at(placed, point));
}

void apply(const PlacedLesion& placed, const Near& near, Vec3 point, double soft_below,
           double most_ash, PointTissue& tissue)
{
  const LesionTissue& own = placed.lesion.tissue;
  if (near.fraction > 0 && is_lytic(placed, point))
    lose_mineral(tissue, near.fraction, soft_below, near.index);
  else if (near.fraction > 0)
    gain_mineral(tissue, near.fraction, own.ash_gain_g_cm3, own.youngs_factor, own.strength_factor,
                 soft_below, most_ash);
  else if (own.rim)
    gain_mineral(tissue, 1, own.rim->ash_gain_g_cm3, 1, 1, soft_below, most_ash);
}

/// Where the rim of a lesion ends, mm from its outline.
double rim_end(const Lesion& lesion)
{
  return 0.5 * lesion.margin_mm + (lesion.tissue.rim ? lesion.tissue.rim->thickness_mm : 0);
}
} // namespace

double fraction(const PlacedLesion& placed, Vec3 point)
{
  const double reach = placed.reach_mm;
  const Vec3 apart = point - placed.centre;
  if (dot(apart, apart) > reach * reach)
    return 0;
  return fraction_at(placed.lesion.margin_mm, placed.solid.distance(point));
}

bool is_lytic_at(const PlacedLesion& placed, Vec3 point)
{
  return placed.patches.value(placed.patches.nearest(point)) < placed.lesion.tissue.lytic_share;
}

double influence_mm(const PlacedLesion& placed)
{
  const LesionTissue& tissue = placed.lesion.tissue;
  const double rim = tissue.rim ? tissue.rim->thickness_mm : 0;
  const double degraded = tissue.degradation ? tissue.degradation->reach_mm : 0;
  return placed.reach_mm + std::max(rim, degraded);
}

Effect act(const std::vector<PlacedLesion>& lesions, Vec3 point, double ash, bool soft,
           double soft_below, double most_ash)
{
  Effect effect;
  effect.tissue.ash = ash;
  effect.tissue.soft = soft;
  Near inside, fringe; // the last virtual lesions that hold the point, and that reach it
  Near holder;         // the last of any kind that holds it
  const CorticalDegradation* degradation = nullptr;
  for (std::size_t n = 0; n < lesions.size(); ++n)
  {
    const PlacedLesion& placed = lesions[n];
    const double influence = influence_mm(placed);
    const Vec3 apart = point - placed.centre;
    if (dot(apart, apart) > influence * influence)
      continue;
    const double distance = placed.solid.distance(point);
    const Near near{static_cast<int>(n), distance, fraction_at(placed.lesion.margin_mm, distance)};
    if (near.fraction >= 0.5)
      holder = near;
    if (!placed.lesion.in_ct && near.fraction >= 0.5)
      inside = near;
    else if (!placed.lesion.in_ct && distance < rim_end(placed.lesion))
      fringe = near;
    if (const auto& own = placed.lesion.tissue.degradation; own && distance < own->reach_mm)
      degradation = &*own;
  }
  if (const Near& near = inside.index >= 0 ? inside : fringe; near.index >= 0)
    apply(lesions[static_cast<std::size_t>(near.index)], near, point, soft_below, most_ash,
          effect.tissue);
  effect.lesion = holder.index;
  if (holder.index >= 0)
    remodel(effect.tissue, holder.fraction,
            lesions[static_cast<std::size_t>(holder.index)].remodelling, soft_below, most_ash,
            holder.index);
  if (degradation)
    degrade(effect.tissue, *degradation);
  return effect;
}

PlacedLesion place(const Lesion& lesion, const Ground& ground)
{
  PlacedLesion placed = lesion.image ? place_image(lesion, ground) : place_shape(lesion, ground);
  placed.reach_mm += 0.5 * lesion.margin_mm;
  const anatomy::Frame& frame = ground.bone.frame;
  placed.patches = {frame.origin,
                    {frame.medial, frame.anterior, frame.proximal},
                    std::max(lesion.tissue.patch_mm, 0.1),
                    lesion.tissue.seed};
  require_in_bone(placed, ground);
  return placed;
}

std::vector<Reading> readings(const std::vector<PlacedLesion>& lesions)
{
  std::vector<Reading> result = {{"as is", lesions, ""}};
  std::string names;
  Reading replaced = {"unseen lesions replaced", lesions, ""};
  for (std::size_t n = 0; n < lesions.size(); ++n)
    if (lesions[n].lesion.both_ways)
    {
      names += (names.empty() ? "\"" : ", \"") + lesions[n].lesion.name + "\"";
      result.front().lesions[n].lesion.in_ct = true;
      replaced.lesions[n].lesion.in_ct = false;
    }
  if (names.empty())
    return result;
  result.front().note =
      "the CT cannot see this lesion: " + names + ": here its bone is as dense as the CT shows";
  replaced.note = "the CT cannot see this lesion: " + names + ": here its tissue is replaced";
  result.push_back(std::move(replaced));
  return result;
}

} // namespace calcar::lesion
