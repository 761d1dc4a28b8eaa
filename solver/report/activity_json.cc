#include "report/activity_json.hpp"

#include "report/json_values.hpp"

#include <nlohmann/json.hpp>

namespace calcar::report
{
namespace
{
Json criterion_json(const risk::CriterionResult& result)
{
  return {{"criterion", result.criterion},
          {"words", result.words},
          {"utilisation", number(result.utilisation)},
          {"load_factor", number(result.load_factor)},
          {"domain", result.domain},
          {"location", location_json(result.location)},
          {"source", result.source},
          {"unconfirmed", result.doubt.empty() ? Json(nullptr) : Json(result.doubt)}};
}

Json strain_json(const risk::PeakStrain& peak)
{
  return {{"value", number(peak.value)}, {"location", location_json(peak.location)}};
}

/// Strength as is over strength of the healthy twin, where both were solved.
Json ratio_to_twin(const Results& results, const risk::ActivityAssessment& assessment)
{
  const auto* twin = find_activity(results, "healthy twin", assessment.activity);
  if (!twin || assessment.criteria.front().utilisation <= 0)
    return nullptr;
  return number(twin->criteria.front().utilisation / assessment.criteria.front().utilisation);
}

/// "Strain here is uncertain by 8 %": of a mesh only.
void add_uncertainty(Json& json, const risk::ActivityAssessment& assessment)
{
  if (assessment.strain_uncertainty)
    json["strain_uncertainty"] = number(assessment.strain_uncertainty);
  if (assessment.relative_error)
    json["relative_error"] = number(assessment.relative_error);
}

/// The sum of all forces on the body, and how nearly it is 0.
Json equilibrium_json(const analysis::Equilibrium& sum)
{
  return {{"applied_N", vector(sum.applied.force)},
          {"inertia_N", vector(sum.inertia.force)},
          {"reactions_N", vector(sum.reactions.force)},
          {"force_error", number(sum.force_error())},
          {"moment_error", number(sum.moment_error())},
          {"borne_by_supports", number(sum.borne_by_supports())}};
}

/// Utilisation over a cycle: of activities that are one.
void add_cycle(Json& json, const risk::ActivityAssessment& assessment)
{
  for (const risk::InstantUtilisation& instant : assessment.cycle)
    json["cycle"].push_back({{"time_percent", number(instant.time_percent)},
                             {"utilisation", number(instant.utilisation)}});
}

/// The verdict on each vertebra of a segment.
void add_bones(Json& json, const risk::ActivityAssessment& assessment)
{
  for (const risk::BoneVerdict& verdict : assessment.bones)
    json["vertebrae"].push_back({{"level", verdict.bone},
                                 {"utilisation", number(verdict.utilisation)},
                                 {"load_factor", number(verdict.load_factor)},
                                 {"fracture_load_N", number(verdict.fracture_load_N)},
                                 {"location", location_json(verdict.location)}});
}
} // namespace

Json activity_json(const Results& results, const risk::ActivityAssessment& assessment)
{
  const risk::CriterionResult& headline = assessment.criteria.front();
  Json criteria = Json::array();
  for (const risk::CriterionResult& result : assessment.criteria)
    criteria.push_back(criterion_json(result));
  Json reference = {{"what", assessment.reference.what},
                    {"value", number(assessment.reference.value)},
                    {"unit", assessment.reference.unit}};
  if (assessment.reference.unit == "N" && results.body_weight_N > 0)
    reference["body_weights"] = number(assessment.reference.value / results.body_weight_N);
  Json json = {{"name", assessment.activity},
               {"title", assessment.title},
               {"kind", assessment.kind == load::ActivityKind::daily ? "daily" : "accident"},
               {"rig", assessment.rig},
               {"failure_model", "linear"},
               {"criterion", headline.criterion},
               {"utilisation", number(headline.utilisation)},
               {"load_factor", number(headline.load_factor)},
               {"reference_load", reference},
               {"rig_source", assessment.rig_source},
               {"rig_unconfirmed",
                assessment.rig_doubt.empty() ? Json(nullptr) : Json(assessment.rig_doubt)},
               {"load_source", assessment.load_source},
               {"load_unconfirmed",
                assessment.load_doubt.empty() ? Json(nullptr) : Json(assessment.load_doubt)},
               {"research_only", assessment.evidence == "research_only"},
               {"fracture_load",
                {{"what", assessment.reference.what},
                 {"value", number(headline.load_factor * assessment.reference.value)},
                 {"unit", assessment.reference.unit}}},
               {"fracture_load_N", number(assessment.fracture_load_N)},
               {"fracture_load_BW", number(assessment.fracture_load_BW)},
               {"strength_over_healthy_twin", ratio_to_twin(results, assessment)},
               {"location", location_json(headline.location)},
               {"peak_strain",
                {{"tension", strain_json(assessment.tension)},
                 {"compression", strain_json(assessment.compression)}}},
               {"largest_displacement_mm", number(assessment.largest_displacement_mm)},
               {"external_work_Nmm", number(assessment.external_work)},
               {"equilibrium", equilibrium_json(assessment.equilibrium)},
               {"criteria", criteria}};
  add_uncertainty(json, assessment);
  add_cycle(json, assessment);
  add_bones(json, assessment);
  return json;
}

} // namespace calcar::report
