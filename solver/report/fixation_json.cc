#include "report/activity_json.hpp"
#include "report/fixation.hpp"
#include "report/fixation_words.hpp"
#include "report/json_values.hpp"
#include "report/solver_json.hpp"

#include <nlohmann/json.hpp>

namespace calcar::report
{
namespace
{
Json or_null(const std::string& words)
{
  return words.empty() ? Json(nullptr) : Json(words);
}

Json place_json(const anatomy::Location& location)
{
  return location.words.empty() ? Json(nullptr) : location_json(location);
}

Json warnings_json(const Warnings& warnings)
{
  Json json = Json::array();
  for (const Warning& warning : warnings)
    json.push_back({{"code", warning.code}, {"text", warning.text}, {"place", warning.place}});
  return json;
}

Json section_json(const analysis::SectionForce& section)
{
  return {{"at_mm", number(section.at_mm)},
          {"point_lps_mm", vector(section.point)},
          {"axial_N", number(section.axial_N)},
          {"shear_N", number(section.shear_N)},
          {"bending_Nmm", number(section.bending_Nmm)},
          {"weak_axis_bending_Nmm", number(section.weak_Nmm)},
          {"strong_axis_bending_Nmm", number(section.strong_Nmm)},
          {"torsion_Nmm", number(section.torsion_Nmm)}};
}

Json component_verdict_json(const risk::ComponentVerdict& v)
{
  Json json = {{"component", v.component},
               {"kind", implant::to_string(v.kind)},
               {"alloy", v.alloy},
               {"size", v.size},
               {"worst_section", section_json(v.worst)},
               {"location", place_json(v.location)},
               {"stress_MPa", number(v.stress_MPa)},
               {"normal_stress_MPa", number(v.normal_MPa)},
               {"shear_stress_MPa", number(v.shear_MPa)},
               {"yield_utilisation", number(v.yield_utilisation)},
               {"notched", v.notched},
               {"fatigue_utilisation", number(v.fatigue_utilisation)},
               {"fatigue_safety",
                v.fatigue_utilisation > 0 ? number(1 / v.fatigue_utilisation) : Json(nullptr)},
               {"unconfirmed", v.doubts}};
  if (v.pull_out_utilisation)
    json["pull_out"] = {{"force_N", number(v.pull_out_N)},
                        {"strength_N", number(v.pull_out_strength_N)},
                        {"utilisation", number(v.pull_out_utilisation)}};
  return json;
}

Json cement_json(const risk::CementVerdict& v)
{
  return {{"component", v.component},
          {"tension_MPa", number(v.tension_MPa)},
          {"compression_MPa", number(v.compression_MPa)},
          {"utilisation", number(v.utilisation)},
          {"fatigue_utilisation", number(v.fatigue_utilisation)},
          {"location", place_json(v.location)}};
}

/// The bone around the hardware, short: the whole of it stands with the variants.
Json bone_json(const risk::ActivityAssessment& bone)
{
  Json json = {{"criterion", nullptr},   {"utilisation", nullptr},
               {"load_factor", nullptr}, {"location", nullptr},
               {"domain", nullptr},      {"largest_displacement_mm", nullptr},
               {"force_error", nullptr}};
  if (!bone.criteria.empty())
  {
    const risk::CriterionResult& headline = bone.criteria.front();
    json["criterion"] = headline.criterion;
    json["utilisation"] = number(headline.utilisation);
    json["load_factor"] = number(headline.load_factor);
    json["location"] = location_json(headline.location);
    json["domain"] = headline.domain;
  }
  json["largest_displacement_mm"] = number(bone.largest_displacement_mm);
  json["force_error"] = number(bone.equilibrium.force_error());
  return json;
}

Json modes_json(const risk::FixationVerdict& verdict)
{
  Json json = Json::array();
  for (const risk::ModeUtilisation& mode : verdict.modes)
    json.push_back({{"mode", risk::to_string(mode.mode)},
                    {"words", risk::words_of(mode.mode)},
                    {"utilisation", number(mode.utilisation)},
                    {"where", or_null(mode.where)}});
  return json;
}

Json verdict_json(const risk::FixationVerdict& v)
{
  Json components = Json::array(), cement = Json::array(), shielding = Json::array();
  for (const risk::ComponentVerdict& component : v.components)
    components.push_back(component_verdict_json(component));
  for (const risk::CementVerdict& one : v.cement)
    cement.push_back(cement_json(one));
  for (const risk::Shielding& region : v.shielding)
    shielding.push_back({{"region", region.region}, {"energy_lost_share", number(region.lost)}});
  return {{"name", v.activity},
          {"title", or_null(v.bone.title)},
          {"kind", v.kind == load::ActivityKind::daily ? "daily" : "accident"},
          {"failure_model", "linear"},
          {"load_factor", number(v.load_factor)},
          {"utilisation", number(utilisation_of(v))},
          {"modes", modes_json(v)},
          {"fracture_load_N", number(v.fracture_load_N)},
          {"over_bone_alone", number(v.restored)},
          {"over_healthy_twin", number(v.of_healthy)},
          {"load_unconfirmed", or_null(v.bone.load_doubt)},
          {"bone", bone_json(v.bone)},
          {"strain_near_lesion", number(v.strain_near_lesion)},
          {"implant_load_share", number(v.implant_share)},
          {"implant_moment_share", number(v.implant_moment_share)},
          {"implant_share_at", or_null(v.share_level)},
          {"interface_motion_um", number(v.interface_motion_um)},
          {"fatigue_cycles", number(v.cycles)},
          {"components", components},
          {"cement", cement},
          {"stress_shielding", shielding}};
}

Json states_json(const FixationResults& option)
{
  Json json = Json::array();
  for (const FixationStateResults& state : option.states)
  {
    Json activities = Json::array();
    for (const risk::FixationVerdict& verdict : state.verdicts)
      activities.push_back(verdict_json(verdict));
    json.push_back({{"state", risk::to_string(state.state)},
                    {"interface", state.interface},
                    {"judged_with", state.headline},
                    {"activities", activities},
                    {"solver", solver_json(state.solver)}});
  }
  return json;
}

Json components_json(const FixationResults& option)
{
  Json json = Json::array();
  for (const FixationComponentResults& c : option.components)
    json.push_back({{"name", c.name},
                    {"kind", c.kind},
                    {"alloy", c.alloy},
                    {"size", c.size},
                    {"to_bone", c.to_bone},
                    {"length_mm", number(c.length_mm)},
                    {"bending_stiffness_Nm2", number(c.bending_EI_Nm2)},
                    {"voxel_bending_over_exact", number(c.voxel_bending)},
                    {"from_lps_mm", vector(c.from)},
                    {"to_lps_mm", vector(c.to)}});
  return json;
}

Json option_json(const FixationResults& option)
{
  Json measures = Json::object();
  for (const auto& [name, value] : option.measures)
    measures[name] = number(value);
  return {{"name", option.name},
          {"template", option.template_name},
          {"words", option.words},
          {"placed", !option.refusal.has_value()},
          {"refusal", option.refusal ? Json(*option.refusal) : Json(nullptr)},
          {"measures", measures},
          {"components", components_json(option)},
          {"removed_bone_mm3", number(option.removed_mm3)},
          {"unconfirmed", option.doubts},
          {"warnings", warnings_json(option.warnings)},
          {"states", states_json(option)},
          {"seconds", number(option.seconds)}};
}

Json unfixed_json(const Results& results)
{
  Json json = Json::array();
  for (const UnfixedStateResults& state : results.fixations->unfixed)
  {
    Json activities = Json::array();
    for (const risk::ActivityAssessment& assessment : state.activities)
      if (!assessment.criteria.empty())
        activities.push_back(activity_json(results, assessment));
    json.push_back({{"state", risk::to_string(state.state)}, {"activities", activities}});
  }
  return json;
}

Json comparison_json(const risk::Comparison& comparison)
{
  Json options = Json::array();
  for (const risk::OptionSummary& o : comparison.options)
    options.push_back({{"option", o.option},
                       {"placed", o.placed},
                       {"refusal", or_null(o.refusal)},
                       {"least_load_factor", o.placed ? number(o.least_load_factor) : nullptr},
                       {"limited_by", or_null(o.limited_by)},
                       {"fatigue_safety", o.placed ? number(o.fatigue_safety) : nullptr},
                       {"most_shielded_share", o.placed ? number(o.shielding) : nullptr},
                       {"removed_bone_mm3", o.placed ? number(o.removed_mm3) : nullptr},
                       {"holds", o.holds},
                       {"inadequate", o.inadequate},
                       {"because", o.because}});
  const risk::Preferences& p = comparison.preferences;
  return {{"enough_load_factor", number(comparison.enough)},
          {"preferences",
           {{"strength", number(p.strength)},
            {"lasting", number(p.lasting)},
            {"bone_kept", number(p.bone_kept)},
            {"small", number(p.small)}}},
          {"options", options},
          {"dominated", comparison.dominated},
          {"words", comparison.words}};
}
} // namespace

nlohmann::ordered_json fixations_json(const Results& results)
{
  if (!results.fixations)
    return nullptr;
  const FixationsResults& all = *results.fixations;
  Json options = Json::array();
  for (const FixationResults& option : all.options)
    options.push_back(option_json(option));
  return {{"failure_model", "linear"},
          {"grown_mm", number(all.grown_mm)},
          {"gone", or_null(all.gone_words)},
          {"daily_cycles",
           {{"steps_per_day", number(all.cycles.steps_per_day)},
            {"months", number(all.cycles.months)},
            {"cycles", number(all.cycles.cycles)},
            {"words", all.cycles.words},
            {"unconfirmed", or_null(all.cycles.doubt)}}},
          {"bone_alone", unfixed_json(results)},
          {"options", options},
          {"comparison", comparison_json(all.comparison)},
          {"assumptions", all.assumptions},
          {"solves", all.solves},
          {"seconds", number(all.seconds)}};
}

} // namespace calcar::report
