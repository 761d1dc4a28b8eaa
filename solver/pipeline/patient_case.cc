#include "pipeline/patient_case.hpp"

#include "anatomy/find_anatomy.hpp"
#include "base/files.hpp"
#include "base/text.hpp"
#include "load/catalogue.hpp"

#include <algorithm>
#include <set>

namespace calcar::pipeline
{
namespace
{
constexpr double most_steps_per_day = 50000;
constexpr double most_survival_months = 600;

/// The survival that somebody expects, as a range of months. An implant must last the longest.
void read_survival(const Table& table, PatientCase& patient)
{
  const std::vector<double> months = table.numbers("survival_months");
  if (!table.has("survival_months"))
    return;
  const bool in_range = std::all_of(months.begin(), months.end(),
                                    [](double m) { return m > 0 && m <= most_survival_months; });
  table.require(!months.empty() && months.size() <= 2 && in_range, "survival_months",
                "one or two numbers of months, up to " + format_number(most_survival_months),
                "survival_months = [6, 12]");
  if (!months.empty())
    patient.survival_months = *std::max_element(months.begin(), months.end());
}

void read_patient(const Table& table, PatientCase& patient)
{
  patient.patient = load::read_patient(table);
  patient.scan_date = table.maybe_date("scan_date");
  patient.age_years = table.maybe_number("age_years");
  table.require(!patient.age_years || (*patient.age_years >= 0 && *patient.age_years <= 120),
                "age_years", "0 to 120 years");
  patient.steps_per_day = table.maybe_number("steps_per_day");
  table.require(!patient.steps_per_day ||
                    (*patient.steps_per_day >= 0 && *patient.steps_per_day <= most_steps_per_day),
                "steps_per_day", "0 to " + format_number(most_steps_per_day, 6));
  read_survival(table, patient);
  // Kept for the report; nothing is computed from them here.
  table.known(
      {"sex", "primary_tumour", "pain", "weight_bearing", "walking_aid", "ecog", "previous"});
}

ProtocolChoice read_protocol_choice(const Table& document)
{
  ProtocolChoice choice;
  choice.place = document.place("protocol");
  if (const auto table = document.maybe_table("protocol"))
  {
    choice.name = table->text("name", "");
    choice.convert_phantom = table->flag("convert_phantom", false);
    const auto known = data_names("materials/protocols");
    if (!choice.name.empty() && std::find(known.begin(), known.end(), choice.name) == known.end())
      table->complain("name", "unknown protocol \"" + choice.name + "\"", join(known),
                      suggestion(choice.name, known));
    choice.place = table->place("name");
  }
  return choice;
}

std::vector<ActivityChoice> read_activities(const Table& document, const std::string& bone)
{
  std::vector<ActivityChoice> activities;
  std::set<std::string> seen;
  const auto known = load::activity_names(bone);
  const auto tables = document.tables("activity");
  for (const Table& table : tables)
  {
    const std::string name = table.choice("name", known);
    if (name.empty())
      continue;
    if (!seen.insert(name).second)
      table.complain("name", "activity \"" + name + "\" is there twice", "", "remove one of them");
    activities.push_back({name, table.place("name")});
  }
  if (tables.empty())
    document.complain("activity", "no [[activity]] is given", join(known), "add at least one");
  return activities;
}

/// A surface has no CT to calibrate: its density comes from a template, in g/cm3 of K2HPO4.
image::Calibration template_calibration(const Table& document)
{
  if (document.has("calibration"))
    document.complain("calibration", "[calibration] has no meaning for a bone given by its surface",
                      "", "remove the table: the density is the template's");
  image::Calibration calibration;
  calibration.phantom = image::PhantomKind::k2hpo4;
  calibration.unit = "g/cm3";
  return calibration;
}

std::optional<FractureInput> read_fracture_table(const Table& document, const PatientCase& patient)
{
  const auto table = document.maybe_table("fracture_load");
  if (!table)
    return std::nullopt;
  std::vector<std::string> names;
  for (const ActivityChoice& activity : patient.activities)
    names.push_back(activity.name);
  if (patient.method == analysis::Method::mesh)
    refuse_on_mesh(*table, patient.mesh.order);
  return read_fracture(*table, names);
}
} // namespace

PatientCase read_patient_case(const Table& document)
{
  PatientCase patient;
  patient.method = document.choice("method", {"voxel", "mesh"}, "voxel") == "mesh"
                       ? analysis::Method::mesh
                       : analysis::Method::voxel;
  patient.mesh = read_mesh_input(document);
  read_patient(document.table("patient"), patient);
  patient.bone = read_bone(document.table("bone"));
  if (patient.bone.surface)
    patient.calibration = template_calibration(document);
  else
    patient.calibration = image::read_calibration(document.table("calibration"));
  patient.protocol = read_protocol_choice(document);
  if (const auto voxels = document.maybe_table("voxels"))
  {
    patient.voxel_mm = voxels->number("size_mm", 1.0);
    voxels->require(patient.voxel_mm >= 0.1 && patient.voxel_mm <= 5, "size_mm", "0.1 to 5 mm");
  }
  if (const auto landmarks = document.maybe_table("landmarks"))
    patient.landmarks = anatomy::read_overrides(*landmarks, patient.bone.kind);
  std::set<std::string> names;
  for (const Table& table : document.tables("lesion"))
  {
    patient.lesions.push_back(lesion::read_lesion(table, patient.bone.kind));
    if (!names.insert(patient.lesions.back().name).second)
      table.complain("name", "two lesions are called \"" + patient.lesions.back().name + "\"", "",
                     "give each its own name");
  }
  patient.activities = read_activities(document, kind_name(patient.bone));
  patient.fracture = read_fracture_table(document, patient);
  patient.further_scans = read_further_scans(document, {patient.bone,
                                                        patient.calibration,
                                                        patient.scan_date,
                                                        {names.begin(), names.end()},
                                                        !patient.mesh.file.empty()});
  patient.follow_up = read_follow_up(document, patient);
  patient.fixations = read_fixations(document, patient);
  return patient;
}

} // namespace calcar::pipeline
