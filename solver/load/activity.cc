#include "load/activity.hpp"

#include "base/files.hpp"
#include "base/text.hpp"
#include "load/catalogue.hpp"
#include "load/placement.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::load
{
namespace
{
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

std::vector<std::string> names_of(const std::vector<ActivityForce>& forces)
{
  std::vector<std::string> names;
  for (const ActivityForce& force : forces)
    names.push_back(force.name);
  return names;
}

bool is_counted(const Activity& activity, const std::string& force)
{
  const auto& counted = activity.reference;
  return std::find(counted.begin(), counted.end(), force) != counted.end();
}

/// Size of the sum of the reference forces, percent of body weight.
double reference_percent(const Activity& activity, const std::vector<ActivityForce>& forces)
{
  const anatomy::Frame frame{{}, {1, 0, 0}, {0, 1, 0}, {0, 0, 1}};
  Vec3 sum;
  for (const ActivityForce& force : forces)
    if (is_counted(activity, force.name))
      sum += named_vector(frame, force.percent_bw);
  return norm(sum);
}

/// The activity's forces at one instant: magnitudes along each force's own direction, or
/// components.
Instant read_instant(const Table& table, const Activity& activity)
{
  Instant instant{table.number("time_percent"), activity.forces};
  table.require(instant.time_percent >= 0 && instant.time_percent <= 100, "time_percent",
                "0 to 100 % of the cycle");
  const auto magnitudes = table.named_numbers("magnitude_percent_bw");
  const auto vectors = table.maybe_table("force_percent_bw");
  const auto names = names_of(activity.forces);
  for (const auto& [name, value] : magnitudes)
    if (std::find(names.begin(), names.end(), name) == names.end())
      table.complain("magnitude_percent_bw", "there is no force \"" + name + "\"", join(names),
                     suggestion(name, names));
  for (ActivityForce& force : instant.forces)
  {
    const auto found = magnitudes.find(force.name);
    if (found != magnitudes.end())
    {
      table.require(found->second >= 0 && !force.percent_bw.empty(), "magnitude_percent_bw",
                    "0 or more, of a force with a direction");
      for (auto& [along, value] : force.percent_bw)
        value *= found->second;
    }
    else if (vectors && vectors->has(force.name))
      force.percent_bw = read_directions(*vectors, force.name, activity.bone);
    else
      table.complain("magnitude_percent_bw", "force \"" + force.name + "\" is missing here", "",
                     "tell it at every instant, 0 where it does not act");
  }
  return instant;
}

/// Reads [[instant]]; the activity's forces become those of the instant of largest reference.
void read_instants(Activity& activity, const Table& table)
{
  for (const Table& entry : table.tables("instant"))
  {
    Instant instant = read_instant(entry, activity);
    const bool later =
        activity.instants.empty() || instant.time_percent > activity.instants.back().time_percent;
    entry.require(later, "time_percent", "more than that of the instant before");
    activity.instants.push_back(std::move(instant));
  }
  const auto most = std::max_element(
      activity.instants.begin(), activity.instants.end(),
      [&](const Instant& a, const Instant& b)
      { return reference_percent(activity, a.forces) < reference_percent(activity, b.forces); });
  if (most != activity.instants.end())
    activity.forces = most->forces;
}

std::vector<std::string> read_reference(const Table& table)
{
  const auto several = table.texts("references");
  return several.empty() ? std::vector<std::string>{table.text("reference")} : several;
}

void read_forces(Activity& activity, const Table& table)
{
  if (const auto impact = table.maybe_table("impact"))
    activity.impact = read_impact(*impact);
  const bool cycle = !table.tables("instant").empty();
  for (const Table& entry : table.tables("force"))
  {
    activity.forces.push_back(cycle ? read_force_of_cycle(entry, activity.bone)
                                    : read_force(entry, activity.bone));
    if (activity.forces.back().of_impact && !activity.impact)
      entry.complain("along", "the force is that of a fall", "",
                     "add [impact] with the fall's height, stiffness and mass");
  }
  const auto names = names_of(activity.forces);
  if (names.empty())
    table.complain("force", "there is no [[force]]", "at least one",
                   "add name, acts_on and force_percent_bw");
  for (const std::string& name : activity.reference)
    table.require(std::find(names.begin(), names.end(), name) != names.end(),
                  table.has("references") ? "references" : "reference",
                  "one of the forces: " + join(names));
  read_instants(activity, table);
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
  activity.evidence = table.has("evidence") ? table.choice("evidence", {"research_only"}) : "";
  activity.research_only_levels = table.texts("research_only_levels");
  table.require(activity.research_only_levels.empty() ||
                    activity.bone == anatomy::BoneKind::vertebra,
                "research_only_levels", "a vertebra", "only vertebrae have levels");
  activity.reference = read_reference(table);
  activity.reference_words = table.text("reference_words", "");
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
