#include "implant/lag_way.hpp"

#include "base/text.hpp"
#include "geometry/rotation.hpp"
#include "implant/refusal.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace calcar::implant
{
namespace
{
/// Of the way from the neck's centre to the head's, where a screw at another angle than the neck's
/// crosses it: nearer to the neck, which has less room.
constexpr double share_to_head = 0.35;

double off_line(Vec3 point, Vec3 start, Vec3 towards)
{
  return norm(geometry::without_component(point - start, towards));
}

/// Baumgaertner's tip-apex distance: the screw's tip to the apex of the head, seen from in front
/// and from the side, added.
double tip_apex(const anatomy::BoneAnatomy& bone, Vec3 tip, const NeckAndHead& to)
{
  const double radius = bone.measures.at("head_radius_mm").value;
  const Vec3 apart = to.head + radius * normalized(to.head - to.neck) - tip;
  return norm(geometry::without_component(apart, bone.frame.anterior)) +
         norm(geometry::without_component(apart, bone.frame.medial));
}

/// The least bone around the screw between two places.
double least_wall(const Building& b, Vec3 from, Vec3 to)
{
  double least = std::numeric_limits<double>::infinity();
  const double length = norm(to - from);
  for (double t = 0; t <= length; t += 1)
    least = std::min(least, depth_at(b.site, from + (t / length) * (to - from)));
  return least - 0.5 * b.plan.lag->diameter_mm;
}

void require_wall(const Building& b, double wall)
{
  const LagPlan& plan = *b.plan.lag;
  if (wall < plan.least_wall_mm)
    refuse(b.request.place,
           "a " + lag_name(plan) + " of " + format_number(plan.diameter_mm) +
               " mm through the neck would leave " + format_number(std::max(0.0, wall), 2) +
               " mm of bone around it",
           "at least " + format_number(plan.least_wall_mm) + " mm",
           "the neck is too narrow for it: choose another implant");
}

/// A screw beside the head's centre nears the joint sideways, too.
void require_tip(const Building& b, double depth)
{
  const double least = b.plan.lag->least_tip_mm - 1;
  if (depth < least)
    refuse(b.request.place,
           "the " + lag_name(*b.plan.lag) + "'s tip would lie " + format_number(depth, 2) +
               " mm under the joint",
           "at least " + format_number(least) + " mm in every direction",
           "choose another angle (neck_angle_deg), or another implant");
}

double choose_length(const Building& b, double across_bone)
{
  const LagPlan& plan = *b.plan.lag;
  const auto length = plan.lengths.down(across_bone - plan.least_tip_mm);
  if (length && across_bone - *length <= plan.most_tip_mm + 1e-9)
    return *length;
  refuse(b.request.place,
         format_number(across_bone, 4) +
             " mm from the lateral cortex to the surface of the head along the neck",
         lag_name(plan) + "s of " + format_number(plan.lengths.from_mm) + " to " +
             format_number(plan.lengths.to_mm) + " mm that end " +
             format_number(plan.least_tip_mm) + " to " + format_number(plan.most_tip_mm) +
             " mm under it",
         "choose another implant");
}
} // namespace

std::string lag_name(const LagPlan& plan)
{
  return plan.kind == ComponentKind::blade ? "blade" : "lag screw";
}

std::string lag_size(const LagPlan& plan, const LagPlace& place, const LagWay& way)
{
  return format_number(plan.diameter_mm) + " mm x " + format_number(place.length_mm) + " mm, " +
         format_number(way.angle_deg) + " degrees";
}

NeckAndHead neck_and_head(const Building& b)
{
  const std::string what = "the " + lag_name(*b.plan.lag);
  return {landmark(b.site, "femoral_neck_centre", what, b.request.place),
          landmark(b.site, "femoral_head_centre", what, b.request.place)};
}

std::vector<double> lag_angles(const Building& b)
{
  const auto chosen = b.chosen("neck_angle_deg");
  return chosen ? std::vector<double>{*chosen} : b.plan.lag->angles_deg;
}

LagWay way_at(double angle_deg, Vec3 top, Vec3 down, const NeckAndHead& to)
{
  const Vec3 aim = to.neck + share_to_head * (to.head - to.neck);
  const double angle = geometry::radians(angle_deg);
  const Vec3 away = geometry::without_component(aim - top, down);
  const double apart = norm(away);
  LagWay way;
  way.angle_deg = angle_deg;
  way.towards = std::cos(angle) * down + std::sin(angle) * (away / apart);
  way.from_top_mm = dot(aim - top, down) - apart * std::cos(angle) / std::sin(angle);
  way.start = top + way.from_top_mm * down;
  way.to_neck_mm = off_line(to.neck, way.start, way.towards);
  way.to_head_mm = off_line(to.head, way.start, way.towards);
  return way;
}

LagPlace place_along(const Building& b, const LagWay& way)
{
  const LagPlan& plan = *b.plan.lag;
  const NeckAndHead to = neck_and_head(b);
  const auto on_way = [&](Vec3 point)
  { return way.start + dot(point - way.start, way.towards) * way.towards; };
  const Vec3 in_neck = on_way(to.neck);
  const auto out = way_out(b.site, in_neck, way.towards);
  const auto back = way_out(b.site, in_neck, -way.towards);
  if (!out || !back || *out <= 0 || *back <= 0)
    refuse(b.request.place,
           "the way of the " + lag_name(plan) + " is not wholly in the image and in the bone",
           "head, neck and lateral cortex in the image", "choose another implant");
  const double across_bone = *out + *back;
  LagPlace place;
  place.length_mm = choose_length(b, across_bone);
  place.lateral = in_neck - *back * way.towards;
  place.tip = place.lateral + place.length_mm * way.towards;
  // Where it goes in obliquely there is less bone on one side; the neck is what may break.
  const double before_neck = std::min(*back, plan.diameter_mm);
  require_wall(b, least_wall(b, in_neck - before_neck * way.towards, on_way(to.head)));
  require_tip(b, depth_at(b.site, place.tip));
  auto& measures = b.fixation.measures;
  measures["lag_screw_length_mm"] = place.length_mm;
  measures["lag_screw_angle_deg"] = way.angle_deg;
  measures["lag_screw_to_neck_centre_mm"] = way.to_neck_mm;
  measures["lag_screw_to_head_centre_mm"] = way.to_head_mm;
  measures["tip_under_subchondral_mm"] = across_bone - place.length_mm;
  measures["tip_apex_distance_mm"] = tip_apex(b.site.bone(), place.tip, to);
  return place;
}

} // namespace calcar::implant
