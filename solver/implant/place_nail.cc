#include "base/text.hpp"
#include "implant/nail_axis.hpp"
#include "implant/refusal.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::implant
{
namespace
{
constexpr double wander_mm = 0.5; ///< that a smooth axis may lie off the canal's circles

std::string mm(double value)
{
  return format_number(std::round(10 * value) / 10);
}

/// Longest length that fits, or the plan's usual one when it does.
double choose_length(const Building& b, const Room& room)
{
  const NailPlan& plan = *b.plan.nail;
  if (const auto chosen = b.chosen("nail_length_mm"))
  {
    if (*chosen > room.length && !room.beyond_image)
      refuse(b.request.place,
             "a nail of " + mm(*chosen) + " mm, where the bone has room for " + mm(room.length),
             "a nail that ends before the joint", "choose a shorter one");
    return *chosen;
  }
  const double most = room.beyond_image ? 1e9 : room.length;
  if (plan.lengths_mm.front() > most)
    refuse(b.request.place,
           "the bone has room for a nail of " + mm(most) + " mm: the shortest is " +
               mm(plan.lengths_mm.front()),
           "a longer bone", "choose another implant");
  const double wanted = std::min(most, plan.usual_mm.value_or(most));
  return *(std::upper_bound(plan.lengths_mm.begin(), plan.lengths_mm.end(), wanted + 1e-9) - 1);
}

/// Free diameter along the nail's axis below where it joins the canal, and the canal's own there.
struct Bore
{
  double along_axis = 1e9;
  double isthmus = 1e9;
};

Bore bore_along(const Building& b, const Path& axis, const Canal& canal, double to)
{
  Bore bore;
  for (const CanalPoint& point : canal.points)
  {
    const double s = axis.nearest(point.centre);
    if (s < b.plan.nail->bend_at_mm || s > to)
      continue;
    bore.isthmus = std::min(bore.isthmus, 2 * point.free_radius_mm);
    bore.along_axis = std::min(
        bore.along_axis, 2 * (free_radius(b.site, axis.point(s), axis.tangent(s)) + wander_mm));
  }
  bore.along_axis = std::min(bore.along_axis, bore.isthmus);
  return bore;
}

double choose_diameter(const Building& b, const Bore& bore)
{
  const NailPlan& plan = *b.plan.nail;
  const double smallest = plan.diameters_mm.front();
  if (const auto chosen = b.chosen("nail_diameter_mm"))
  {
    if (*chosen > bore.along_axis)
      refuse(b.request.place,
             "canal " + mm(bore.along_axis) + " mm along the nail: a nail of " + mm(*chosen) +
                 " mm does not pass",
             "a nail no wider than the canal", "choose a thinner one");
    return *chosen;
  }
  if (bore.isthmus < smallest)
    refuse(b.request.place,
           "canal " + mm(bore.isthmus) + " mm at the isthmus: the smallest nail is " + mm(smallest),
           "a canal at least as wide as the nail", "choose a plate, or a thinner nail");
  if (bore.along_axis < smallest)
    refuse(b.request.place,
           "the canal is " + mm(bore.isthmus) + " mm wide but curved, " + mm(bore.along_axis) +
               " mm are free along a nail: the smallest nail is " + mm(smallest),
           "a canal that a nail can follow", "choose a plate, or a thinner nail");
  return *(std::upper_bound(plan.diameters_mm.begin(), plan.diameters_mm.end(), bore.along_axis) -
           1);
}

/// Tube along a path whose radius is that of the proximal part above and of the shaft below, with
/// 10 mm between; its round ends lie within the path.
geometry::Solid nail_tube(const Path& path, double proximal, double proximal_length, double shaft,
                          double beyond)
{
  const auto radius = [&](double s)
  {
    const double share = std::clamp((s - proximal_length) / 10, 0.0, 1.0);
    return 0.5 * (proximal + share * (shaft - proximal));
  };
  const double from = 0.5 * proximal - beyond;
  const double to = path.length() - 0.5 * shaft + beyond;
  std::vector<double> stops{from, proximal_length, proximal_length + 10};
  for (double s = from + 5; s < to; s += 5)
    stops.push_back(s);
  stops.push_back(to);
  std::sort(stops.begin(), stops.end());
  std::vector<geometry::TubePoint> tube;
  for (const double s : stops)
    if (s <= to)
      tube.push_back({path.point(s), radius(s)});
  return geometry::swept_tube(tube);
}

Component nail_component(const Building& b, const Path& path, double diameter)
{
  const NailPlan& plan = *b.plan.nail;
  const double top = std::max(diameter, plan.proximal_diameter_mm);
  Component nail;
  nail.name = "nail";
  nail.kind = ComponentKind::nail;
  nail.alloy = b.plan.alloy;
  nail.solid = nail_tube(path, top, plan.proximal_length_mm, diameter, 0);
  if (plan.cannula_mm > 0)
  {
    std::vector<geometry::TubePoint> bore;
    for (double s = -5; s < path.length() + 10; s += 5)
      bore.push_back({path.point(s), 0.5 * plan.cannula_mm});
    nail.solid = geometry::subtract(nail.solid, geometry::swept_tube(bore));
  }
  nail.axis = path.points();
  nail.reach_mm = 0.5 * top;
  nail.radius_mm = 0.5 * diameter;
  const CrossSection head = round_section(top, plan.cannula_mm);
  const CrossSection shaft = round_section(diameter, plan.cannula_mm);
  nail.runs = {{0, plan.proximal_length_mm, head, stiffness(head, b.alloy)},
               {plan.proximal_length_mm, path.length(), shaft, stiffness(shaft, b.alloy)}};
  take_least(nail);
  nail.to_bone = b.request.to_bone.value_or(b.plan.to_bone);
  nail.priority = 3;
  return nail;
}

void add_reaming(const Building& b, const Path& path, double diameter)
{
  const NailPlan& plan = *b.plan.nail;
  const double over = plan.reamed_over_mm;
  const double top = std::max(diameter, plan.proximal_diameter_mm);
  const Vec3 middle = path.point(0.5 * path.length());
  b.fixation.removed.push_back(
      {"reamed canal",
       nail_tube(path, top + over, plan.proximal_length_mm, diameter + over, 0.5 * over), middle,
       0.5 * path.length() + top});
}
} // namespace

void build_nail(const Building& b)
{
  const Canal canal = find_canal(b.site, b.request.place);
  const Path axis = nail_axis(b, canal);
  const Room room = room_along(b, axis, canal);
  const double length = choose_length(b, room);
  const bool beyond = length > room.length;
  const Bore bore = bore_along(b, axis, canal, std::min(length, room.length));
  const double diameter = choose_diameter(b, bore);
  const Path path(axis.stretch(0, std::min(length, room.length)));
  Component nail = nail_component(b, path, diameter);
  nail.size = mm(diameter) + " mm x " + (beyond ? "beyond the image" : mm(length) + " mm");
  auto& measures = b.fixation.measures;
  measures["isthmus_mm"] = bore.isthmus;
  measures["nail_diameter_mm"] = diameter;
  measures["canal_fill"] = diameter / bore.isthmus;
  if (beyond)
    b.warn("beyond_image", "the nail goes on beyond the image, " + mm(room.length) +
                               " mm from its top: its distal end is not modelled");
  else
    measures["nail_length_mm"] = length;
  measures["nail_in_image_mm"] = path.length();
  b.fixation.components.push_back(std::move(nail));
  add_reaming(b, path, diameter);
  if (b.plan.lag)
    build_lag_screw(b, path);
  build_locking(b, path, !beyond);
}

} // namespace calcar::implant
