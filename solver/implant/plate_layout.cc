#include "implant/plate_layout.hpp"

#include "base/text.hpp"
#include "implant/refusal.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>

namespace calcar::implant
{
namespace
{
/// From a lesion's edge to the nearest screw.
double keep_off(const PlatePlan& plan)
{
  return std::max(plan.hole_mm, plan.bridge_mm);
}

/// Whether enough screws find whole bone on each side of the lesions, and the plate reaches
/// `beyond` mm past them.
bool holds(const PlatePlan& plan, const PlateLayout& layout, const std::optional<Span>& lesions,
           double beyond)
{
  if (!lesions)
    return true;
  int above = 0, below = 0;
  for (std::size_t n = 0; n < layout.at.size(); ++n)
  {
    if (layout.taken[n] && layout.at[n] < lesions->from - keep_off(plan))
      ++above;
    if (layout.taken[n] && layout.at[n] > lesions->to + keep_off(plan))
      ++below;
  }
  const bool proximal = !plan.top.empty() || (above >= plan.least_screws_each_side &&
                                              lesions->from - layout.from >= beyond);
  const bool distal = !plan.bottom.empty() ||
                      (below >= plan.least_screws_each_side && layout.to - lesions->to >= beyond);
  return proximal && distal;
}

/// A plate on the shaft alone does not reach a lesion of the bone's end.
void require_reach(const Building& b, const Path& line)
{
  const PlatePlan& plan = *b.plan.plate;
  for (const lesion::PlacedLesion& lesion : b.site.lesions)
  {
    const auto span = lesion_span(b.site, lesion, line);
    const double above = span && plan.top.empty() ? -span->from : 0;
    const double below = span && plan.bottom.empty() ? span->to - line.length() : 0;
    if (above <= 0 && below <= 0)
      continue;
    refuse(b.request.place,
           "the lesion \"" + lesion.lesion.name + "\" reaches " +
               format_number(std::max(above, below), 3) + " mm beyond the " +
               (above > below ? "proximal" : "distal") +
               " end of the stretch of the bone's side on which the plate can lie (" +
               format_number(line.length(), 3) +
               " mm): it finds no screws in whole bone on each side of the lesion",
           "a lesion between the ends of that stretch",
           "choose an implant that reaches into that end of the bone");
  }
}

double start_of(const PlatePlan& plan, double length, double room, double middle)
{
  if (!plan.top.empty())
    return 0;
  if (!plan.bottom.empty())
    return room - length;
  return std::clamp(middle - 0.5 * length, 0.0, room - length);
}

[[noreturn]] void refuse_all(const Building& b, double room, std::vector<int> sizes, bool lesions)
{
  std::sort(sizes.begin(), sizes.end());
  refuse(b.request.place,
         "the side of the bone is " + format_number(room, 3) +
             " mm long in the image: no plate of " + format_number(sizes.front()) + " to " +
             format_number(sizes.back()) + " holes finds " +
             (lesions ? format_number(b.plan.plate->least_screws_each_side) +
                            " screws in whole bone on each side of the lesion"
                      : "room"),
         lesions ? "room for a plate on both sides of the lesion" : "room for a plate",
         "choose a nail, or an image that shows more of the bone");
}
} // namespace

PlateLayout layout_of(const PlatePlan& plan, int holes, double from)
{
  PlateLayout layout{holes, from, from + plan.head_mm + holes * plan.pitch_mm, {}, {}};
  const double first = plan.top.empty() ? from : from + plan.head_mm;
  const int few = plan.screws_each_end;
  for (int n = 0; n < holes; ++n)
  {
    layout.at.push_back(first + (n + 0.5) * plan.pitch_mm);
    const bool near_start = n < few && plan.top.empty();
    const bool near_end = n >= holes - few && plan.bottom.empty();
    layout.taken.push_back(few == 0 || near_start || near_end);
  }
  return layout;
}

void leave_lesions(const PlatePlan& plan, const std::optional<Span>& lesions, PlateLayout& layout)
{
  for (std::size_t n = 0; lesions && n < layout.at.size(); ++n)
    if (layout.at[n] >= lesions->from - keep_off(plan) &&
        layout.at[n] <= lesions->to + keep_off(plan))
      layout.taken[n] = false;
}

std::vector<int> sizes_to_try(const Building& b, bool lesions)
{
  std::vector<int> sizes = b.plan.plate->holes;
  if (const auto chosen = b.chosen("holes"))
    return {static_cast<int>(std::lround(*chosen))};
  if (lesions)
    return sizes;
  const int usual = b.plan.plate->usual_holes.value_or(sizes[sizes.size() / 2]);
  const auto from = std::lower_bound(sizes.begin(), sizes.end(), usual);
  std::vector<int> order(from, sizes.end());
  std::reverse_copy(sizes.begin(), from, std::back_inserter(order));
  return order;
}

PlateLayout choose_layout(const Building& b, const Path& line, const Path& bone)
{
  const PlatePlan& plan = *b.plan.plate;
  require_reach(b, line);
  const auto lesions = lesions_along(b.site, line);
  const double room = line.length();
  const double middle = (lesions ? 0.5 * (lesions->from + lesions->to) : 0.5 * room) +
                        b.chosen("plate_centre_mm").value_or(0);
  const Vec3 bone_middle = bone.point(bone.nearest(line.point(middle)));
  const double rule =
      b.plan.spans.diameters * bone_diameter(b.site, bone_middle, line.tangent(middle));
  const std::vector<int> sizes = sizes_to_try(b, lesions.has_value());
  for (const double beyond : {rule, -1e9}) // by the rule of two diameters, or else as it goes
    for (const int holes : sizes)
    {
      const double length = plan.head_mm + holes * plan.pitch_mm;
      if (length > room)
        continue;
      PlateLayout tried = layout_of(plan, holes, start_of(plan, length, room, middle));
      if (!holds(plan, tried, lesions, beyond))
        continue;
      leave_lesions(plan, lesions, tried);
      return tried;
    }
  refuse_all(b, room, sizes, lesions.has_value());
}

} // namespace calcar::implant
