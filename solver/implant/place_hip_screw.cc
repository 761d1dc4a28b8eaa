#include "base/text.hpp"
#include "geometry/rotation.hpp"
#include "implant/canal.hpp"
#include "implant/lag_way.hpp"
#include "implant/plate_layout.hpp"
#include "implant/refusal.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace calcar::implant
{
namespace
{
constexpr double in_barrel_mm = 15;   ///< of the lag screw beyond its barrel, at the least
constexpr double usual_entry_mm = 60; ///< of the lag screw below the neck's centre, to begin with

/// The side of the shaft opposite the neck, and the plate's line there, bent to the bone.
struct Bed
{
  Vec3 side;
  Path line;
};

double below_barrel(const Building& b, int holes)
{
  return b.plan.barrel->first_hole_mm + holes * b.plan.plate->pitch_mm;
}

/// In the plane of the neck's axis and the shaft's middle at the plate's lower end: the screw then
/// runs in the neck, and the plate ends on the shaft.
Bed lateral_bed(const Building& b, const NeckAndHead& to, int holes)
{
  const Path middle = middle_line(b);
  const double level = level_on(middle, to.neck);
  const Vec3 lower =
      middle.point(std::min(level + usual_entry_mm + below_barrel(b, holes), middle.length()));
  const Vec3 normal = normalized(cross(to.head - to.neck, lower - to.neck));
  std::vector<Vec3> in_plane;
  for (double s = level; s <= middle.length(); s += 10)
    in_plane.push_back(geometry::without_component(middle.point(s) - to.neck, normal) + to.neck);
  if (in_plane.size() < 2)
    refuse(b.request.place, "the image ends at the level of the femoral neck", "some of the shaft",
           "use an image that shows more of the bone");
  const Path line(in_plane);
  const Vec3 side = -across(line.tangent(0), to.head - to.neck);
  return {side, bent_line(b, line, {0, line.length()}, side, plate_gap(b))};
}

/// A straight plate beside a stretch of the bent line, so that nothing of it stands through.
struct Straight
{
  Vec3 point; ///< at the level of the stretch's start
  Vec3 down;  ///< unit
};

Straight straight_along(const Path& line, Span span, Vec3 side)
{
  const double half = 0.5 * (span.to - span.from);
  const auto mean = [&](double from)
  {
    Vec3 sum;
    for (int n = 0; n < 10; ++n)
      sum += line.point(from + (n + 0.5) * 0.1 * half);
    return sum / 10;
  };
  const Vec3 upper = mean(span.from);
  Straight plate{upper, normalized(mean(span.from + half) - upper)};
  plate.point += dot(line.point(span.from) - upper, plate.down) * plate.down;
  const Vec3 out = normalized(geometry::without_component(side, plate.down));
  double lift = -1e9;
  for (double s = span.from; s <= span.to; s += 1)
    lift = std::max(lift, dot(line.point(s) - plate.point, out));
  plate.point += lift * out;
  return plate;
}

/// Plate and lag screw of one angle and number of holes.
struct Choice
{
  LagWay way;
  Vec3 side;     ///< of the shaft
  Vec3 top, end; ///< of the plate
  PlateLayout layout;
  double room = 0;       ///< length of the bone's side
  double past_shaft = 0; ///< by which the plate is longer
};

Choice choice_at(const Building& b, const Bed& bed, const NeckAndHead& to, double angle, int holes)
{
  const BarrelPlan& barrel = *b.plan.barrel;
  const double below = below_barrel(b, holes);
  Choice choice;
  choice.side = bed.side;
  double entry = usual_entry_mm;
  for (int round = 0; round < 6; ++round)
  {
    const double from = std::max(0.0, entry - barrel.from_top_mm);
    const Span span{from, std::min(entry + below, bed.line.length())};
    const Straight plate = straight_along(bed.line, span, bed.side);
    choice.way = way_at(angle, plate.point, plate.down, to);
    entry = std::clamp(bed.line.nearest(choice.way.start), 0.0, bed.line.length());
    choice.top = choice.way.start - barrel.from_top_mm * plate.down;
    choice.end = choice.way.start + below * plate.down;
  }
  choice.room = bed.line.length();
  choice.past_shaft = entry + below - choice.room;
  PlatePlan plan = *b.plan.plate;
  plan.top = "femoral_neck_centre"; // the lag screw holds its upper end
  plan.head_mm = barrel.from_top_mm + barrel.first_hole_mm - 0.5 * plan.pitch_mm;
  choice.layout = layout_of(plan, holes, 0);
  choice.layout.to = norm(choice.end - choice.top);
  return choice;
}

/// Of the maker's angles that whose way passes nearest to the centres of neck and head.
Choice best_angle(const Building& b, const NeckAndHead& to, int holes)
{
  const Bed bed = lateral_bed(b, to, holes);
  Choice best;
  double least = std::numeric_limits<double>::infinity();
  for (const double angle : lag_angles(b))
    if (const Choice tried = choice_at(b, bed, to, angle, holes);
        off_centre(tried.way) < least - 1e-9)
    {
      least = off_centre(tried.way);
      best = tried;
    }
  return best;
}

/// Whether enough holes lie below the lesions, and the plate reaches so far past them.
bool holds(const Building& b, const Choice& choice, double diameters)
{
  const PlatePlan& plan = *b.plan.plate;
  const Path line({choice.top, choice.end});
  PlateLayout layout = choice.layout;
  const auto lesions = lesions_along(b.site, line);
  leave_lesions(plan, lesions, layout);
  const double below = lesions ? lesions->to : 0;
  int screws = 0;
  for (std::size_t n = 0; n < layout.at.size(); ++n)
    screws += layout.taken[n] && layout.at[n] > below ? 1 : 0;
  const bool beside = lesions && lesions->to > choice.layout.at.front() - plan.pitch_mm;
  const double wanted =
      beside ? diameters * bone_diameter(b.site, b.site.lesions.front().centre, line.tangent(0))
             : 0;
  return screws >= std::min(plan.least_screws_each_side, choice.layout.holes) &&
         (!beside || layout.to - below >= wanted);
}

Choice choose(const Building& b, const NeckAndHead& to)
{
  const bool lesions = !b.site.lesions.empty();
  std::vector<int> sizes = sizes_to_try(b, false); // the usual one holds a lesion of the neck
  double room = 0;
  for (const double diameters : {b.plan.spans.diameters, 0.0})
    for (const int holes : sizes)
    {
      const Choice tried = best_angle(b, to, holes);
      room = tried.room;
      if (tried.past_shaft <= 0 && holds(b, tried, diameters))
        return tried;
    }
  std::sort(sizes.begin(), sizes.end());
  refuse(b.request.place,
         "the lateral side of the femur below the neck's centre is " + format_number(room, 3) +
             " mm long in the image: no plate of " + format_number(sizes.front()) + " to " +
             format_number(sizes.back()) + " holes finds " +
             (lesions ? format_number(b.plan.plate->least_screws_each_side) +
                            " screws in whole bone below the lesion"
                      : "room"),
         lesions ? "room for the plate below the lesion" : "room for the plate",
         "choose a long nail, or an image that shows more of the shaft");
}

/// The lag screw in its barrel: from the plate on as thick as the barrel.
Component barrelled_screw(const Building& b, const Choice& choice, const LagPlace& place)
{
  const LagPlan& plan = *b.plan.lag;
  const BarrelPlan& barrel = *b.plan.barrel;
  const Vec3 start = choice.way.start;
  const Vec3 end = start + barrel.length_mm * choice.way.towards;
  const double shank = plan.shank_mm > 0 ? plan.shank_mm : plan.diameter_mm;
  Component screw =
      round_bar(b, plan.kind, lag_name(plan), start, place.tip, shank, plan.cannula_mm);
  const CrossSection inside = round_section(barrel.diameter_mm, plan.cannula_mm);
  const CrossSection beyond = round_section(shank, plan.cannula_mm);
  screw.runs = {{0, barrel.length_mm, inside, stiffness(inside, b.alloy)},
                {barrel.length_mm, norm(place.tip - start), beyond, stiffness(beyond, b.alloy)}};
  take_least(screw);
  const geometry::Solid sleeve =
      geometry::subtract(geometry::cylinder(start, end, 0.5 * barrel.diameter_mm),
                         geometry::cylinder(start - choice.way.towards, end + choice.way.towards,
                                            0.5 * std::max(plan.cannula_mm, 0.01)));
  screw.solid = geometry::unite({screw.solid, sleeve});
  screw.reach_mm = 0.5 * std::max(barrel.diameter_mm, shank);
  screw.joined = {"plate"};
  screw.to_bone = Interface::bonded;
  screw.priority = 4;
  screw.size = lag_size(plan, place, choice.way);
  return screw;
}

void require_beyond_barrel(const Building& b, const Choice& choice, const LagPlace& place)
{
  const double beyond = norm(place.tip - choice.way.start) - b.plan.barrel->length_mm;
  if (beyond < in_barrel_mm)
    refuse(b.request.place,
           "the lag screw would stand " + format_number(beyond, 2) + " mm out of its barrel of " +
               format_number(b.plan.barrel->length_mm) + " mm",
           "at least " + format_number(in_barrel_mm) + " mm",
           "the femur is too small for this plate: choose another implant");
}
} // namespace

void build_hip_screw(const Building& b)
{
  const NeckAndHead to = neck_and_head(b);
  Choice choice = choose(b, to);
  const Path line({choice.top, choice.end});
  leave_lesions(*b.plan.plate, lesions_along(b.site, line), choice.layout);
  b.fixation.components.push_back(
      plate_component(b, line.points(), choice.side, choice.layout.holes));
  const LagPlace place = place_along(b, choice.way);
  require_beyond_barrel(b, choice, place);
  b.fixation.components.push_back(barrelled_screw(b, choice, place));
  int screws = 0;
  for (std::size_t n = 0; n < choice.layout.at.size(); ++n)
    if (choice.layout.taken[n])
      if (auto screw = screw_through(b, "screw " + std::to_string(n + 1), line, choice.layout.at[n],
                                     choice.side))
      {
        b.fixation.components.push_back(std::move(*screw));
        ++screws;
      }
  const int least = std::min(b.plan.plate->least_screws_each_side, choice.layout.holes);
  if (screws < least)
    refuse(b.request.place, "only " + format_number(screws) + " screws of the plate find bone",
           "at least " + format_number(least),
           "choose a longer plate, or an image that shows more of the bone");
  auto& measures = b.fixation.measures;
  measures["plate_length_mm"] = choice.layout.to;
  measures["plate_holes"] = choice.layout.holes;
  measures["screws"] = screws;
  b.fixation.doubts.push_back("lag screw: it does not slide in its barrel here: what the neck "
                              "settles onto is not modelled");
}

} // namespace calcar::implant
