#include "app/phantom_case.hpp"

#include "anatomy/population.hpp"
#include "base/text.hpp"
#include "load/activity.hpp"
#include "load/catalogue.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace calcar::app
{
namespace
{
using anatomy::BoneKind;

constexpr std::size_t most_activities = 6;

/// A lesion at a place where metastases sit, small against the bone around it.
struct LesionAt
{
  BoneKind bone;
  const char* landmark;
  const char* words;
  double radius_mm;
};

/// The first whose landmark the scan shows is taken.
constexpr LesionAt lesions[] = {
    {BoneKind::femur, "medial_neck_cortex", "medial neck", 12},
    {BoneKind::tibia, "medial_plateau_centre", "medial plateau", 10},
    {BoneKind::tibia, "ankle_centre", "distal end", 9},
    {BoneKind::humerus, "surgical_neck_centre", "surgical neck", 10},
    {BoneKind::humerus, "elbow_centre", "distal end", 8},
    {BoneKind::vertebra, "body_centre", "body", 8},
    {BoneKind::pelvis, "supraacetabular", "acetabular roof", 9},
    {BoneKind::rib, "midpoint", "lateral part", 5},
    {BoneKind::rib, "lateral_point", "lateral part", 5},
    {BoneKind::skull, "right_parietal", "right parietal bone", 8},
    {BoneKind::skull, "vertex", "vertex", 8},
};

/// The activities of a femur that the first versions wrote: of one measured set where there is one.
const std::vector<std::string> femur_activities = {
    "level_walking", "stair_climbing", "one_leg_stance", "stand_up", "stumble", "sideways_fall"};

std::vector<std::string> activities_of(BoneKind bone)
{
  if (bone == BoneKind::femur)
    return femur_activities;
  std::vector<std::string> daily, accidents;
  for (const std::string& name : load::activity_names(bone))
  {
    const bool is_daily = load::activity(bone, name, "").kind == load::ActivityKind::daily;
    (is_daily ? daily : accidents).push_back(name);
  }
  daily.insert(daily.end(), accidents.begin(), accidents.end());
  daily.resize(std::min(daily.size(), most_activities));
  return daily;
}

const LesionAt* lesion_of(const Phantom& phantom)
{
  const anatomy::BoneAnatomy& truth = phantom.scan.truth;
  if (phantom.person.age_years)
    return nullptr;
  const auto found =
      std::find_if(std::begin(lesions), std::end(lesions),
                   [&](const LesionAt& lesion) {
                     return lesion.bone == truth.kind && truth.landmarks.count(lesion.landmark) > 0;
                   });
  return found == std::end(lesions) ? nullptr : found;
}

std::string quoted(const std::string& key, const std::string& text)
{
  return key + " = \"" + text + "\"\n";
}

std::string title_of(const Phantom& phantom, const LesionAt* lesion)
{
  const anatomy::BoneAnatomy& truth = phantom.scan.truth;
  std::string words = "Synthetic";
  if (truth.side != anatomy::Side::midline)
    words += " " + anatomy::to_string(truth.side);
  words += " " + anatomy::to_string(truth.kind);
  if (!truth.level.empty())
    words += " " + truth.level;
  if (phantom.person.age_years)
    words += " of a child of " + format_number(*phantom.person.age_years) + " years";
  if (lesion != nullptr)
    words += std::string(" with a lytic lesion in the ") + lesion->words;
  return quoted("title", words);
}

double people(const std::string& key)
{
  return anatomy::population_mean("synthetic_people", key).mean;
}

std::string patient_table(const anatomy::SyntheticPerson& person)
{
  const std::string sex = person.sex == anatomy::Sex::female ? "female" : "male";
  double height = people("height_m_" + sex);
  double mass = people("body_mass_kg_" + sex);
  if (person.age_years)
  {
    height *= anatomy::growth_factor(person.sex, *person.age_years);
    mass = people("child_body_mass_index") * height * height;
  }
  std::string text = "\n[patient]\nbody_mass_kg = " + format_number(mass, 3) +
                     "\nheight_m = " + format_number(height, 3) + "\n" + quoted("sex", sex);
  if (person.age_years)
    text += "age_years = " + format_number(*person.age_years) + "\n";
  return text;
}

bool has_growth_plates(const anatomy::SyntheticScan& scan)
{
  const auto& labels = scan.labels.values;
  return std::find(labels.begin(), labels.end(), 2) != labels.end();
}

std::string bone_table(const Phantom& phantom)
{
  const anatomy::BoneAnatomy& truth = phantom.scan.truth;
  std::string text = "\n[bone]\n" + quoted("kind", anatomy::to_string(truth.kind));
  if (truth.side != anatomy::Side::midline)
    text += quoted("side", anatomy::to_string(truth.side));
  if (!truth.level.empty())
    text += quoted("level", truth.level);
  text += quoted("image", phantom.image);
  if (!has_growth_plates(phantom.scan))
    return text + "mask = { file = \"labels.nii.gz\", label = 1 }\n";
  return text + "mask = { file = \"labels.nii.gz\", labels = [1, 2] }\n"
                "growth_plates = { file = \"labels.nii.gz\", label = 2 }\n";
}

/// A constant of the calibration with which the phantom's HU were made.
std::string scanner(const std::string& key)
{
  return format_number(anatomy::population_mean("synthetic_scanner", key).mean, 8);
}

std::string calibration_table(const Phantom& phantom)
{
  const std::string head = "\n[calibration]\n";
  const std::string kind = quoted("phantom", "K2HPO4");
  if (phantom.settings.output == anatomy::ScanOutput::density)
    return head + quoted("name", "density") + kind + quoted("unit", "mg/cm3");
  if (phantom.scan.rods_mg_cm3.empty())
    return head + quoted("name", "linear") + kind +
           "slope_g_cm3_per_HU = " + scanner("hu_slope_g_cm3") +
           "\nintercept_g_cm3 = " + scanner("hu_intercept_g_cm3") + "\n";
  std::string rods;
  for (const auto& [label, density] : phantom.scan.rods_mg_cm3)
    rods += "\n[[calibration.rods]]\ndensity_mg_cm3 = " + format_number(density) +
            "\nregion = { file = \"labels.nii.gz\", label = " + label + " }\n";
  return head + quoted("name", "rods") + kind + rods;
}

std::string lesion_table(const LesionAt& lesion, double size)
{
  return "\n[[lesion]]\n" + quoted("name", lesion.words) + quoted("kind", "lytic") +
         "in_ct = false\n" + quoted("shape", "sphere") +
         "radius_mm = " + format_number(lesion.radius_mm * size) + "\ncentre = { landmark = \"" +
         lesion.landmark + "\" }\n";
}

nlohmann::ordered_json vector_json(Vec3 v)
{
  return nlohmann::ordered_json::array({v.x, v.y, v.z});
}
} // namespace

std::string truth_json(const anatomy::SyntheticScan& scan)
{
  const anatomy::BoneAnatomy& truth = scan.truth;
  using Json = nlohmann::ordered_json;
  Json json = {{"bone", anatomy::to_string(truth.kind)}, {"side", anatomy::to_string(truth.side)}};
  if (!truth.level.empty())
    json["level"] = truth.level;
  json["whole"] = truth.whole;
  json["frame"] = {{"origin_lps_mm", vector_json(truth.frame.origin)},
                   {"medial", vector_json(truth.frame.medial)},
                   {"anterior", vector_json(truth.frame.anterior)},
                   {"proximal", vector_json(truth.frame.proximal)}};
  json["landmarks_lps_mm"] = Json::object();
  for (const auto& [name, point] : truth.landmarks)
    json["landmarks_lps_mm"][name] = vector_json(point);
  json["absent"] = truth.absent;
  json["measures"] = Json::object();
  for (const auto& [name, measure] : truth.measures)
    json["measures"][name] = {{"value", measure.value}, {"unit", measure.unit}};
  if (!scan.rods_mg_cm3.empty())
    json["rods_mg_cm3"] = scan.rods_mg_cm3;
  return json.dump(2) + "\n";
}

std::string case_text(const Phantom& phantom)
{
  const LesionAt* lesion = lesion_of(phantom);
  std::string text = title_of(phantom, lesion) + patient_table(phantom.person) +
                     bone_table(phantom) + calibration_table(phantom);
  if (lesion != nullptr)
    text += lesion_table(*lesion, phantom.person.size);
  for (const std::string& activity : activities_of(phantom.scan.truth.kind))
    text += "\n[[activity]]\n" + quoted("name", activity);
  return text;
}

} // namespace calcar::app
