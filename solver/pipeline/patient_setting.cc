#include "pipeline/patient_setting.hpp"

#include "analysis/superposition.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "lesion/twin.hpp"
#include "load/activity.hpp"
#include "load/make_load_case.hpp"
#include "load/nodal_forces.hpp"
#include "load/rig.hpp"
#include "model/child_law.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>

namespace calcar::pipeline
{
namespace
{
/// A lesion nearer to the cut than this many shaft diameters is not surrounded by enough bone.
constexpr double lesion_to_cut_diameters = 1.5;

std::string in_words(const load::Support& support)
{
  return support.name + (support.kind == load::SupportKind::clamped
                             ? ": clamped"
                             : ": springs of " + format_number(support.stiffness_N_per_mm) +
                                   " N/mm along each direction");
}

void record_rig(const load::Rig& rig, report::Results& results)
{
  report::RigResults found;
  found.name = rig.name;
  found.words = rig.words;
  found.inertia_relief = rig.inertia_relief;
  if (rig.inertia_relief) // the rig's own supports bear nothing then, and are not used
    found.supports.push_back("held in place by six pins, the forces balanced by inertia");
  else
    for (const load::Support& support : rig.supports)
      found.supports.push_back(in_words(support));
  for (const load::Layer& layer : rig.layers)
    found.layers.push_back(layer.name + ": " + layer.words + " (" + layer.tissue + ")");
  results.rigs.push_back(std::move(found));
}

/// The rig of this name among those made so far, or made now.
RigCases& rig_of(const std::string& name, const ActivityChoice& activity,
                 const PatientInputs& inputs, std::vector<RigCases>& rigs, report::Results& results)
{
  const auto found =
      std::find_if(rigs.begin(), rigs.end(), [&](const RigCases& r) { return r.rig.name == name; });
  if (found != rigs.end())
    return *found;
  rigs.push_back({load::make_rig(name, bones_of(inputs), activity.place), {}});
  results.sources.push_back(rigs.back().rig.file);
  add_once(results.warnings, rigs.back().rig.warnings);
  record_rig(rigs.back().rig, results);
  return rigs.back();
}

std::vector<RigCases> make_rigs(const PatientCase& given, const PatientInputs& inputs,
                                report::Results& results)
{
  std::vector<RigCases> rigs;
  for (const ActivityChoice& activity : given.activities)
  {
    load::Activity plan = load::activity(inputs.bone.kind, activity.name, activity.place);
    if (inputs.bones)
      plan = load::for_segment(std::move(plan), activity.place);
    results.sources.push_back(plan.record.file);
    add_once(results.warnings,
             material::check_use(inputs.protocol, anatomy::to_string(inputs.bone.kind),
                                 activity.name, activity.place));
    std::vector<load::LoadCase> instants = // of a cycle; of any other activity one
        load::make_load_cases(plan, bones_of(inputs), given.patient);
    append(results.warnings, instants.front().warnings);
    RigCases& rig = rig_of(instants.front().rig, activity, inputs, rigs, results);
    std::move(instants.begin(), instants.end(), std::back_inserter(rig.cases));
  }
  return rigs;
}

void warn_of_cut(const lesion::PlacedLesion& placed, const anatomy::BoneAnatomy& bone,
                 Warnings& warnings)
{
  const auto radius = bone.measures.find("shaft_radius_mm");
  if (bone.whole || radius == bone.measures.end())
    return;
  const double distance =
      std::abs(dot(placed.centre - bone.cut_centre, bone.frame.proximal)) - placed.reach_mm;
  if (distance < lesion_to_cut_diameters * 2 * radius->second.value)
    warnings.push_back(
        {"lesion_near_cut",
         "lesion \"" + placed.lesion.name + "\" ends " + format_number(std::max(0.0, distance), 3) +
             " mm from the cut of the bone, less than " + format_number(lesion_to_cut_diameters) +
             " shaft diameters: the support there bears on the result" +
             (bone.kind == anatomy::BoneKind::femur ? "; extend_shaft_mm extends the shaft" : ""),
         placed.lesion.place});
}
/// Places the lesions, fills those that the CT shows for the twin, and measures all of them on it.
void place_lesions(const PatientCase& given, PatientSetting& setting, report::Results& results)
{
  for (const lesion::Lesion& lesion : given.lesions)
  {
    setting.lesions.push_back(lesion::place(lesion, ground_of(setting.inputs)));
    append(results.warnings, setting.lesions.back().warnings);
    for (const Source& source : setting.lesions.back().sources)
      results.sources.push_back(source);
  }
  for (const lesion::Reading& reading : lesion::readings(setting.lesions))
    if (!reading.note.empty())
      results.warnings.push_back(
          {"lesion_unseen", "\"" + reading.name + "\": " + reading.note, "[[lesion]]"});
  lesion::Ground ground = ground_of(setting.inputs);
  setting.other_scans = read_other_scans(given, setting.inputs, setting.lesions, results);
  const auto& mirrored = setting.other_scans.mirrored;
  lesion::FilledTwin twin =
      lesion::fill_lesions(ground, setting.lesions, mirrored ? &*mirrored : nullptr);
  if (mirrored)
  {
    results.other_scans.contralateral->filled = twin.filled;
    results.other_scans.contralateral->filled_alike = twin.mirrored;
  }
  if (twin.filled > 0)
    setting.filled_density = std::move(twin.density);
  const lesion::Ground healthy{ground.bone, ground.mask, twin_density(setting)};
  for (const lesion::PlacedLesion& placed : setting.lesions)
    setting.lesion_measures.push_back(lesion::measure(placed, healthy));
}

report::LesionResults results_of(const lesion::PlacedLesion& placed,
                                 const lesion::LesionMeasures& measures)
{
  report::LesionResults results;
  results.name = placed.lesion.name;
  results.kind = placed.lesion.kind;
  results.shape = placed.lesion.shape;
  results.in_ct = placed.lesion.in_ct;
  results.seen_by = placed.lesion.source;
  results.both_ways = placed.lesion.both_ways;
  results.centre = measures.centre;
  results.largest_diameter_mm = measures.largest_diameter_mm;
  results.touches_cortex = measures.touches_cortex;
  results.remaining_cortex_mm = measures.remaining_cortex_mm;
  results.axial_cortex_mm = measures.axial_mm;
  results.axial_share = measures.axial_share;
  results.circumferential_share = measures.circumferential_share;
  results.landmark_mm = measures.landmark_mm;
  return results;
}
} // namespace

lesion::Ground ground_of(const PatientInputs& inputs)
{
  return {inputs.bone, inputs.envelope, inputs.density, inputs.frame_of_reference};
}

const image::Volume& twin_density(const PatientSetting& setting)
{
  return setting.filled_density ? *setting.filled_density : setting.inputs.density;
}

PatientSetting prepare_setting(const PatientCase& given, report::Results& results)
{
  PatientSetting setting;
  {
    Stage stage("read and find the bone", results.timings);
    setting.inputs = read_inputs(given, results);
  }
  Stage stage("loads and lesions", results.timings);
  results.body_weight_N = given.patient.body_weight_N();
  const model::ChildLaw child = model::child_law(given.age_years, "[patient] age_years");
  append(results.warnings, child.warnings);
  if (!child.warnings.empty())
    results.sources.push_back(child.file);
  setting.rigs = make_rigs(given, setting.inputs, results);
  place_lesions(given, setting, results);
  return setting;
}

void add_once(Warnings& warnings, const Warnings& more)
{
  for (const Warning& warning : more)
    if (std::none_of(warnings.begin(), warnings.end(),
                     [&](const Warning& w)
                     { return w.code == warning.code && w.text == warning.text; }))
      warnings.push_back(warning);
}

void settle(std::vector<RigCases>& rigs, const std::vector<Vec3>& surface_points)
{
  for (RigCases& rig : rigs)
  {
    rig.rig = load::settled(std::move(rig.rig), surface_points);
    for (load::LoadCase& load_case : rig.cases)
      load_case = load::settled(std::move(load_case), surface_points);
  }
}

void record_lesions(const PatientSetting& setting, const std::vector<double>& volumes_mm3,
                    double bone_mm3, report::Results& results)
{
  for (std::size_t n = 0; n < setting.lesions.size(); ++n)
  {
    const lesion::PlacedLesion& placed = setting.lesions[n];
    const double volume = volumes_mm3[n];
    if (volume <= 0)
      results.warnings.push_back({"lesion_without_effect",
                                  "lesion \"" + placed.lesion.name +
                                      "\" has no part in the body that is solved: later lesions "
                                      "cover it, or it lies between its points",
                                  placed.lesion.place});
    warn_of_cut(placed, setting.inputs.bone, results.warnings);
    results.lesions.push_back(results_of(placed, setting.lesion_measures[n]));
    results.lesions.back().centre = locate(setting.inputs, setting.lesion_measures[n].centre.point);
    results.lesions.back().volume_mm3 = volume;
    results.lesions.back().share_of_bone = volume / bone_mm3;
  }
}

int solves_of(const PatientSetting& setting, std::size_t variants)
{
  std::size_t loads = 0;
  for (const RigCases& rig : setting.rigs)
    loads += analysis::right_hand_sides(rig.cases);
  return static_cast<int>(loads * variants);
}

int most_loads(const PatientSetting& setting)
{
  std::size_t most = 1;
  for (const RigCases& rig : setting.rigs)
    most = std::max(most, analysis::right_hand_sides(rig.cases));
  return static_cast<int>(most);
}

void sort_activities(const PatientCase& given, report::VariantResults& variant)
{
  const auto rank_of = [&](const risk::ActivityAssessment& a)
  {
    return std::find_if(given.activities.begin(), given.activities.end(),
                        [&](const ActivityChoice& choice) { return choice.name == a.activity; }) -
           given.activities.begin();
  };
  std::stable_sort(variant.activities.begin(), variant.activities.end(),
                   [&](const auto& a, const auto& b) { return rank_of(a) < rank_of(b); });
}

} // namespace calcar::pipeline
