#include "load/activity_force.hpp"

#include "base/text.hpp"
#include "load/placement.hpp"

#include <algorithm>

namespace calcar::load
{
namespace
{
using Components = std::map<std::string, double>;

constexpr double mm_per_m = 1000;

/// Levels from the neck downwards.
std::vector<std::string> levels_in_order(const Components& by_level)
{
  std::vector<std::string> names;
  for (const char region : {'C', 'T', 'L'})
    for (int number = 1; number <= 12; ++number)
      if (const std::string name = region + std::to_string(number); by_level.contains(name))
        names.push_back(name);
  return names;
}

bool is_magnitude(const Table& table, const std::string& unit)
{
  return table.has("magnitude_" + unit) || table.has("magnitude_" + unit + "_by_level");
}

Components unit_direction(const Table& table, const std::string& name, anatomy::BoneKind bone)
{
  Components direction = read_directions(table, "direction", bone);
  const double length = length_of(direction);
  if (!(length > 0))
    table.complain("direction", "the direction of force \"" + name + "\" is zero or missing",
                   "named components",
                   "write direction = { lateral = 0.3, proximal = -1 } or the like");
  for (auto& [along, value] : direction)
    value /= length;
  return direction;
}

Components read_levels(const Table& table, const std::string& key, anatomy::BoneKind bone)
{
  const Components by_level = table.named_numbers(key);
  table.require(bone == anatomy::BoneKind::vertebra, key, "a vertebra",
                "only vertebrae have levels");
  table.require(!by_level.empty() && levels_in_order(by_level).size() == by_level.size(), key,
                "levels such as T12 and L3");
  for (const auto& [level, value] : by_level)
    table.require(value > 0, key, "more than 0 at every level");
  return by_level;
}

/// magnitude_UNIT or magnitude_UNIT_by_level, along `direction`.
void read_magnitude(ActivityForce& force, const Table& table, anatomy::BoneKind bone,
                    const std::string& unit, Components& components)
{
  const std::string key = "magnitude_" + unit;
  components = unit_direction(table, force.name, bone);
  if (table.has(key + "_by_level"))
  {
    force.by_level = read_levels(table, key + "_by_level", bone);
    return;
  }
  const double magnitude = table.number(key);
  table.require(magnitude > 0, key, "more than 0");
  for (auto& [along, value] : components)
    value *= magnitude;
}

void read_vector(ActivityForce& force, const Table& table, anatomy::BoneKind bone)
{
  const bool percent = is_magnitude(table, "percent_bw");
  if (percent)
    read_magnitude(force, table, bone, "percent_bw", force.percent_bw);
  else if (is_magnitude(table, "N"))
    read_magnitude(force, table, bone, "N", force.newtons);
  if (table.has("force_percent_bw"))
    force.percent_bw = read_directions(table, "force_percent_bw", bone);
  if (table.has("force_N"))
    force.newtons = read_directions(table, "force_N", bone);
}

/// along = "inwards" with a magnitude.
void read_inwards(ActivityForce& force, const Table& table)
{
  force.inwards_percent_bw = table.maybe_number("magnitude_percent_bw").value_or(0);
  force.inwards_N = table.maybe_number("magnitude_N").value_or(0);
  table.require(force.inwards_percent_bw >= 0 && force.inwards_N >= 0 &&
                    force.inwards_percent_bw + force.inwards_N > 0,
                table.has("magnitude_N") ? "magnitude_N" : "magnitude_percent_bw", "more than 0");
}

Couple read_couple(const Table& table, anatomy::BoneKind bone)
{
  Couple couple;
  couple.percent_bw_m = table.maybe_number("moment_percent_bw_m").value_or(0);
  couple.N_m = table.maybe_number("moment_N_m").value_or(0);
  table.require(couple.percent_bw_m >= 0 && couple.N_m >= 0 && couple.percent_bw_m + couple.N_m > 0,
                table.has("moment_N_m") ? "moment_N_m" : "moment_percent_bw_m", "more than 0",
                "the sense of the couple is told by turns");
  const auto turn = table.texts("turns");
  const auto& known = anatomy::direction_names(bone);
  const bool named =
      turn.size() == 2 &&
      std::all_of(turn.begin(), turn.end(),
                  [&](const std::string& name)
                  { return std::find(known.begin(), known.end(), name) != known.end(); });
  bool across = false;
  if (named)
  {
    const anatomy::Frame frame{{}, {1, 0, 0}, {0, 1, 0}, {0, 0, 1}};
    across = dot(anatomy::direction(frame, turn[0]), anatomy::direction(frame, turn[1])) == 0;
    couple.turns = turn[0];
    couple.towards = turn[1];
  }
  if (!across)
    table.complain("turns", "which way the couple turns is not clear",
                   "two of " + join(known) + " that are not on one line",
                   "write turns = [\"anterior\", \"medial\"] for a couple that turns the anterior "
                   "side medially");
  return couple;
}

bool has_couple(const Table& table)
{
  return table.has("moment_N_m") || table.has("moment_percent_bw_m");
}

double level_factor(const ActivityForce& force, const anatomy::BoneAnatomy& bone)
{
  if (force.by_level.empty())
    return 1;
  if (const auto found = force.by_level.find(bone.level); found != force.by_level.end())
    return found->second;
  const auto levels = levels_in_order(force.by_level);
  throw InputError(Fault::command,
                   {"force \"" + force.name + "\"",
                    bone.level.empty() ? "the level of the vertebra is not known"
                                       : "there is no load for level \"" + bone.level + "\"",
                    join(levels),
                    "give the level under [bone], level = \"" + levels.back() +
                        "\" or the like, or choose an activity without levels",
                    ""});
}
} // namespace

ActivityForce read_force(const Table& table, anatomy::BoneKind bone)
{
  ActivityForce force;
  force.name = table.text("name");
  force.acts_on = table.text("acts_on");
  force.required = table.flag("required", false);
  if (table.has("along"))
  {
    force.of_impact = table.choice("along", {"fall", "inwards"}) == "fall";
    if (!force.of_impact)
      read_inwards(force, table);
    return force;
  }
  read_vector(force, table, bone);
  if (has_couple(table))
    force.couple = read_couple(table, bone);
  force.pressure_kPa = table.maybe_number("pressure_kPa").value_or(0);
  const bool pushes = length_of(force.percent_bw) + length_of(force.newtons) > 0;
  table.require(force.pressure_kPa > 0 || !table.has("pressure_kPa"), "pressure_kPa", "more than 0",
                "pressure acts against the surface");
  if (!pushes && !force.couple && !(force.pressure_kPa > 0))
    table.complain("force_percent_bw", "force \"" + force.name + "\" is zero or missing",
                   "named components in percent of body weight or N, a moment or a pressure",
                   "write force_percent_bw = { proximal = -229.2 } or the like");
  return force;
}

ActivityForce read_force_of_cycle(const Table& table, anatomy::BoneKind bone)
{
  ActivityForce force;
  force.name = table.text("name");
  force.acts_on = table.text("acts_on");
  force.required = table.flag("required", false);
  if (table.has("direction"))
    force.percent_bw = unit_direction(table, force.name, bone);
  return force;
}

Vec3 force_on(const ActivityForce& force, const anatomy::BoneAnatomy& bone, const Patient& patient,
              Vec3 outward)
{
  if (force.of_impact)
    return {};
  const double percent = patient.body_weight_N() / 100;
  const Vec3 inwards = -(percent * force.inwards_percent_bw + force.inwards_N) * outward;
  if (force.percent_bw.empty() && force.newtons.empty())
    return inwards;
  return inwards +
         level_factor(force, bone) * (percent * named_vector(bone.frame, force.percent_bw) +
                                      named_vector(bone.frame, force.newtons));
}

Vec3 couple_on(const ActivityForce& force, const anatomy::BoneAnatomy& bone, const Patient& patient)
{
  if (!force.couple)
    return {};
  const Couple& couple = *force.couple;
  const double magnitude =
      mm_per_m * (patient.body_weight_N() / 100 * couple.percent_bw_m + couple.N_m);
  return magnitude * cross(anatomy::direction(bone.frame, couple.turns),
                           anatomy::direction(bone.frame, couple.towards));
}

} // namespace calcar::load
