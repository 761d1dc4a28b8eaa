#include "implant/check.hpp"

#include "anatomy/region.hpp"
#include "base/text.hpp"
#include "implant/canal.hpp"
#include "implant/extent.hpp"
#include "implant/refusal.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::implant
{
namespace
{
constexpr double grown_up_years = 16;

bool is_bar(const Component& c)
{
  return c.kind != ComponentKind::plate && c.kind != ComponentKind::cement && c.axis.size() > 1;
}

bool joined(const Component& a, const Component& b)
{
  const auto holds = [](const Component& x, const Component& y)
  { return std::find(x.joined.begin(), x.joined.end(), y.name) != x.joined.end(); };
  return holds(a, b) || holds(b, a);
}

void check_collisions(const Building& b)
{
  const auto& all = b.fixation.components;
  for (std::size_t n = 0; n < all.size(); ++n)
    for (std::size_t m = 0; m < all.size(); ++m)
      if (m != n && is_bar(all[n]) && all[m].kind != ComponentKind::cement &&
          !joined(all[n], all[m]) && least_gap(all[n], all[m]) < 0)
        refuse(b.request.place,
               "the " + all[n].name + " and the " + all[m].name +
                   " run into one "
                   "another",
               "hardware clear of one another", "choose other sizes, or another implant");
}

/// The components that a growth plate's voxels lie in.
std::vector<std::string> crossing(const Building& b)
{
  std::vector<std::string> names;
  const image::Mask& plates = *b.site.growth_plates;
  for (const Component& c : b.fixation.components)
  {
    bool crosses = false;
    for (int k = 0; k < plates.grid.size[2] && !crosses; ++k)
      for (int j = 0; j < plates.grid.size[1] && !crosses; ++j)
        for (int i = 0; i < plates.grid.size[0] && !crosses; ++i)
          crosses = plates.at(i, j, k) &&
                    c.solid.contains(plates.grid.point({double(i), double(j), double(k)}));
    if (crosses)
      names.push_back(c.name);
  }
  return names;
}

void check_growth_plates(const Building& b)
{
  const bool refused = b.plan.growth_plates == GrowthPlates::refused;
  if (!b.site.growth_plates)
  {
    if (!b.site.age_years || *b.site.age_years >= grown_up_years)
      return;
    const std::string given = "the patient is " + format_number(*b.site.age_years) +
                              " years old and open growth plates are not labelled";
    if (refused)
      refuse(b.request.place, given, "labels of the growth plates, or an implant that avoids them",
             "label them, or choose an implant for children");
    b.warn("growth_plate", given + ": whether one is crossed cannot be told");
    return;
  }
  const std::vector<std::string> names = crossing(b);
  if (names.empty())
    return;
  const std::string given = "an open growth plate is crossed by: " + join(names);
  if (refused)
    refuse(b.request.place, given, "an implant that stays clear of open growth plates",
           "choose an implant for children");
  b.warn("growth_plate", given);
}

/// Whether the main implant reaches far enough beyond each lesion, at its ends that lie in the
/// image.
void check_spans(const Building& b)
{
  const auto main =
      std::find_if(b.fixation.components.begin(), b.fixation.components.end(),
                   [](const Component& c)
                   { return c.kind == ComponentKind::nail || c.kind == ComponentKind::plate; });
  if (main == b.fixation.components.end() || b.plan.spans.diameters <= 0)
    return;
  const bool plate = main->kind == ComponentKind::plate;
  const bool beyond = !b.fixation.measures.count(plate ? "plate_length_mm" : "nail_length_mm");
  const Path line(main->axis);
  // The tip of a nail from distal lies proximally; the end where it goes in is the bone's own.
  const bool upwards =
      (b.plan.nail && b.plan.nail->from_distal) || (b.plan.flexible && b.plan.flexible->retrograde);
  const bool hip = b.plan.method == Method::hip_screw;
  for (const lesion::PlacedLesion& lesion : b.site.lesions)
  {
    const auto span = lesion_span(b.site, lesion, line);
    if (!span)
      continue;
    const double wanted =
        b.plan.spans.diameters * bone_diameter(b.site, lesion.centre, line.tangent(span->to));
    const auto judge = [&](const std::string& end, double left)
    {
      b.fixation.measures[end + "_beyond_" + lesion.lesion.name + "_mm"] = left;
      if (left < wanted)
        b.warn("ends_at_lesion",
               "the " + main->name + " ends at the lesion \"" + lesion.lesion.name + "\": its " +
                   end + " end lies " + format_number(std::abs(left), 3) + " mm " +
                   (left < 0 ? "short of" : "beyond") + " the lesion's, less than " +
                   format_number(wanted, 3) + " mm (" + format_number(b.plan.spans.diameters) +
                   " diameters of the bone)");
    };
    if (!beyond && !(plate && !b.plan.plate->bottom.empty()))
      judge(upwards ? "proximal" : "distal", line.length() - span->to);
    if (plate && b.plan.plate->top.empty() && !hip)
      judge("proximal", span->from);
  }
}

/// Lesions in regions that the template says it does not hold.
void check_regions(const Building& b)
{
  const auto& leaves = b.plan.spans.leaves;
  for (const lesion::PlacedLesion& lesion : b.site.lesions)
  {
    const std::string region = anatomy::region_of(b.site.bone(), lesion.centre);
    if (std::find(leaves.begin(), leaves.end(), region) == leaves.end())
      continue;
    std::string words = region;
    for (const anatomy::Region& known : anatomy::regions(b.site.bone().kind))
      words = known.name == region ? known.words : words;
    b.warn("lesion_not_held", "the lesion \"" + lesion.lesion.name + "\" lies in the " + words +
                                  ", which this implant does not hold");
  }
}

void check_screws_in_lesions(const Building& b)
{
  for (const Component& c : b.fixation.components)
    for (const lesion::PlacedLesion& lesion : b.site.lesions)
    {
      if (c.kind != ComponentKind::locking_screw && c.kind != ComponentKind::cortical_screw &&
          c.kind != ComponentKind::lag_screw && c.kind != ComponentKind::blade &&
          c.kind != ComponentKind::pedicle_screw)
        continue;
      const Path line(c.axis);
      double inside = 0;
      for (double s = 0.5; s < line.length(); s += 1)
        inside += lesion.solid.contains(line.point(s)) ? 1 : 0;
      if (inside > 0)
        b.warn("screw_in_lesion", "the " + c.name + " runs through the lesion \"" +
                                      lesion.lesion.name + "\" for " + format_number(inside, 3) +
                                      " of its " + format_number(line.length(), 3) + " mm");
    }
}
} // namespace

double least_gap(const Component& first, const Component& second)
{
  const Path line(first.axis);
  double least = 1e9;
  for (double s = 0; s <= line.length(); s += 0.5)
    least = std::min(least, second.solid.distance(line.point(s)) - first.radius_mm);
  return least;
}

void check(const Building& b)
{
  check_collisions(b);
  check_inside(b);
  check_growth_plates(b);
  check_spans(b);
  check_regions(b);
  check_screws_in_lesions(b);
}

} // namespace calcar::implant
