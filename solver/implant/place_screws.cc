#include "base/text.hpp"
#include "geometry/rotation.hpp"
#include "implant/build.hpp"
#include "implant/canal.hpp"
#include "implant/joint.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::implant
{

void take_least(Component& component)
{
  const auto least =
      std::min_element(component.runs.begin(), component.runs.end(),
                       [](const SectionRun& a, const SectionRun& b)
                       { return a.stiffness.bending_EI_Nmm2 < b.stiffness.bending_EI_Nmm2; });
  if (least == component.runs.end())
    return;
  component.stiffness = least->stiffness;
  component.weakest = least->section;
}

Component round_bar(const Building& building, ComponentKind kind, const std::string& name,
                    Vec3 from, Vec3 to, double outer, double inner)
{
  Component bar;
  bar.name = name;
  bar.kind = kind;
  bar.alloy = building.plan.alloy;
  bar.axis = {from, to};
  const Vec3 along = normalized(to - from);
  bar.solid = geometry::cylinder(from, to, 0.5 * outer);
  if (inner > 0)
    bar.solid =
        geometry::subtract(bar.solid, geometry::cylinder(from - along, to + along, 0.5 * inner));
  bar.radius_mm = bar.reach_mm = 0.5 * outer;
  const CrossSection section = round_section(outer, inner);
  bar.runs = {{0, norm(to - from), section, stiffness(section, building.alloy)}};
  take_least(bar);
  bar.priority = 2;
  return bar;
}

std::optional<Component> screw_along(const Building& building, const ScrewPlan& plan,
                                     const std::string& name, Vec3 head, Vec3 towards,
                                     double to_near_surface,
                                     std::optional<double> before_surface_mm)
{
  const Vec3 near = head + to_near_surface * towards;
  const auto across_bone = way_out(building.site, near + 1.0 * towards, towards);
  if (!across_bone || *across_bone <= 0)
  {
    building.warn("screw_left_out", name + " is left out: the bone at its place is not wholly in "
                                           "the image");
    return std::nullopt;
  }
  const double to_far = to_near_surface + 1 + *across_bone;
  if (!before_surface_mm)
    if (const std::string joint = joint_at(building.site, head + to_far * towards); !joint.empty())
    {
      building.warn("screw_left_out",
                    name + " is left out: it would pass the far cortex into the " + joint);
      return std::nullopt;
    }
  const auto length =
      before_surface_mm ? plan.lengths.down(to_far - *before_surface_mm) : plan.lengths.up(to_far);
  if (!length)
  {
    building.warn("screw_left_out", name + " is left out: " + format_number(to_far, 3) +
                                        " mm of bone and plate against lengths of " +
                                        format_number(plan.lengths.from_mm) + " to " +
                                        format_number(plan.lengths.to_mm) + " mm");
    return std::nullopt;
  }
  Component screw =
      round_bar(building, plan.kind, name, head, head + *length * towards, plan.core_mm, 0);
  screw.to_bone = Interface::bonded;
  screw.size = format_number(plan.outer_mm) + " mm x " + format_number(*length) + " mm";
  return screw;
}

void build_locking(const Building& building, const Path& nail, bool shows_tip)
{
  const Site& site = building.site;
  int count = 0;
  for (const LockingPlan& plan : building.plan.locking)
  {
    if (plan.from_tip && !shows_tip)
    {
      building.warn("beyond_image", plan.name + " lies outside the image and is not modelled");
      continue;
    }
    const double s = plan.from_tip ? nail.length() - plan.distance_mm : plan.distance_mm;
    const Vec3 centre = nail.point(s);
    const Vec3 towards =
        across(nail.tangent(s), anatomy::named_vector(site.bone().frame, plan.towards));
    const auto back = way_out(site, centre, -towards);
    if (!back || *back <= 0)
    {
      building.warn("screw_left_out", plan.name + " is left out: the bone at its place is not "
                                                  "wholly in the image");
      continue;
    }
    auto screw = screw_along(building, *building.plan.screw, plan.name, centre - *back * towards,
                             towards, 0, plan.before_surface_mm);
    if (!screw)
      continue;
    screw->joined = {"nail"};
    building.fixation.measures[plan.name + " length_mm"] = length_mm(*screw);
    building.fixation.components.push_back(std::move(*screw));
    ++count;
  }
  building.fixation.measures["locking_screws"] = count;
}

} // namespace calcar::implant
