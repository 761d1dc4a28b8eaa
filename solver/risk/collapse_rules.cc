#include "risk/collapse_rules.hpp"

#include "base/files.hpp"
#include "base/text.hpp"

#include <algorithm>

namespace calcar::risk
{
namespace
{
std::array<double, 2> read_zone(const Table& table, const std::string& key)
{
  const std::vector<double> ends = table.numbers(key);
  const bool right = ends.size() == 2 && ends[0] >= 0 && ends[0] < ends[1] && ends[1] <= 1;
  table.require(right, key, "two shares of the depth from 0 to 1, the smaller first",
                "write " + key + " = [0.4, 0.6]");
  return right ? std::array<double, 2>{ends[0], ends[1]} : std::array<double, 2>{};
}

double read_share(const Table& table, const std::string& key)
{
  const double share = table.number(key);
  table.require(share > 0 && share < 1, key, "a share between 0 and 1");
  return share;
}

BodyZones read_zones(const Table& table)
{
  BodyZones zones;
  zones.anterior = read_zone(table, "anterior");
  zones.middle = read_zone(table, "middle");
  zones.posterior = read_zone(table, "posterior");
  zones.strip = read_share(table, "strip");
  zones.rim_from = read_share(table, "rim_from");
  zones.centre_to = read_share(table, "centre_to");
  return zones;
}

Figures read_bounds(const Table& table, const std::string& key)
{
  const Figures bounds = table.named_numbers(key);
  const auto& known = collapse_figures();
  for (const auto& [name, bound] : bounds)
    if (std::find(known.begin(), known.end(), name) == known.end())
      table.complain(key, "unknown figure \"" + name + "\"", join(known), suggestion(name, known));
  return bounds;
}

std::vector<NamedRule> read_rules(const Table& table, const std::string& key)
{
  std::vector<NamedRule> rules;
  for (const Table& entry : table.tables(key))
    rules.push_back({entry.text("name"), entry.text("words"), entry.text("reason"),
                     read_bounds(entry, "at_least"), read_bounds(entry, "at_most")});
  const bool ends = !rules.empty() && rules.back().at_least.empty() && rules.back().at_most.empty();
  if (!ends)
    table.complain(key, "the last [[" + key + "]] has conditions, or there is none",
                   "a last one without conditions, for whatever the others leave over",
                   "add one that always holds");
  return rules;
}

std::vector<HeightGrade> read_grades(const Table& table)
{
  std::vector<HeightGrade> grades;
  bool right = true;
  for (const Table& entry : table.tables("grade"))
  {
    grades.push_back({entry.integer("number"), entry.number("from"), entry.text("words")});
    right = right && (grades.size() == 1 ? grades.back().from == 0
                                         : grades.back().from > grades[grades.size() - 2].from);
  }
  if (!right || grades.empty())
    table.complain("grade", "the grades do not rise from 0",
                   "[[grade]] with from = 0 first, then ascending", "put them in order");
  return grades;
}
} // namespace

const std::vector<std::string>& collapse_figures()
{
  static const std::vector<std::string> names{"anterior",
                                              "middle",
                                              "posterior",
                                              "anterior_minus_posterior",
                                              "middle_minus_edges",
                                              "right_minus_left",
                                              "superior_depression",
                                              "inferior_depression",
                                              "bulge",
                                              "in_body",
                                              "superior",
                                              "inferior",
                                              "wall_failed"};
  return names;
}

CollapseRules read_collapse_rules(const Table& table)
{
  CollapseRules rules;
  rules.record = material::read_record(table);
  const Table zones = table.table("zones");
  rules.zones = read_zones(zones);
  rules.end_share = read_share(zones, "end_share");
  const Table begins = table.table("begins");
  rules.least_share = read_share(begins, "least_share");
  rules.height_loss = read_share(begins, "height_loss");
  rules.height_source = begins.text("height_source");
  rules.height_doubt = material::doubt(material::read_status(begins, "height_status"));
  rules.modes = read_rules(table, "mode");
  rules.shapes = read_rules(table, "shape");
  const Table grading = table.table("grading");
  grading.known({"words", "note"});
  rules.grade_source = grading.text("source");
  rules.grade_doubt = material::doubt(material::read_status(grading));
  rules.grades = read_grades(table);
  table.check();
  return rules;
}

CollapseRules collapse_rules()
{
  return read_collapse_rules(
      Table::read(data_file("materials/spine", "collapse", "rules of collapse", "")));
}

const NamedRule& first_that_holds(const std::vector<NamedRule>& rules, const Figures& figures)
{
  const auto holds = [&](const NamedRule& rule)
  {
    const auto within = [&](const Figures& bounds, double sign)
    {
      return std::all_of(bounds.begin(), bounds.end(),
                         [&](const auto& bound)
                         {
                           const auto found = figures.find(bound.first);
                           return found != figures.end() &&
                                  sign * found->second >= sign * bound.second;
                         });
    };
    return within(rule.at_least, 1) && within(rule.at_most, -1);
  };
  return *std::find_if(rules.begin(), std::prev(rules.end()), holds);
}

const HeightGrade& grade_of(const CollapseRules& rules, double loss)
{
  const auto above = std::find_if(std::next(rules.grades.begin()), rules.grades.end(),
                                  [&](const HeightGrade& g) { return loss < g.from; });
  return *std::prev(above);
}

} // namespace calcar::risk
