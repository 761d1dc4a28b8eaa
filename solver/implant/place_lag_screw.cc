#include "base/text.hpp"
#include "geometry/rotation.hpp"
#include "implant/build.hpp"
#include "implant/canal.hpp"
#include "implant/refusal.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace calcar::implant
{
namespace
{
/// A way of the screw: it leaves the nail at `start`, so far from its top.
struct Way
{
  double angle_deg = 0;
  double from_top_mm = 0;
  Vec3 start;
  Vec3 towards;
  double to_neck_mm = 0; ///< from the line to the neck's centre
  double to_head_mm = 0; ///< and to that of the head
};

double off_line(Vec3 point, Vec3 start, Vec3 towards)
{
  return norm(geometry::without_component(point - start, towards));
}

/// The line at this angle to the nail's straight proximal part that meets it and passes half way
/// between the centres of neck and head.
Way way_at(double angle_deg, Vec3 top, Vec3 down, Vec3 neck, Vec3 head)
{
  const Vec3 aim = 0.5 * (neck + head);
  const double angle = geometry::radians(angle_deg);
  const Vec3 away = geometry::without_component(aim - top, down);
  const double apart = norm(away);
  Way way;
  way.angle_deg = angle_deg;
  way.towards = std::cos(angle) * down + std::sin(angle) * (away / apart);
  way.from_top_mm = dot(aim - top, down) - apart * std::cos(angle) / std::sin(angle);
  way.start = top + way.from_top_mm * down;
  way.to_neck_mm = off_line(neck, way.start, way.towards);
  way.to_head_mm = off_line(head, way.start, way.towards);
  return way;
}

Way best_way(const Building& b, const Path& nail, Vec3 neck, Vec3 head)
{
  const Vec3 top = nail.points()[0];
  const Vec3 down = normalized(nail.points()[1] - top);
  std::vector<double> angles = b.plan.lag->angles_deg;
  if (const auto chosen = b.chosen("neck_angle_deg"))
    angles = {*chosen};
  Way best;
  double least = std::numeric_limits<double>::infinity();
  for (const double angle : angles)
  {
    const Way way = way_at(angle, top, down, neck, head);
    const double off = std::max(way.to_neck_mm, way.to_head_mm);
    if (off < least - 1e-9)
    {
      least = off;
      best = way;
    }
  }
  return best;
}

/// Baumgaertner's tip-apex distance: the screw's tip to the apex of the head, seen from in front
/// and from the side, added.
double tip_apex(const anatomy::BoneAnatomy& bone, Vec3 tip, Vec3 neck, Vec3 head, double radius)
{
  const Vec3 apart = head + radius * normalized(head - neck) - tip;
  return norm(geometry::without_component(apart, bone.frame.anterior)) +
         norm(geometry::without_component(apart, bone.frame.medial));
}

/// The least bone around the screw between the nail and a place in the head.
double least_wall(const Building& b, Vec3 from, Vec3 to, double radius)
{
  double least = std::numeric_limits<double>::infinity();
  const double length = norm(to - from);
  for (double t = 0; t <= length; t += 1)
    least = std::min(least, depth_at(b.site, from + (t / length) * (to - from)) - radius);
  return least;
}

void require_wall(const Building& b, double wall)
{
  const LagPlan& plan = *b.plan.lag;
  if (wall < plan.least_wall_mm)
    refuse(b.request.place,
           "a lag screw of " + format_number(plan.diameter_mm) +
               " mm through the neck would leave " + format_number(std::max(0.0, wall), 2) +
               " mm of bone around it",
           "at least " + format_number(plan.least_wall_mm) + " mm",
           "the neck is too narrow for this nail: choose another implant");
}
/// A screw beside the head's centre nears the joint sideways, too.
void require_tip(const Building& b, double depth)
{
  const double least = b.plan.lag->least_tip_mm - 1;
  if (depth < least)
    refuse(b.request.place,
           "the lag screw's tip would lie " + format_number(depth, 2) + " mm under the joint",
           "at least " + format_number(least) + " mm in every direction",
           "choose another angle (neck_angle_deg), or another implant");
}
} // namespace

void build_lag_screw(const Building& b, const Path& nail)
{
  const LagPlan& plan = *b.plan.lag;
  const std::string& place = b.request.place;
  const Vec3 neck = landmark(b.site, "femoral_neck_centre", "the lag screw", place);
  const Vec3 head = landmark(b.site, "femoral_head_centre", "the lag screw", place);
  const Way way = best_way(b, nail, neck, head);
  const auto out = way_out(b.site, way.start, way.towards);
  const auto back = way_out(b.site, way.start, -way.towards);
  if (!out || !back || *out <= 0 || *back <= 0)
    refuse(place, "the way of the lag screw is not wholly in the image and in the bone",
           "head, neck and lateral cortex in the image", "choose another implant");
  const double across_bone = *out + *back;
  const auto length = plan.lengths.down(across_bone - plan.least_tip_mm);
  if (!length || across_bone - *length > plan.most_tip_mm + 1e-9)
    refuse(place,
           format_number(across_bone, 4) +
               " mm from the lateral cortex to the surface of the head along the neck",
           "lag screws of " + format_number(plan.lengths.from_mm) + " to " +
               format_number(plan.lengths.to_mm) + " mm that end " +
               format_number(plan.least_tip_mm) + " to " + format_number(plan.most_tip_mm) +
               " mm under it",
           "choose another implant");
  const Vec3 lateral = way.start - *back * way.towards;
  const Vec3 tip = lateral + *length * way.towards;
  const Vec3 in_head = way.start + dot(head - way.start, way.towards) * way.towards;
  require_wall(b, least_wall(b, way.start, in_head, 0.5 * plan.diameter_mm));
  require_tip(b, depth_at(b.site, tip));
  Component screw = round_bar(b, ComponentKind::lag_screw, "lag screw", lateral, tip,
                              plan.diameter_mm, plan.cannula_mm);
  screw.joined = {"nail"};
  screw.to_bone = Interface::bonded;
  screw.priority = 4;
  screw.size = format_number(plan.diameter_mm) + " mm x " + format_number(*length) + " mm, " +
               format_number(way.angle_deg) + " degrees";
  auto& measures = b.fixation.measures;
  measures["lag_screw_length_mm"] = *length;
  measures["lag_screw_angle_deg"] = way.angle_deg;
  measures["lag_screw_from_top_mm"] = way.from_top_mm;
  measures["lag_screw_to_neck_centre_mm"] = way.to_neck_mm;
  measures["lag_screw_to_head_centre_mm"] = way.to_head_mm;
  measures["tip_under_subchondral_mm"] = across_bone - *length;
  measures["tip_apex_distance_mm"] =
      tip_apex(b.site.bone(), tip, neck, head, b.site.bone().measures.at("head_radius_mm").value);
  b.fixation.components.push_back(std::move(screw));
  if (way.from_top_mm < plan.diameter_mm || way.from_top_mm > b.plan.nail->proximal_length_mm)
    b.warn("lag_screw_level",
           "the lag screw crosses the nail " + format_number(way.from_top_mm, 3) +
               " mm from its top, outside its proximal part of " +
               format_number(b.plan.nail->proximal_length_mm) +
               " mm: the nail would have to stand out of the trochanter or lie deeper");
}

} // namespace calcar::implant
