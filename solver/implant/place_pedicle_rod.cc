#include "implant/place_pedicle_rod.hpp"

#include "base/text.hpp"
#include "geometry/rotation.hpp"
#include "implant/refusal.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::implant
{
namespace
{
std::string mm(double value)
{
  return format_number(std::round(10 * value) / 10);
}

/// A stretch of rod between two heads, bent away from the bone as far as it must be.
std::vector<Vec3> bent(const Building& b, Vec3 from, Vec3 to, Vec3 back, double& most)
{
  const PediclePlan& plan = *b.plan.pedicle;
  const double length = norm(to - from);
  const auto point = [&](double s, double bend)
  { return from + (s / length) * (to - from) + bend * std::sin(geometry::pi * s / length) * back; };
  const double away = -(0.5 * plan.rod_mm + rod_clear_mm);
  double bend = 0;
  const auto touches = [&]
  {
    for (double s = 1; s < length; s += 1)
      if (depth_at(b.site, point(s, bend)) > away)
        return true;
    return false;
  };
  while (bend <= plan.most_rod_bend_mm && touches())
    bend += 0.5;
  if (bend > plan.most_rod_bend_mm)
    refuse(b.request.place,
           "a rod would have to be bent by more than " + mm(plan.most_rod_bend_mm) +
               " mm to pass the bone between its screws",
           "room for a rod behind the spine", "choose other levels");
  most = std::max(most, bend);
  std::vector<Vec3> points;
  const int pieces = bend > 0 ? std::max(2, static_cast<int>(std::ceil(length / 5))) : 1;
  for (int n = 0; n < pieces; ++n)
    points.push_back(point(length * n / pieces, bend));
  return points;
}

/// Straight on beyond the rod's last head as far as it stays clear of the bone.
Vec3 rod_end(const Building& b, Vec3 last, Vec3 before)
{
  const PediclePlan& plan = *b.plan.pedicle;
  const Vec3 along = normalized(last - before);
  double s = 0;
  while (s < plan.rod_end_mm &&
         depth_at(b.site, last + (s + 0.5) * along) <= -(0.5 * plan.rod_mm + rod_clear_mm))
    s += 0.5;
  return last + std::max(s, 0.5) * along;
}
} // namespace

std::string build_rod(const Building& b, const std::vector<Component>& screws,
                      const std::string& name)
{
  const PediclePlan& plan = *b.plan.pedicle;
  const Vec3 back = -b.site.bone().frame.anterior;
  double bend = 0;
  std::vector<Vec3> points;
  for (std::size_t n = 1; n < screws.size(); ++n)
  {
    const auto piece = bent(b, screws[n - 1].axis[0], screws[n].axis[0], back, bend);
    points.insert(points.end(), piece.begin(), piece.end());
  }
  points.push_back(screws.back().axis[0]);
  points.insert(points.begin(), rod_end(b, points[0], points[1]));
  points.push_back(rod_end(b, points.back(), points[points.size() - 2]));
  Component rod;
  rod.name = name;
  rod.kind = ComponentKind::rod;
  rod.alloy = b.plan.alloy;
  std::vector<geometry::TubePoint> tube;
  for (const Vec3& p : points)
    tube.push_back({p, 0.5 * plan.rod_mm});
  rod.solid = geometry::swept_tube(tube);
  rod.axis = points;
  rod.radius_mm = rod.reach_mm = 0.5 * plan.rod_mm;
  const CrossSection section = round_section(plan.rod_mm);
  rod.runs = {{0, length_mm(rod), section, stiffness(section, b.alloy)}};
  take_least(rod);
  rod.to_bone = Interface::debonded; // it touches none
  rod.priority = 3;
  for (const Component& s : screws)
    rod.joined.push_back(s.name);
  rod.size = mm(plan.rod_mm) + " mm x " + mm(length_mm(rod)) + " mm";
  auto& measures = b.fixation.measures;
  measures[rod.name + " length_mm"] = length_mm(rod);
  measures["rod_bend_mm"] = std::max(bend, measures["rod_bend_mm"]);
  b.fixation.components.push_back(std::move(rod));
  return name;
}

} // namespace calcar::implant
