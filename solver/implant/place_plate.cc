#include "base/text.hpp"
#include "implant/end_screws.hpp"
#include "implant/plate_layout.hpp"
#include "implant/refusal.hpp"

#include <algorithm>
#include <iterator>

namespace calcar::implant
{
namespace
{
/// Arc lengths of the bone's middle line between which a plate may lie.
Span usable(const Building& b, const Path& middle)
{
  const PlatePlan& plan = *b.plan.plate;
  Span span{0, middle.length()};
  const auto level = [&](const std::string& name, const std::string& what)
  { return level_on(middle, landmark(b.site, name, what, b.request.place)); };
  if (!plan.top.empty())
    span.from = level(plan.top, "the plate's upper end") - plan.beyond_mm;
  if (!plan.bottom.empty())
    span.to = level(plan.bottom, "the plate's lower end") + plan.beyond_mm;
  return span;
}

/// The levels along the plate's line of the screws that were put in.
std::vector<double> fill_holes(const Building& b, const Path& line, const PlateLayout& layout,
                               Vec3 side)
{
  std::vector<double> levels;
  for (std::size_t n = 0; n < layout.at.size(); ++n)
  {
    if (!layout.taken[n])
      continue;
    auto screw = screw_through(b, "screw " + std::to_string(n + 1), line, layout.at[n], side);
    if (!screw)
      continue;
    b.fixation.components.push_back(std::move(*screw));
    levels.push_back(layout.at[n]);
  }
  return levels;
}

/// Whether the screws that were found hold on both sides of the lesions, but at an end with screws
/// of its own.
void require_screws(const Building& b, const Path& line, const std::vector<double>& levels)
{
  const PlatePlan& plan = *b.plan.plate;
  const auto lesions = lesions_along(b.site, line);
  const auto count = [&](auto&& there)
  { return static_cast<int>(std::count_if(levels.begin(), levels.end(), there)); };
  int few = static_cast<int>(levels.size());
  if (lesions && plan.top.empty())
    few = count([&](double s) { return s < lesions->from; });
  if (lesions && plan.bottom.empty())
    few = std::min(few, count([&](double s) { return s > lesions->to; }));
  const int least = plan.least_screws_each_side * (lesions || plan.at_end() ? 1 : 2);
  if (few < least)
    refuse(b.request.place,
           "only " + format_number(few) + " screws of the plate find bone" +
               (lesions ? " on a side of the lesion" : ""),
           "at least " + format_number(least),
           "choose a longer plate, or an image that shows more of the bone");
}
} // namespace

void build_plate(const Building& b)
{
  const Path middle = middle_line(b);
  const Vec3 side = anatomy::named_vector(b.site.bone().frame, b.plan.plate->side);
  const Path line = bent_line(b, middle, usable(b, middle), side, plate_gap(b));
  std::vector<Component> end_screws;
  if (b.plan.end_screws)
    end_screws = place_end_screws(b, line, side);
  const PlateLayout layout = choose_layout(b, line, middle);
  b.fixation.components.push_back(
      plate_component(b, line.stretch(layout.from, layout.to), side, layout.holes));
  const std::vector<double> screws = fill_holes(b, line, layout, side);
  require_screws(b, line, screws);
  auto& measures = b.fixation.measures;
  measures["plate_length_mm"] = layout.to - layout.from;
  measures["plate_holes"] = layout.holes;
  measures["screws"] = static_cast<double>(screws.size() + end_screws.size());
  if (b.plan.end_screws)
    measures["end_screws"] = static_cast<double>(end_screws.size());
  std::move(end_screws.begin(), end_screws.end(), std::back_inserter(b.fixation.components));
}

} // namespace calcar::implant
