#include "implant/nail_axis.hpp"

#include "base/text.hpp"
#include "geometry/rotation.hpp"
#include "implant/lag_way.hpp"
#include "implant/refusal.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::implant
{
namespace
{
constexpr double smooth_over_mm = 40; ///< to either side: a nail does not follow single slices
constexpr double wide_from = 1.5;     ///< times the isthmus: wider, the wall does not guide a nail
constexpr double onward_mm = 5;       ///< steps beyond the stretch that guides

/// How far the entry is moved forwards for the nail's straight part to lie in one plane with the
/// neck's axis: only then a lag screw from the nail runs in the neck.
double shift_to_neck(const Building& b, Vec3 entry, const std::vector<Vec3>& axis)
{
  const NailPlan& plan = *b.plan.nail;
  if (!b.plan.lag || plan.entry_shift_mm <= 0)
    return 0;
  const NeckAndHead to = neck_and_head(b);
  const auto joins = std::find_if(
      axis.begin(), axis.end(), [&](const Vec3& p) { return norm(p - entry) >= plan.bend_at_mm; });
  if (joins == axis.end())
    return 0;
  const Vec3 normal = cross(to.head - to.neck, *joins - to.neck);
  const double along = dot(normal, b.site.bone().frame.anterior);
  if (std::abs(along) < 1e-6 * norm(normal))
    return 0;
  return std::clamp(-dot(normal, entry - to.neck) / along, -plan.entry_shift_mm,
                    plan.entry_shift_mm);
}

/// Where the nail goes in: the plan's landmark with its offset, brought to the surface out of the
/// bone's end or along a direction of its own; or where the canal's axis leaves the bone.
Vec3 entry_point(const Building& b, const std::vector<Vec3>& axis)
{
  const Site& site = b.site;
  const NailPlan& plan = *b.plan.nail;
  if (!plan.entry)
  {
    const Vec3 up = -Path(axis).tangent(0);
    const auto out = way_out(site, axis.front(), up, 200);
    if (!out || *out <= 0)
      refuse(b.request.place, "the proximal end of the bone lies outside the image",
             "an image that shows where the nail goes in",
             "choose an implant that needs the shaft alone");
    return axis.front() + *out * up;
  }
  Vec3 at = landmark(site, *plan.entry->landmark, "the nail's entry", b.request.place);
  double scale = 1;
  if (!plan.entry_measure.empty())
  {
    const auto measure = site.bone().measures.find(plan.entry_measure);
    if (measure == site.bone().measures.end())
      refuse(b.request.place, "the nail's entry needs the measure \"" + plan.entry_measure + "\"",
             "an image that shows it", "choose another implant");
    scale = measure->second.value;
  }
  at += scale * anatomy::named_vector(site.bone().frame, plan.entry->offset_mm);
  at += shift_to_neck(b, at, axis) * site.bone().frame.anterior;
  const Vec3 up = plan.entry_towards.empty()
                      ? nail_way_in(b)
                      : normalized(anatomy::named_vector(site.bone().frame, plan.entry_towards));
  if (const auto out = way_out(site, at, up, 40); out && *out > 0)
    return at + *out * up;
  for (double t = 0; t < 40; t += 0.25)
    if (depth_at(site, at - t * up) > 0)
      return at - t * up;
  refuse(b.request.place, "no bone lies within 40 mm of the nail's entry", "an entry on the bone",
         "check the landmark \"" + *plan.entry->landmark + "\"");
}

/// The canal's smooth axis, from the entry's end on, as far as its wall guides a nail, then
/// straight on to where the bone or the image ends: a nail does not bend towards the middle of a
/// wide end.
std::vector<Vec3> guided_axis(const Building& b, const Canal& canal)
{
  const double wide = wide_from * canal.points[canal.isthmus].free_radius_mm;
  const bool retrograde = b.plan.nail->from_distal;
  std::vector<Vec3> centres;
  for (std::size_t n = 0; n < canal.points.size(); ++n)
  {
    if (n > canal.isthmus && canal.points[n].free_radius_mm > wide)
      break;
    centres.push_back(canal.points[n].centre);
  }
  if (retrograde)
    std::reverse(centres.begin(), centres.end());
  std::vector<Vec3> axis = smoothed(centres, smooth_over_mm);
  if (axis.size() < 10)
    return axis;
  const Vec3 along = normalized(axis.back() - axis[axis.size() - 9]);
  for (int n = 0; n < 100 && depth_at(b.site, axis.back() + onward_mm * along) > 0; ++n)
    axis.push_back(axis.back() + onward_mm * along);
  return axis;
}
} // namespace

Vec3 nail_way_in(const Building& b)
{
  const Vec3 proximal = b.site.bone().frame.proximal;
  return b.plan.nail->from_distal ? -proximal : proximal;
}

Path nail_axis(const Building& b, const Canal& canal)
{
  const std::vector<Vec3> axis = guided_axis(b, canal);
  const Vec3 entry = entry_point(b, axis);
  std::vector<Vec3> points{entry};
  for (const Vec3& p : axis)
    if (points.size() > 1 || norm(p - entry) >= b.plan.nail->bend_at_mm)
      points.push_back(p);
  if (points.size() < 4)
    refuse(b.request.place, "the image shows too little of the canal beyond the nail's entry",
           "at least 20 mm of it", "use an image that shows more of the shaft");
  const double bend = geometry::angle_deg(points[1] - points[0], points[3] - points[1]);
  b.fixation.measures["nail_bend_deg"] = std::round(100 * bend) / 100;
  if (bend > b.plan.nail->most_bend_deg)
    b.warn("bend", "the way from the entry to the canal bends by " + format_number(bend, 2) +
                       " degrees; the nail is made for up to " +
                       format_number(b.plan.nail->most_bend_deg));
  return Path(points);
}

Room room_along(const Building& b, const Path& axis, const Canal& canal)
{
  const NailPlan& plan = *b.plan.nail;
  const auto end = b.site.bone().landmarks.find(plan.ends_before);
  if (end == b.site.bone().landmarks.end())
    return {axis.length(), canal.at_border || !b.site.bone().whole};
  for (double s = axis.length(); s > 0; s -= 0.5)
    if (dot(axis.point(s) - end->second, nail_way_in(b)) >= plan.ends_before_mm)
      return {s, false};
  return {0, false};
}

} // namespace calcar::implant
