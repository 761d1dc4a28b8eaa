#include "report/activity_json.hpp"
#include "report/fixation.hpp"
#include "report/follow_up.hpp"
#include "report/fracture.hpp"
#include "report/json_values.hpp"
#include "report/mesh_json.hpp"
#include "report/other_scans.hpp"
#include "report/solver_json.hpp"
#include "report/write.hpp"

#include <nlohmann/json.hpp>

namespace calcar::report
{
namespace
{
Json variants_json(const Results& results)
{
  Json variants = Json::array();
  for (const VariantResults& variant : results.variants)
  {
    Json activities = Json::array();
    for (const risk::ActivityAssessment& assessment : variant.activities)
      activities.push_back(activity_json(results, assessment));
    Json entry = {{"name", variant.name},
                  {"volume_mm3", number(variant.volume_mm3)},
                  {"share_outside_law_range", number(variant.outside_law_range)},
                  {"share_at_cortical_ceiling", number(variant.at_ceiling)},
                  {"activities", activities},
                  {"solver", solver_json(variant.solver)}};
    if (!variant.paths.empty())
      entry["fracture"] = fracture_json(results, variant);
    variants.push_back(std::move(entry));
  }
  return variants;
}

Json anatomy_json(const Results& results)
{
  Json landmarks = Json::object();
  for (const auto& [name, point] : results.landmarks)
    landmarks[name] = vector(point);
  Json measures = Json::object();
  for (const auto& [name, measure] : results.measures)
    measures[name] = {{"value", number(measure.value)},
                      {"standard_deviation", number(measure.deviation)},
                      {"unit", measure.unit},
                      {"source", measure.source}};
  return {{"confidence", number(results.anatomy_confidence)},
          {"landmarks_lps_mm", landmarks},
          {"measures", measures}};
}

Json study_json(const StudyResults& study)
{
  return {{"strain_energy_Nmm", number(study.strain_energy_Nmm)},
          {"largest_displacement_mm", number(study.largest_displacement_mm)},
          {"largest_principal_strain", number(study.largest_principal_strain)},
          {"smallest_principal_strain", number(study.smallest_principal_strain)},
          {"effective_strain_exceeded_by_2_percent", number(study.effective_strain_98)},
          {"volume_mm3", number(study.volume_mm3)}};
}

Json lesions_json(const Results& results)
{
  Json lesions = Json::array();
  for (const LesionResults& lesion : results.lesions)
  {
    Json entry = {{"name", lesion.name},
                  {"kind", lesion.kind},
                  {"shape", lesion.shape},
                  {"in_ct", lesion.in_ct},
                  {"seen_by", lesion.seen_by},
                  {"ct_cannot_see_it", lesion.both_ways},
                  {"volume_mm3", number(lesion.volume_mm3)},
                  {"share_of_bone", number(lesion.share_of_bone)},
                  {"largest_diameter_mm", number(lesion.largest_diameter_mm)},
                  {"involves_cortex", lesion.touches_cortex},
                  {"distance_to_landmarks_mm", lesion.landmark_mm},
                  {"centre", location_json(lesion.centre)}};
    if (lesion.touches_cortex)
      entry["remaining_cortex_mm"] = number(lesion.remaining_cortex_mm);
    if (lesion.axial_share)
    {
      entry["axial_cortex_mm"] = number(lesion.axial_cortex_mm);
      entry["axial_cortex_share"] = number(*lesion.axial_share);
    }
    if (lesion.circumferential_share)
      entry["circumferential_cortex_share"] = number(*lesion.circumferential_share);
    lesions.push_back(std::move(entry));
  }
  return lesions;
}

Json supports_json(const Results& results)
{
  Json supports = Json::array();
  for (const SupportResults& support : results.supports)
  {
    Json entry = {{"name", support.name}, {"reaction_N", vector(support.reaction_N)}};
    if (!support.variant.empty())
      entry["variant"] = support.variant;
    if (!support.activity.empty())
      entry["activity"] = support.activity;
    supports.push_back(entry);
  }
  return supports;
}

Json rigs_json(const Results& results)
{
  Json rigs = Json::array();
  for (const RigResults& rig : results.rigs)
    rigs.push_back({{"name", rig.name},
                    {"words", rig.words},
                    {"supports", rig.supports},
                    {"layers", rig.layers},
                    {"inertia_relief", rig.inertia_relief}});
  return rigs;
}

Json vertebrae_json(const Results& results)
{
  Json vertebrae = Json::array();
  for (const VertebraResults& vertebra : results.vertebrae)
  {
    Json landmarks = Json::object();
    for (const auto& [name, point] : vertebra.landmarks)
      landmarks[name] = vector(point);
    vertebrae.push_back({{"level", vertebra.level},
                         {"confidence", number(vertebra.confidence)},
                         {"volume_mm3", number(vertebra.volume_mm3)},
                         {"landmarks_lps_mm", landmarks}});
  }
  return vertebrae;
}

void add_patient_part(Json& json, const Results& results)
{
  json["bone"] = {{"kind", results.bone}, {"side", results.side}};
  if (!results.level.empty())
    json["bone"]["level"] = results.level;
  if (!results.vertebrae.empty())
    json["bone"]["vertebrae"] = vertebrae_json(results);
  json["body_weight_N"] = number(results.body_weight_N);
  json["protocol"] = {{"name", results.protocol},
                      {"words", results.protocol_words},
                      {"unconfirmed", results.doubts}};
  json["calibration"] = results.calibration;
  json["anatomy"] = anatomy_json(results);
  json["lesions"] = lesions_json(results);
  add_other_scans(json, results);
  json["rigs"] = rigs_json(results);
}
} // namespace

std::string results_json(const Results& results)
{
  Json json;
  json["schema"] = results_schema;
  json["program"] = {{"name", "calcar"}, {"version", version()}};
  json["notice"] = "Decision support for research; not a medical device.";
  json["case"] = results.title;
  json["case_file"] = results.case_file;
  json["mode"] = results.mode;
  json["axes"] = results.axes;
  if (results.mesh)
  {
    json["mesh"] = mesh_json(*results.mesh);
    for (const MeshResults& mesh : results.further_meshes)
      json["further_meshes"].push_back(mesh_json(mesh));
  }
  else
    json["voxel_mm"] = Json::array({results.voxel_mm[0], results.voxel_mm[1], results.voxel_mm[2]});
  if (results.mode == "patient")
    add_patient_part(json, results);
  json["variants"] = variants_json(results);
  if (results.follow_up)
    json["follow_up"] = follow_up_json(*results.follow_up);
  if (results.fixations)
    json["fixations"] = fixations_json(results);
  if (results.study)
    json["study"] = study_json(*results.study);
  json["input_grade"] =
      results.grade ? Json{{"grade", results.grade->grade}, {"reasons", results.grade->reasons}}
                    : Json{{"grade", nullptr}, {"reasons", Json::array()}};
  json["supports"] = supports_json(results);
  json["solver"] = solver_json(results.solver);
  if (results.memory)
    json["solver"]["peak_memory_MB"] = {{"predicted", number(results.memory->predicted_MB)},
                                        {"measured", results.memory->measured_MB > 0
                                                         ? number(results.memory->measured_MB)
                                                         : Json(nullptr)}};
  json["timings_s"] = Json::object();
  for (const auto& [stage, seconds] : results.timings.stages())
    json["timings_s"][stage] = number(seconds);
  json["timings_s"]["total"] = number(results.timings.total());
  json["warnings"] = Json::array();
  for (const Warning& warning : results.warnings)
    json["warnings"].push_back(
        {{"code", warning.code}, {"text", warning.text}, {"place", warning.place}});
  return written(json);
}

std::string provenance_json(const Results& results)
{
  Json json;
  json["schema"] = "calcar-provenance/1";
  json["program"] = {{"name", "calcar"}, {"version", version()}};
  json["libraries"] = Json::object();
  for (const auto& [name, library] : library_versions())
    json["libraries"][name] = library;
  json["command"] = results.command;
  json["ranks"] = results.ranks;
  json["inputs"] = Json::array();
  for (const Source& source : results.sources)
    json["inputs"].push_back({{"path", source.path}, {"sha256", source.sha256}});
  return written(json);
}

} // namespace calcar::report
