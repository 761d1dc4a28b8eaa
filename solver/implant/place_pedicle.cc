#include "implant/place_pedicle.hpp"

#include "base/text.hpp"
#include "geometry/rotation.hpp"
#include "implant/place_pedicle_line.hpp"
#include "implant/place_pedicle_rod.hpp"
#include "implant/refusal.hpp"
#include "implant/template_values.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::implant
{
namespace
{
constexpr double most_lift_mm = 12; ///< of a head above where it usually stands

std::string mm(double value)
{
  return format_number(std::round(10 * value) / 10);
}

/// Where the vertebra in question stands in the segment.
std::size_t own_level(const Site& site)
{
  std::size_t nearest = 0;
  const auto apart = [&](std::size_t n)
  { return norm(site.levels[n].frame.origin - site.bone().frame.origin); };
  for (std::size_t n = 1; n < site.levels.size(); ++n)
    if (apart(n) < apart(nearest))
      nearest = n;
  return nearest;
}

std::string names_of(const Site& site)
{
  std::vector<std::string> names;
  for (const anatomy::BoneAnatomy& level : site.levels)
    names.push_back(level.level);
  return join(names);
}

int levels_asked(const Building& b, const std::string& choice, int usual)
{
  const double levels = b.chosen(choice).value_or(usual);
  if (levels < 1 || levels != std::round(levels))
    throw InputError(Fault::command, {b.request.place, choice + " = " + format_number(levels),
                                      "a whole number of 1 or more", "set " + choice + " = 1", ""});
  return static_cast<int>(levels);
}

/// The vertebrae that get screws, cranial to caudal: all of the stretch but the one in question.
std::vector<const anatomy::BoneAnatomy*> held(const Building& b)
{
  const Site& site = b.site;
  if (site.levels.size() < 2)
    refuse(b.request.place,
           "the image shows one vertebra" +
               (site.bone().level.empty() ? "" : ", " + site.bone().level) +
               ": a rod needs at least two that hold screws",
           "a spine segment with a vertebra above and one below",
           "label the neighbours too ([bone] kind = \"spine_segment\"), or choose cement");
  const auto own = static_cast<int>(own_level(site));
  const int above = levels_asked(b, "levels_above", b.plan.pedicle->above);
  const int below = levels_asked(b, "levels_below", b.plan.pedicle->below);
  const auto count = static_cast<int>(site.levels.size());
  if (own - above < 0 || own + below >= count)
    refuse(b.request.place,
           "the segment shows " + names_of(site) + ": " + format_number(above) + " above and " +
               format_number(below) + " below " + site.bone().level + " are to hold screws",
           "a segment that shows them", "label more vertebrae, or choose fewer levels");
  std::vector<const anatomy::BoneAnatomy*> levels;
  for (int n = own - above; n <= own + below; ++n)
    if (n != own)
      levels.push_back(&site.levels[static_cast<std::size_t>(n)]);
  return levels;
}

/// Index of the thickest screw that the pedicle holds.
std::size_t choose_diameter(const Building& b, const PedicleLine& line, const std::string& where)
{
  const PediclePlan& plan = *b.plan.pedicle;
  const double most =
      std::min(plan.share_of_pedicle * line.free_mm, 2 * (line.to_canal_mm - plan.least_wall_mm));
  if (const auto chosen = b.chosen("screw_diameter_mm"))
  {
    const auto found = std::find(plan.outer_mm.begin(), plan.outer_mm.end(), *chosen);
    if (found == plan.outer_mm.end())
      throw InputError(
          Fault::command,
          {b.request.place, "a pedicle screw of " + format_number(*chosen) + " mm",
           mm(plan.outer_mm.front()) + " to " + mm(plan.outer_mm.back()) + " mm as they are made",
           "choose one of them", ""});
    if (*chosen > most)
      refuse(b.request.place,
             "the pedicle " + where + " is " + mm(line.free_mm) +
                 " mm wide along the screw: it holds up to " + mm(std::max(0.0, most)) +
                 " mm, not " + mm(*chosen),
             "a screw with bone around it", "choose a thinner one");
    return static_cast<std::size_t>(found - plan.outer_mm.begin());
  }
  if (plan.outer_mm.front() > most)
    refuse(b.request.place,
           "the pedicle " + where + " is " + mm(line.free_mm) +
               " mm wide along the screw: it holds up to " + mm(std::max(0.0, most)) +
               " mm, the thinnest screw is " + mm(plan.outer_mm.front()),
           "pedicles that hold a screw", "choose other levels");
  const auto above = std::upper_bound(plan.outer_mm.begin(), plan.outer_mm.end(), most);
  return static_cast<std::size_t>(above - plan.outer_mm.begin()) - 1;
}

/// From the tip asked for backwards to where the thread's end has bone all around.
double deepest(const Building& b, const PedicleLine& line, double outer)
{
  double length = line.to_tip_mm;
  while (length > 0 && depth_at(b.site, line.entry + length * line.direction) < 0.5 * outer)
    length -= 0.5;
  return length;
}

/// The height of the head over the bone at which the rod through it clears the bone.
double head_height(const Building& b, const PedicleLine& line)
{
  const PediclePlan& plan = *b.plan.pedicle;
  const double away = -(0.5 * plan.rod_mm + rod_clear_mm);
  double height = plan.head_mm;
  while (height < plan.head_mm + most_lift_mm &&
         depth_at(b.site, line.entry - height * line.direction) > away)
    height += 0.5;
  return height;
}

Component screw(const Building& b, const anatomy::BoneAnatomy& level, PedicleSide side)
{
  const PediclePlan& plan = *b.plan.pedicle;
  const PedicleLine line =
      pedicle_line(b.site, level, side, {plan.share_of_body, plan.inwards_deg}, b.request.place);
  const std::string where = "of " + level.level + " on the " + to_string(side);
  const std::size_t size = choose_diameter(b, line, where);
  const double outer = plan.outer_mm[size], core = plan.core_mm[size];
  const double room = deepest(b, line, outer);
  if (room < plan.lengths_mm.front())
    refuse(b.request.place,
           "there are " + mm(std::max(0.0, room)) + " mm of bone for the screw in the pedicle " +
               where + ": the shortest is " + mm(plan.lengths_mm.front()),
           "room for a screw", "choose other levels");
  const double length =
      *(std::upper_bound(plan.lengths_mm.begin(), plan.lengths_mm.end(), room) - 1);
  const double height = head_height(b, line);
  const Vec3 head = line.entry - height * line.direction;
  const std::string name = level.level + " " + to_string(side) + " screw";
  Component part = round_bar(b, ComponentKind::pedicle_screw, name, head,
                             line.entry + length * line.direction, core, 0);
  const CrossSection shank = round_section(outer);
  part.solid = geometry::unite({part.solid, geometry::cylinder(head, line.entry, 0.5 * outer)});
  part.reach_mm = 0.5 * outer;
  part.runs.insert(part.runs.begin(), {0, height, shank, stiffness(shank, b.alloy)});
  part.runs.back().from_mm = height;
  part.to_bone = Interface::bonded;
  part.size = mm(outer) + " mm x " + mm(length) + " mm";
  auto& measures = b.fixation.measures;
  measures[name + " diameter_mm"] = outer;
  measures[name + " length_mm"] = length;
  measures[name + " to_canal_mm"] = line.to_canal_mm - 0.5 * outer;
  measures[name + " pedicle_free_mm"] = line.free_mm;
  measures[name + " inwards_deg"] = line.inwards_deg;
  return part;
}
} // namespace

PediclePlan read_pedicle(const Table& table)
{
  PediclePlan plan;
  plan.outer_mm = rising(table, "outer_mm");
  plan.core_mm = rising(table, "core_mm");
  plan.lengths_mm = rising(table, "lengths_mm");
  plan.share_of_body = share(table, "share_of_body");
  plan.inwards_deg = table.number("inwards_deg");
  plan.share_of_pedicle = share(table, "share_of_pedicle");
  plan.least_wall_mm = size_or_none(table, "least_wall_mm");
  plan.head_mm = size(table, "head_mm");
  plan.rod_mm = size(table, "rod_mm");
  plan.rod_end_mm = size(table, "rod_end_mm");
  plan.most_rod_bend_mm = size_or_none(table, "most_rod_bend_mm");
  plan.above = table.integer("above");
  plan.below = table.integer("below");
  table.require(plan.above >= 1 && plan.below >= 1, "above", "1 or more above and below");
  table.require(plan.core_mm.size() == plan.outer_mm.size(), "core_mm", "one for each outer_mm");
  return plan;
}

void build_pedicle_screws(const Building& b)
{
  const auto levels = held(b);
  for (const PedicleSide side : {PedicleSide::right, PedicleSide::left})
  {
    std::vector<Component> screws;
    for (const anatomy::BoneAnatomy* level : levels)
      screws.push_back(screw(b, *level, side));
    const std::string rod = build_rod(b, screws, to_string(side) + " rod");
    for (Component& part : screws)
    {
      part.joined = {rod};
      b.fixation.components.push_back(std::move(part));
    }
  }
  b.fixation.measures["screws"] = 2.0 * static_cast<double>(levels.size());
}

} // namespace calcar::implant
