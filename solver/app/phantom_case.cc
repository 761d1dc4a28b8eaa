#include "app/phantom_case.hpp"

#include "anatomy/population.hpp"
#include "app/phantom_options.hpp"
#include "base/text.hpp"
#include "load/activity.hpp"
#include "load/catalogue.hpp"
#include "load/make_load_case.hpp"

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

/// All that this bone has, whether its scan shows enough of it or not.
std::vector<std::string> activities_of(const std::string& bone)
{
  const BoneKind kind = kind_of(bone);
  if (kind == BoneKind::femur)
    return femur_activities;
  std::vector<std::string> daily, accidents;
  for (const std::string& name : load::activity_names(bone))
  {
    const bool is_daily = load::activity(kind, name, "").kind == load::ActivityKind::daily;
    (is_daily ? daily : accidents).push_back(name);
  }
  daily.insert(daily.end(), accidents.begin(), accidents.end());
  return daily;
}

/// Those whose places the scan shows, at most six; none of a piece on which nothing can act.
std::vector<std::string> activities_of(const Phantom& phantom)
{
  std::vector<std::string> activities = activities_of(phantom.bone);
  if (!is_segment(phantom.bone))
  {
    const auto possible = load::possible_activities(phantom.scan.truth);
    std::erase_if(activities, [&](const std::string& name)
                  { return std::find(possible.begin(), possible.end(), name) == possible.end(); });
  }
  activities.resize(std::min(activities.size(), most_activities));
  return activities;
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
  if (is_segment(phantom.bone))
    words += " spine segment " + phantom.scan.parts.front().level + " to " +
             phantom.scan.parts.back().level;
  else
    words +=
        " " + anatomy::words_for_one(truth.kind) + (truth.level.empty() ? "" : " " + truth.level);
  if (phantom.person.age_years)
    words += " of a child of " + format_number(*phantom.person.age_years) + " years";
  if (lesion != nullptr)
    words += std::string(" with a lytic lesion in the ") + lesion->words +
             (is_segment(phantom.bone) ? " of " + truth.level : "");
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

/// What { L2 = 11, L3 = 12 } holds between its brackets.
std::string labels_by_level(const anatomy::SyntheticSegment& bones,
                            int anatomy::SyntheticBody::*label)
{
  std::vector<std::string> pairs;
  for (const auto& part : bones.parts)
    pairs.push_back(part.body.level + " = " + std::to_string(part.body.*label));
  return join(pairs);
}

std::string segment_table(const Phantom& phantom)
{
  using anatomy::SyntheticBody;
  std::string text = "\n[bone]\n" + quoted("kind", phantom.bone) +
                     quoted("level", phantom.scan.truth.level) + quoted("image", phantom.image) +
                     "mask = { file = \"labels.nii.gz\", levels = { " +
                     labels_by_level(phantom.bones, &SyntheticBody::label) + " } }\n";
  if (phantom.person.age_years)
    text += "# Growth plates are labelled in " + growth_plates_file + ": " +
            labels_by_level(phantom.bones, &SyntheticBody::plate_label) +
            "; of a segment they are computed by their density alone.\n";
  return text;
}

std::string bone_table(const Phantom& phantom)
{
  if (is_segment(phantom.bone))
    return segment_table(phantom);
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
using Json = nlohmann::ordered_json;

Json bone_json(const anatomy::BoneAnatomy& truth)
{
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
  return json;
}

Json segment_json(const Phantom& phantom)
{
  const anatomy::SyntheticSegment& bones = phantom.bones;
  Json json = {{"bone", phantom.bone}, {"level", phantom.scan.truth.level}};
  json["lordosis_deg"] = bones.lordosis_deg;
  json["vertebrae"] = Json::array();
  for (std::size_t n = 0; n < bones.parts.size(); ++n)
  {
    Json one = {{"label", bones.parts[n].body.label}};
    if (phantom.person.age_years)
      one["growth_plates_label"] = bones.parts[n].body.plate_label;
    one.update(bone_json(phantom.scan.parts[n]));
    json["vertebrae"].push_back(one);
  }
  json["discs"] = Json::array();
  for (std::size_t n = 0; n < bones.discs.size(); ++n)
    json["discs"].push_back(
        {{"between", {bones.parts[n].body.level, bones.parts[n + 1].body.level}},
         {"height_mm", bones.discs[n].height_mm},
         {"wedge_deg", bones.discs[n].wedge_deg}});
  return json;
}
} // namespace

std::string truth_json(const Phantom& phantom)
{
  const anatomy::SyntheticScan& scan = phantom.scan;
  Json json = is_segment(phantom.bone) ? segment_json(phantom) : bone_json(scan.truth);
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
  const std::vector<std::string> activities = activities_of(phantom);
  for (const std::string& activity : activities)
    text += "\n[[activity]]\n" + quoted("name", activity);
  if (activities.empty())
    text += std::string("\n# ") + no_activity + "\n";
  return text;
}

} // namespace calcar::app
