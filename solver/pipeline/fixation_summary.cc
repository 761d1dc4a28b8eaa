#include "pipeline/fixation_summary.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace calcar::pipeline
{
namespace
{
using risk::BoneState;

constexpr double infinite = std::numeric_limits<double>::infinity();

/// Of the least and the greatest the one that is farther from the exact stiffness.
double voxel_bending(const model::ComponentRaster& raster)
{
  return std::abs(raster.least_bending - 1) > std::abs(raster.most_bending - 1)
             ? raster.least_bending
             : raster.most_bending;
}

report::FixationComponentResults recorded(const implant::Component& component,
                                          const model::ComponentRaster& raster)
{
  report::FixationComponentResults results;
  results.name = component.name;
  results.kind = implant::to_string(component.kind);
  results.alloy = component.alloy;
  results.size = component.size;
  results.to_bone = implant::to_string(component.to_bone);
  results.length_mm = implant::length_mm(component);
  results.bending_EI_Nm2 = 1e-6 * component.stiffness.bending_EI_Nmm2;
  results.voxel_bending = voxel_bending(raster);
  results.from = component.axis.front();
  results.to = component.axis.back();
  return results;
}

/// Activities that decide: the daily ones, or all where none is daily.
bool any_daily(const std::vector<risk::FixationVerdict>& verdicts)
{
  return std::any_of(verdicts.begin(), verdicts.end(),
                     [](const auto& v) { return v.kind == load::ActivityKind::daily; });
}

std::string limit_words(const risk::FixationVerdict& verdict, BoneState state)
{
  if (verdict.modes.empty())
    return "";
  const risk::ModeUtilisation& mode = verdict.modes.front();
  return risk::words_of(mode.mode) + (mode.where.empty() ? "" : " (" + mode.where + ")") + ", " +
         words_of(state) + ", " + verdict.bone.title;
}

double fatigue_safety(const risk::FixationVerdict& verdict)
{
  double most = 0;
  for (const risk::ComponentVerdict& component : verdict.components)
    most = std::max(most, component.fatigue_utilisation);
  for (const risk::CementVerdict& cement : verdict.cement)
    most = std::max(most, cement.fatigue_utilisation);
  return most > 0 ? 1 / most : infinite;
}

double shielding(const risk::FixationVerdict& verdict)
{
  double most = 0;
  for (const risk::Shielding& region : verdict.shielding)
    most = std::max(most, region.lost);
  return most;
}

void add_state(const report::FixationStateResults& state, risk::OptionSummary& summary)
{
  const bool daily = any_daily(state.verdicts);
  for (const risk::FixationVerdict& verdict : state.verdicts)
  {
    if (daily && verdict.kind != load::ActivityKind::daily)
      continue;
    summary.fatigue_safety = std::min(summary.fatigue_safety, fatigue_safety(verdict));
    if (state.state == BoneState::as_is)
      summary.shielding = std::max(summary.shielding, shielding(verdict));
    if (verdict.load_factor >= summary.least_load_factor)
      continue;
    summary.least_load_factor = verdict.load_factor;
    summary.limited_by = limit_words(verdict, state.state);
  }
}

/// The load factor of the bone alone in a state and the activity it belongs to.
std::pair<double, std::string> least_of(const std::vector<risk::ActivityAssessment>& activities)
{
  const bool daily = std::any_of(activities.begin(), activities.end(),
                                 [](const auto& a) { return a.kind == load::ActivityKind::daily; });
  std::pair<double, std::string> least = {infinite, ""};
  for (const risk::ActivityAssessment& activity : activities)
    if ((!daily || activity.kind == load::ActivityKind::daily) &&
        activity.criteria.front().load_factor < least.first)
      least = {activity.criteria.front().load_factor, activity.title};
  return least;
}
} // namespace

std::string words_of(BoneState state)
{
  switch (state)
  {
  case BoneState::as_is:
    return "lesion as it is";
  case BoneState::grown:
    return "lesion grown";
  case BoneState::gone:
    return "segment gone";
  }
  return "";
}

report::FixationResults recorded(const FixationChoice& choice, const PlacedOption& option)
{
  report::FixationResults results;
  results.name = choice.request.name;
  results.template_name = choice.template_name;
  if (!option.fixation)
  {
    results.refusal = option.refusal;
    return results;
  }
  const implant::Fixation& placed = *option.fixation;
  results.words = placed.words;
  results.measures = placed.measures;
  results.doubts = placed.doubts;
  results.warnings = placed.warnings;
  results.removed_mm3 = option.removed_mm3;
  const auto& rasters = option.hardware.front().voxels.components;
  for (std::size_t n = 0; n < placed.components.size(); ++n)
    results.components.push_back(recorded(placed.components[n], rasters[n]));
  return results;
}

risk::OptionSummary summary_of(const report::FixationResults& option, double enough)
{
  risk::OptionSummary summary;
  summary.option = option.name;
  if (option.refusal)
  {
    summary.placed = false;
    summary.refusal = *option.refusal;
    return summary;
  }
  summary.least_load_factor = summary.fatigue_safety = infinite;
  for (const report::FixationStateResults& state : option.states)
    if (state.headline)
      add_state(state, summary);
  summary.removed_mm3 = option.removed_mm3;
  summary.holds = summary.least_load_factor >= enough;
  for (const Warning& warning : option.warnings)
    if (warning.code == "ends_at_lesion")
    {
      summary.inadequate = true;
      summary.because.push_back(warning.text);
    }
  return summary;
}

risk::OptionSummary summary_of_unfixed(const std::vector<report::UnfixedStateResults>& states,
                                       double enough)
{
  risk::OptionSummary summary;
  summary.option = "no fixation";
  summary.least_load_factor = summary.fatigue_safety = infinite;
  for (const report::UnfixedStateResults& state : states)
  {
    if (state.state == BoneState::gone)
    {
      summary.because.push_back(words_of(state.state) + ": the bone alone holds nothing");
      summary.least_load_factor = 0;
      summary.limited_by = words_of(state.state);
      continue;
    }
    if (state.activities.empty()) // could not be solved
      continue;
    const auto [factor, activity] = least_of(state.activities);
    summary.because.push_back(words_of(state.state) + ": load factor " + format_number(factor, 3) +
                              " of the bone alone (" + activity + ")");
    if (factor >= summary.least_load_factor)
      continue;
    summary.least_load_factor = factor;
    summary.limited_by = "the bone, " + words_of(state.state) + ", " + activity;
  }
  summary.holds = summary.least_load_factor >= enough;
  return summary;
}

} // namespace calcar::pipeline
