#include "load/activity.hpp"

#include "base/files.hpp"
#include "base/text.hpp"
#include "load/catalogue.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::load
{
namespace
{
std::map<std::string, double> read_directions(const Table& table, const std::string& key)
{
  const auto components = table.named_numbers(key);
  const auto& known = anatomy::direction_names();
  for (const auto& [name, value] : components)
    if (std::find(known.begin(), known.end(), name) == known.end())
      table.complain(key, "unknown direction \"" + name + "\"", join(known),
                     suggestion(name, known));
  return components;
}

double length(const std::map<std::string, double>& components)
{
  const auto along = [&](const std::string& positive, const std::string& negative)
  {
    const auto value = [&](const std::string& name)
    { return components.contains(name) ? components.at(name) : 0.0; };
    return value(positive) - value(negative);
  };
  return norm(
      {along("medial", "lateral"), along("anterior", "posterior"), along("proximal", "distal")});
}

ActivityForce read_force(const Table& table)
{
  ActivityForce force;
  force.name = table.text("name");
  force.acts_on = table.text("acts_on");
  if (table.has("along"))
  {
    table.choice("along", {"fall"});
    force.of_impact = true;
    return force;
  }
  if (!table.has("magnitude_percent_bw"))
  {
    force.percent_bw = read_directions(table, "force_percent_bw");
    if (!(length(force.percent_bw) > 0))
      table.complain("force_percent_bw", "force \"" + force.name + "\" is zero or missing",
                     "named components in percent of body weight",
                     "write force_percent_bw = { medial = -54.0, proximal = -229.2 } or the like");
    return force;
  }
  const double magnitude = table.number("magnitude_percent_bw");
  table.require(magnitude > 0, "magnitude_percent_bw", "more than 0");
  force.percent_bw = read_directions(table, "direction");
  const double unit = length(force.percent_bw);
  if (!(unit > 0))
    table.complain("direction", "the direction of force \"" + force.name + "\" is zero or missing",
                   "named components",
                   "write direction = { lateral = 0.3, proximal = -1 } or the like");
  for (auto& [name, value] : force.percent_bw)
    value *= magnitude / unit;
  return force;
}

Impact read_impact(const Table& table)
{
  Impact impact;
  impact.height_ratio = table.number("fall_height_over_body_height");
  impact.stiffness_N_per_m = table.number("stiffness_N_per_m");
  impact.mass_ratio = table.number("effective_mass_over_body_mass");
  impact.soft_tissue_N_per_mm = table.number("soft_tissue_N_per_mm");
  for (const std::string key : {"fall_height_over_body_height", "effective_mass_over_body_mass"})
  {
    const double ratio = table.number(key);
    table.require(ratio > 0 && ratio <= 1, key, "more than 0, at most 1");
  }
  table.require(impact.stiffness_N_per_m > 0, "stiffness_N_per_m", "more than 0");
  table.require(impact.soft_tissue_N_per_mm >= 0, "soft_tissue_N_per_mm", "0 or more");
  return impact;
}

void read_forces(Activity& activity, const Table& table)
{
  if (const auto impact = table.maybe_table("impact"))
    activity.impact = read_impact(*impact);
  std::vector<std::string> names;
  for (const Table& entry : table.tables("force"))
  {
    activity.forces.push_back(read_force(entry));
    names.push_back(activity.forces.back().name);
    if (activity.forces.back().of_impact && !activity.impact)
      entry.complain("along", "the force is that of a fall", "",
                     "add [impact] with the fall's height, stiffness and mass");
  }
  if (names.empty())
    table.complain("force", "there is no [[force]]", "at least one",
                   "add name, acts_on and force_percent_bw");
  const bool counted = std::find(names.begin(), names.end(), activity.reference) != names.end();
  table.require(counted, "reference", "one of the forces: " + join(names));
}
} // namespace

Activity read_activity(const std::filesystem::path& file)
{
  const Table table = Table::read(file);
  Activity activity;
  activity.record = material::read_record(table);
  activity.title = table.text("title");
  const std::string bone = table.choice("bone", anatomy::bone_names());
  if (!bone.empty())
    activity.bone = anatomy::bone_kind(bone);
  activity.kind = table.choice("kind", {"daily", "accident"}) == "accident" ? ActivityKind::accident
                                                                            : ActivityKind::daily;
  activity.rig = table.choice("rig", data_names("cases/rigs"));
  activity.set = table.text("set");
  activity.reference = table.text("reference");
  read_forces(activity, table);
  table.check();
  return activity;
}

Activity activity(anatomy::BoneKind bone, const std::string& name, const std::string& place)
{
  const std::string kind = anatomy::to_string(bone);
  if (activity_names(bone).empty())
    throw InputError(Fault::command, {place, "there are no activities for the " + kind, "",
                                      "add a file to cases/activities/" + kind, ""});
  return read_activity(
      data_file("cases/activities/" + kind, name, "activity of the " + kind, place));
}

double impact_force(const Impact& impact, const Patient& patient)
{
  check_patient(patient);
  const std::string place = patient.place.empty() ? "[patient]" : patient.place;
  if (!patient.height_m)
    throw InputError(Fault::command,
                     {place, "the height of the patient is not given", "",
                      "a fall needs it: add height_m = 1.66 or the like, or leave out the fall",
                      ""});
  const double height = impact.height_ratio * *patient.height_m;
  const double mass = impact.mass_ratio * patient.body_mass_kg;
  const double stopped = std::sqrt(2 * gravity * height * impact.stiffness_N_per_m * mass);
  const double force =
      stopped - impact.soft_tissue_N_per_mm * patient.trochanteric_soft_tissue_mm.value_or(0);
  if (!(force > 0))
    throw InputError(Fault::command,
                     {place,
                      "soft tissue of " + format_number(*patient.trochanteric_soft_tissue_mm) +
                          " mm takes up all of the fall",
                      "less than " + format_number(stopped / impact.soft_tissue_N_per_mm, 3) +
                          " mm for this patient",
                      "the formula does not hold there: correct trochanteric_soft_tissue_mm or "
                      "leave out the fall",
                      ""});
  return force;
}

} // namespace calcar::load
