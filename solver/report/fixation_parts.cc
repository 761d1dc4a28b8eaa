#include "report/fixation_parts.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace calcar::report
{
namespace
{
std::string in_words(std::string name)
{
  std::replace(name.begin(), name.end(), '_', ' ');
  return name;
}
} // namespace

std::vector<PartGroup> groups_of(const implant::Fixation& fixation)
{
  std::vector<PartGroup> groups;
  for (const implant::Component& c : fixation.components)
  {
    const auto same = std::find_if(groups.begin(), groups.end(),
                                   [&](const PartGroup& g) {
                                     return g.first->kind == c.kind && g.first->alloy == c.alloy &&
                                            g.first->to_bone == c.to_bone;
                                   });
    PartGroup& group = same == groups.end() ? groups.emplace_back() : *same;
    group.first = group.first ? group.first : &c;
    group.names.push_back(c.name);
    group.sizes.push_back(c.size);
  }
  return groups;
}

std::string group_words(const PartGroup& group)
{
  std::string words = group.names.front();
  if (group.names.size() > 1)
    words = std::to_string(group.names.size()) + " " +
            in_words(implant::to_string(group.first->kind)) +
            (group.first->kind == implant::ComponentKind::cement ? "" : "s");
  std::vector<std::string> told;
  for (std::size_t n = 0; n < group.sizes.size(); ++n)
  {
    const auto from = group.sizes.begin();
    if (std::find(from, from + static_cast<std::ptrdiff_t>(n), group.sizes[n]) !=
        from + static_cast<std::ptrdiff_t>(n))
      continue;
    const auto times = std::count(from, group.sizes.end(), group.sizes[n]);
    told.push_back((times > 1 ? std::to_string(times) + " of " : "") + group.sizes[n]);
  }
  return words + ": " + join(told, "; ");
}

std::string material_words(const PartGroup& group)
{
  return in_words(group.first->alloy) + ", " +
         (group.first->to_bone == implant::Interface::bonded ? "tied to the bone"
                                                             : "not tied to the bone");
}

std::string measure_words(const std::string& name, double value)
{
  for (const char* told : {"nail_length_mm", "nail_diameter_mm", "plate_length_mm", " length_mm",
                           "lag_screw_length_mm", "screws", " cm3"})
    if (name.ends_with(told))
      return "";
  for (const auto& [ending, unit] :
       {std::pair{"_mm", " mm"}, std::pair{"_deg", " degrees"}, std::pair{"_cm3", " cm3"}})
    if (name.ends_with(ending))
      return in_words(name.substr(0, name.size() - std::string(ending).size())) + ": " +
             format_number(value, 3) + unit;
  return in_words(name) + ": " + format_number(value, 3);
}

} // namespace calcar::report
