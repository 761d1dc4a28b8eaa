#include "pipeline/fixation_input.hpp"

#include "base/files.hpp"
#include "base/text.hpp"
#include "lesion/growth.hpp"
#include "pipeline/case.hpp"
#include "pipeline/case_names.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace calcar::pipeline
{
namespace
{
using risk::BoneState;

constexpr double most_grown_mm = 30;
constexpr double least_gap_mm = 1, most_gap_mm = 200;

std::vector<std::string> template_names(anatomy::BoneKind bone)
{
  std::vector<std::string> names;
  for (const material::Entry& entry : implant::list_fixations(bone))
    names.push_back(entry.name);
  return names;
}

/// Complains of names at a key that are not among the known ones.
void require_known(const Table& table, const std::string& key, const std::string& what,
                   const std::vector<std::string>& given, const std::vector<std::string>& known)
{
  for (const std::string& name : given)
    if (std::find(known.begin(), known.end(), name) == known.end())
      table.complain(key, "unknown " + what + " \"" + name + "\"",
                     known.empty() ? "none: the case has no " + what : join(known),
                     suggestion(name, known));
}

/// Names become those of files, beside the files of the bone itself.
void require_name(const Table& table, const std::string& name, std::set<std::string>& seen)
{
  static const std::vector<std::string> taken = {"as is", "healthy twin", "no fixation",
                                                 "other side", "unseen lesions replaced"};
  const bool free = std::find(taken.begin(), taken.end(), name) == taken.end();
  table.require(!name.empty() && free && name.find_first_of("/\\") == std::string::npos, "name",
                "a name without / and \\, not one of: " + join(taken));
  if (!seen.insert(name).second)
    table.complain("name", "two fixations are called \"" + name + "\"", "",
                   "give each its own name");
}

/// Choices that only some templates know how to take.
bool has_meaning(const std::string& choice, const implant::Template& plan)
{
  using Names = std::vector<std::string>;
  const auto among = [&](const Names& names)
  { return std::find(names.begin(), names.end(), choice) != names.end(); };
  if (choice.starts_with("nail_"))
    return plan.nail || plan.flexible;
  if (choice == "neck_angle_deg")
    return plan.lag.has_value();
  if (among({"holes", "plate_centre_mm"}))
    return plan.plate.has_value();
  if (among({"cement_ml", "pedicles"}))
    return plan.vertebral_cement || plan.pedicle;
  if (among({"levels_above", "levels_below", "screw_diameter_mm"}))
    return plan.pedicle.has_value();
  if (among({"stem_diameter_mm", "stem_length_mm", "margin_mm"}))
    return plan.prosthesis.has_value();
  return true;
}

void require_in_range(const Table& table, const std::string& choice, double value)
{
  if (choice == "plate_centre_mm") // to either side of where the plate is put
    return;
  if (choice.starts_with("levels_") || choice == "margin_mm")
    table.require(value >= 0, choice, "0 or more");
  else
    table.require(value > 0, choice, "greater than 0");
}

void read_choices(const Table& table, const std::string& template_name, implant::Request& request)
{
  for (const std::string& name : implant::chosen_names())
  {
    const auto value = table.maybe_number(name);
    if (!value)
      continue;
    request.chosen[name] = *value;
    require_in_range(table, name, *value);
    if (!template_name.empty() &&
        !has_meaning(name, implant::fixation_template(template_name, request.place)))
      table.complain(name, name + " has no meaning for \"" + template_name + "\"", "",
                     "remove it, or choose another template");
  }
}

/// The texts of a key that holds one or a list of them. A Table tells a list only by reading it,
/// and complains of what is none: the list is looked for in a copy of the document.
std::vector<std::string> one_or_more(const Table& table, const Table& copy, const std::string& key)
{
  return copy.texts(key).empty() ? std::vector{table.text(key)} : table.texts(key);
}

void read_cement(const Table& document, std::size_t index, const Table& table,
                 const PatientCase& patient, implant::Request& request)
{
  const auto cement = table.maybe_table("cement");
  if (!cement)
    return;
  const Table copy = Table::parse(document.resolved(), "").tables("fixation")[index];
  request.filled_lesions = one_or_more(*cement, copy.table("cement"), "fills");
  require_known(*cement, "fills", "lesion", request.filled_lesions, names_of(patient.lesions));
}

std::optional<implant::Interface> read_interface(const Table& table)
{
  const auto& names = implant::interface_names();
  if (!table.has("interface"))
    return std::nullopt;
  const auto found = std::find(names.begin(), names.end(), table.choice("interface", names));
  if (found == names.end())
    return std::nullopt;
  return static_cast<implant::Interface>(found - names.begin());
}

FixationChoice read_choice(const Table& table, const PatientCase& patient,
                           std::set<std::string>& seen)
{
  FixationChoice choice;
  choice.request.place = table.place();
  choice.request.name = table.text("name");
  require_name(table, choice.request.name, seen);
  const std::vector<std::string> known = template_names(patient.bone.kind);
  choice.template_name = table.choice("template", known);
  choice.request.to_bone = read_interface(table);
  read_choices(table, choice.template_name, choice.request);
  return choice;
}

bool can_grow(const PatientCase& patient)
{
  return std::any_of(patient.lesions.begin(), patient.lesions.end(), lesion::can_grow);
}

bool has_shaft(anatomy::BoneKind bone)
{
  return bone == anatomy::BoneKind::femur || bone == anatomy::BoneKind::tibia ||
         bone == anatomy::BoneKind::humerus;
}

void read_states(const std::optional<Table>& table, const PatientCase& patient,
                 FixationInput& input)
{
  const std::vector<BoneState> all = input.states;
  const std::vector<std::string> given =
      table ? table->texts("states") : std::vector<std::string>{};
  const bool stated = table && table->has("states");
  std::vector<std::string> known;
  input.states.clear();
  for (const BoneState state : all)
  {
    known.push_back(to_string(state));
    const bool asked =
        !stated || std::find(given.begin(), given.end(), known.back()) != given.end();
    const bool possible = state == BoneState::grown  ? can_grow(patient)
                          : state == BoneState::gone ? has_shaft(patient.bone.kind)
                                                     : true;
    if (asked && possible)
      input.states.push_back(state);
    if (stated && asked && !possible)
      table->complain("states",
                      state == BoneState::grown
                          ? "the state \"grown\" of a case without a lesion that can grow"
                          : "the state \"gone\" of a bone without a shaft",
                      "as_is", "remove it");
  }
  if (!stated)
    return;
  require_known(*table, "states", "state", given, known);
  table->require(!given.empty(), "states", join(known) + ", at least one of them");
}

risk::Preferences read_preferences(const Table& table)
{
  risk::Preferences preferences = fixation_defaults().preferences;
  const auto given = table.maybe_table("preferences");
  if (!given)
    return preferences;
  const std::map<std::string, double*> weights = {{"strength", &preferences.strength},
                                                  {"lasting", &preferences.lasting},
                                                  {"bone_kept", &preferences.bone_kept},
                                                  {"small", &preferences.small}};
  double sum = 0;
  for (const auto& [name, weight] : weights)
  {
    *weight = given->number(name, *weight);
    given->require(*weight >= 0 && *weight <= 1, name, "0 to 1");
    sum += *weight;
  }
  if (!(sum > 0))
    table.complain("preferences", "no preference is greater than 0",
                   "{ strength = 1, lasting = 0.5 }", "let at least one count");
  return preferences;
}

void read_about(const Table& table, const PatientCase& patient, FixationInput& input)
{
  const std::string interfaces =
      table.choice("interfaces", {"stated", "both", "both_everywhere"}, "both");
  input.interfaces = interfaces == "stated" ? Interfaces::stated : Interfaces::both;
  input.both_everywhere = interfaces == "both_everywhere";
  input.grown_mm = table.number("grown_mm", input.grown_mm);
  table.require(input.grown_mm > 0 && input.grown_mm <= most_grown_mm, "grown_mm",
                "greater than 0 and at most " + format_number(most_grown_mm) + " mm");
  input.gap_mm = table.maybe_number("gap_mm");
  table.require(!input.gap_mm || (*input.gap_mm >= least_gap_mm && *input.gap_mm <= most_gap_mm),
                "gap_mm", format_number(least_gap_mm) + " to " + format_number(most_gap_mm) + " mm",
                "leave it out for a gap as long as the lesion");
  input.activities = table.texts("activities");
  require_known(table, "activities", "activity", input.activities, names_of(patient.activities));
  input.enough = table.number("enough", input.enough);
  table.require(input.enough > 0 && input.enough <= 10, "enough",
                "greater than 0 and at most 10 (a load factor: strength over load)");
  input.preferences = read_preferences(table);
}

void refuse_other_bodies(const Table& document, const PatientCase& patient)
{
  if (patient.method == analysis::Method::mesh)
    document.complain("fixation", "[[fixation]] with method = \"mesh\"", "method = \"voxel\"",
                      "fixations are computed on voxels: take out one of the two");
  if (!patient.bone.segment.empty())
    document.complain("fixation", "[[fixation]] in a spine segment", "kind = \"vertebra\"",
                      "fixations are computed in single bones in this version: remove it");
}
} // namespace

const FixationDefaults& fixation_defaults()
{
  static const FixationDefaults defaults = []
  {
    const Table table = Table::read(data_file("materials/fixation", "states", "fixation data", ""));
    FixationDefaults read;
    read.record = material::read_record(table);
    read.grown_mm = table.number("grown_mm");
    read.gap_without_lesion_mm = table.number("gap_without_lesion_mm");
    read.enough = table.number("enough");
    const Table weights = table.table("preferences");
    read.preferences = {weights.number("strength"), weights.number("lasting"),
                        weights.number("bone_kept"), weights.number("small")};
    table.check();
    return read;
  }();
  return defaults;
}

std::optional<FixationInput> read_fixations(const Table& document, const PatientCase& patient)
{
  const std::vector<Table> tables = document.tables("fixation");
  const auto about = document.maybe_table("fixations");
  if (!about && tables.empty())
    return std::nullopt;
  FixationInput input;
  input.grown_mm = fixation_defaults().grown_mm;
  input.enough = fixation_defaults().enough;
  input.preferences = fixation_defaults().preferences;
  std::set<std::string> seen;
  for (std::size_t n = 0; n < tables.size(); ++n)
  {
    input.options.push_back(read_choice(tables[n], patient, seen));
    read_cement(document, n, tables[n], patient, input.options.back().request);
  }
  read_states(about, patient, input);
  if (about)
    read_about(*about, patient, input);
  if (tables.empty())
  {
    document.complain("fixations", "[fixations], but the case has no [[fixation]]",
                      "[[fixation]] with name and template",
                      "add one (calcar list fixations " + anatomy::to_string(patient.bone.kind) +
                          "), or remove the table");
    return std::nullopt;
  }
  input.place = tables.front().place();
  refuse_other_bodies(document, patient);
  return input;
}

} // namespace calcar::pipeline
