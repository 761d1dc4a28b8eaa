#include "base/text.hpp"
#include "geometry/rotation.hpp"
#include "implant/canal.hpp"
#include "implant/check.hpp"
#include "implant/refusal.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::implant
{
namespace
{
constexpr double outside_mm = 1.0;   ///< that the wall of a voxel image leaves open
constexpr double nail_entry_mm = 35; ///< of the nail from its top, where it opens the bone
constexpr double sideways_mm = 3;    ///< there, under bone: less is the rim of the entry
constexpr int rim = 16;              ///< places about the axis

double radius_at(const Component& component, double s)
{
  for (const SectionRun& run : component.runs)
    if (s >= run.from_mm && s < run.to_mm)
      return run.section.weak_edge_mm;
  return component.radius_mm;
}

/// True when bone lies behind a place on the way back to the entry: the nail does not open it from
/// outside there.
bool under_bone(const Site& site, Vec3 place, Vec3 back, double reach_mm)
{
  for (double t = 1; t <= reach_mm; t += 1)
    if (depth_at(site, place + t * back) > outside_mm)
      return true;
  return false;
}

/// How far a nail leaves the bone sideways where it goes in, mm: places of its surface out of the
/// bone that have bone above them.
double farthest_sideways(const Component& nail, const Site& site)
{
  const Path line(nail.axis);
  double farthest = -1e9;
  for (double s = 2; s < std::min(nail_entry_mm, line.length()); s += 3)
  {
    const double radius = radius_at(nail, s);
    const Vec3 along = line.tangent(s);
    const Vec3 first = across(along, site.bone().frame.medial);
    const Vec3 second = cross(along, first);
    for (int n = 0; n < rim; ++n)
    {
      const double angle = 2 * geometry::pi * n / rim;
      const Vec3 at = line.point(s) + radius * (std::cos(angle) * first + std::sin(angle) * second);
      const double out = -depth_at(site, at);
      if (out > std::max(outside_mm, farthest) && under_bone(site, at, -along, s + radius))
        farthest = out;
    }
  }
  return farthest;
}

[[noreturn]] void refuse_outside(const Building& b, const std::string& name, double out,
                                 const std::string& how)
{
  refuse(b.request.place,
         "the " + name + " would leave the bone " + how + "by " + format_number(out, 2) + " mm",
         "hardware inside the bone but at its entry", "choose another implant");
}

void check_nail(const Building& b, const Component& nail)
{
  if (const double out = farthest_outside(nail, b.site, nail_entry_mm); out > outside_mm)
    refuse_outside(b, nail.name, out, "");
  if (const double out = farthest_sideways(nail, b.site); out > sideways_mm)
    refuse_outside(b, nail.name, out, "sideways below its entry ");
}

void check_plate(const Building& b, const Component& plate)
{
  double deepest = -1e9;
  const Path line(plate.axis);
  for (double s = 0; s <= line.length(); s += 2)
    deepest = std::max(deepest, depth_at(b.site, line.point(s)) + plate.radius_mm);
  if (deepest > outside_mm)
    refuse(b.request.place,
           "the plate would stand " + format_number(deepest, 2) + " mm deep in the bone",
           "a plate on the bone", "choose another implant");
}

/// By the voxels of the bone's image.
void check_cement(const Building& b, const Component& cement)
{
  const image::Grid& grid = b.site.ground.mask.grid;
  const Vec3 middle = grid.index(cement.axis.front());
  double farthest = -1e9;
  const auto reach = [&](std::size_t a) { return cement.reach_mm / grid.spacing[a] + 1; };
  for (double k = std::floor(middle.z - reach(2)); k <= middle.z + reach(2); ++k)
    for (double j = std::floor(middle.y - reach(1)); j <= middle.y + reach(1); ++j)
      for (double i = std::floor(middle.x - reach(0)); i <= middle.x + reach(0); ++i)
      {
        const Vec3 p = grid.point({i, j, k});
        const double out = -depth_at(b.site, p);
        if (out > farthest && out < 900 && cement.solid.contains(p))
          farthest = out;
      }
  const double most = b.plan.cement ? b.plan.cement->most_beyond_mm : 0;
  if (farthest > most + outside_mm)
    refuse_outside(b, cement.name, farthest, "");
}
} // namespace

double farthest_outside(const Component& component, const Site& site, double entry_mm)
{
  const Path line(component.axis);
  double farthest = -1e9;
  for (double s = entry_mm; s <= line.length() - component.radius_mm; s += 2)
    farthest = std::max(farthest, radius_at(component, s) - depth_at(site, line.point(s)));
  return farthest;
}

void check_inside(const Building& b)
{
  for (const Component& c : b.fixation.components)
  {
    if (c.kind == ComponentKind::nail)
      check_nail(b, c);
    if (c.kind == ComponentKind::plate)
      check_plate(b, c);
    if (c.kind == ComponentKind::cement && c.axis.size() == 1)
      check_cement(b, c);
  }
}

} // namespace calcar::implant
