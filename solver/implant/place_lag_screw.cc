#include "base/text.hpp"
#include "implant/lag_way.hpp"

#include <limits>

namespace calcar::implant
{

void build_lag_screw(const Building& b, const Path& nail)
{
  const LagPlan& plan = *b.plan.lag;
  const NeckAndHead to = neck_and_head(b);
  const Vec3 top = nail.points()[0];
  const Vec3 down = normalized(nail.points()[1] - top);
  LagWay way;
  double least = std::numeric_limits<double>::infinity();
  for (const double angle : lag_angles(b))
    if (const LagWay tried = way_at(angle, top, down, to); off_centre(tried) < least - 1e-9)
    {
      least = off_centre(tried);
      way = tried;
    }
  const LagPlace place = place_along(b, way);
  Component screw = round_bar(b, plan.kind, lag_name(plan), place.lateral, place.tip,
                              plan.diameter_mm, plan.cannula_mm);
  screw.joined = {"nail"};
  screw.to_bone = Interface::bonded;
  screw.priority = 4;
  screw.size = lag_size(plan, place, way);
  b.fixation.measures["lag_screw_from_top_mm"] = way.from_top_mm;
  b.fixation.components.push_back(std::move(screw));
  if (way.from_top_mm < plan.diameter_mm || way.from_top_mm > b.plan.nail->proximal_length_mm)
    b.warn("lag_screw_level",
           "the " + lag_name(plan) + " crosses the nail " + format_number(way.from_top_mm, 3) +
               " mm from its top, outside its proximal part of " +
               format_number(b.plan.nail->proximal_length_mm) +
               " mm: the nail would have to stand out of the trochanter or lie deeper");
}

} // namespace calcar::implant
