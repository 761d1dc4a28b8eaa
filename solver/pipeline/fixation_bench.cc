#include "pipeline/fixation_bench.hpp"

#include "pipeline/field_files.hpp"
#include "pipeline/fixation_summary.hpp"
#include "pipeline/fixation_words.hpp"

#include <algorithm>
#include <cmath>
#include <set>

namespace calcar::pipeline
{
namespace
{
using report::FixationStateResults;
using report::VariantResults;
using risk::BoneState;

bool is_chosen(const FixationInput& input, const std::string& activity)
{
  const auto& names = input.activities;
  return names.empty() || std::find(names.begin(), names.end(), activity) != names.end();
}

/// The load case of a verdict: its activity, of a cycle the instant that was the worst.
const load::LoadCase* worst_case(const std::vector<RigCases>& rigs,
                                 const risk::ActivityAssessment& activity)
{
  const auto worst =
      std::max_element(activity.cycle.begin(), activity.cycle.end(),
                       [](const auto& a, const auto& b) { return a.utilisation < b.utilisation; });
  for (const RigCases& rig : rigs)
    for (const load::LoadCase& load_case : rig.cases)
      if (activity.cycle.empty() ? load_case.name == activity.activity
                                 : load_case.time_percent == worst->time_percent &&
                                       load_case.name.starts_with(activity.activity + " at "))
        return &load_case;
  return nullptr;
}

/// The rigs with one load case for each activity that is looked at.
std::vector<RigCases> chosen_rigs(const FixationInput& input, const std::vector<RigCases>& all,
                                  const VariantResults& as_is)
{
  std::set<std::string> names;
  for (const risk::ActivityAssessment& activity : as_is.activities)
    if (is_chosen(input, activity.activity))
      if (const load::LoadCase* load_case = worst_case(all, activity))
        names.insert(load_case->name);
  std::vector<RigCases> rigs = all;
  for (RigCases& rig : rigs)
    std::erase_if(rig.cases,
                  [&](const load::LoadCase& load_case) { return !names.contains(load_case.name); });
  return rigs;
}

void add_jobs(FixationJob job, const std::vector<RigCases>& rigs, std::vector<FixationJob>& jobs)
{
  for (std::size_t r = 0; r < rigs.size(); ++r)
  {
    job.rig = static_cast<int>(r);
    if (!rigs[r].cases.empty())
      jobs.push_back(job);
  }
}

std::vector<FixationJob> jobs_of(const FixationInput& input, const FixationPlan& plan,
                                 const std::vector<RigCases>& rigs)
{
  std::vector<FixationJob> jobs;
  for (std::size_t s = 0; s < input.states.size(); ++s)
  {
    const BoneState state = input.states[s];
    if (state == BoneState::grown)
      add_jobs({static_cast<int>(s), -1, 0, 0}, rigs, jobs);
    const bool both = state == BoneState::as_is || input.both_everywhere;
    for (std::size_t o = 0; o < plan.options.size(); ++o)
      for (std::size_t h = 0; h < plan.options[o].hardware.size(); ++h)
        if (h == 0 || both)
          add_jobs({static_cast<int>(s), static_cast<int>(o), static_cast<int>(h), 0}, rigs, jobs);
  }
  return jobs;
}

/// The bone alone: as it is from the variants; grown is filled in when it is solved.
std::vector<report::UnfixedStateResults> unfixed_states(const FixationInput& input,
                                                        const VariantResults& as_is)
{
  std::vector<report::UnfixedStateResults> states;
  for (const BoneState state : input.states)
  {
    states.push_back({state, {}});
    if (state != BoneState::as_is)
      continue;
    for (const risk::ActivityAssessment& activity : as_is.activities)
      if (is_chosen(input, activity.activity))
        states.back().activities.push_back(activity);
  }
  return states;
}

std::optional<double> load_factor(const VariantResults& variant, const std::string& activity)
{
  for (const risk::ActivityAssessment& assessment : variant.activities)
    if (assessment.activity == activity && std::isfinite(assessment.criteria.front().load_factor))
      return assessment.criteria.front().load_factor;
  return std::nullopt;
}

risk::Baseline baseline_of(const FixationGround& ground, const report::Results& results,
                           const std::string& activity)
{
  risk::Baseline baseline;
  baseline.healthy_load_factor = load_factor(results.variants.front(), activity);
  baseline.unfixed_load_factor = load_factor(results.variants.back(), activity);
  if (const auto found = ground.twin_energy.find(activity); found != ground.twin_energy.end())
    baseline.twin_energy = found->second;
  return baseline;
}

/// The results of an option in a state with one kind of interface, made when they are not there.
FixationStateResults& state_of(const FixationGround& ground, const FixationJob& job,
                               FixationBench& bench)
{
  const auto o = static_cast<std::size_t>(job.option);
  const auto h = static_cast<std::size_t>(job.hardware);
  FixationStateResults wanted;
  wanted.state = ground.given.patient->fixations->states[static_cast<std::size_t>(job.state)];
  wanted.interface = implant::to_string(ground.plan.options[o].hardware[h].to_bone);
  wanted.headline = job.hardware == 0;
  auto& states = bench.found.options[o].states;
  const auto found =
      std::find_if(states.begin(), states.end(),
                   [&](const FixationStateResults& s)
                   { return s.state == wanted.state && s.interface == wanted.interface; });
  if (found != states.end())
    return *found;
  states.push_back(std::move(wanted));
  return states.back();
}

void write_option(const FixationGround& ground, const SolvedOption& solved,
                  const std::string& option, const risk::ActivityAssessment& assessment,
                  const analysis::Response& response, const ResultsFolder& folder)
{
  const OutputOptions& output = ground.given.output;
  if (!output.fields && !output.nifti)
    return;
  const model::VoxelModel& body = solved.body;
  auto fields = report::fields_of(body.body, response, solved.solved.nodes, "LPS", output.tensors);
  fields.push_back(
      {"utilisation", {assessment.utilisation_field.begin(), assessment.utilisation_field.end()}});
  fields.push_back({"youngs_modulus_MPa", body.body.youngs});
  fields.push_back({"tissue", numbers_of(body.tissue)});
  write_fields(option + " " + assessment.activity, body.body, fields, output, folder);
}

/// How the responses of an option are judged.
VariantJudge judge_of(const FixationGround& ground, const FixationJob& job,
                      const SolvedOption& solved, const RigBody& rig_body, const RigCases& rig,
                      const ResultsFolder& folder, FixationBench& bench,
                      const report::Results& results)
{
  VariantJudge judge;
  judge.body = [&](const load::LoadCase& load_case, const load::Rig& of)
  {
    return risk::judged_body(solved.body, rig_body.shape->bone, rig_body.shape->surface,
                             ground.setting.inputs.protocol.domain, load_case, of);
  };
  judge.finish = [&](const risk::ActivityAssessment& assessment, const analysis::Response& response)
  {
    if (job.option < 0)
      return;
    const PlacedOption& option = ground.plan.options[static_cast<std::size_t>(job.option)];
    const auto& hardware = option.hardware[static_cast<std::size_t>(job.hardware)].voxels;
    const risk::FixedBody fixed = {placed_with(option, static_cast<std::size_t>(job.hardware)),
                                   hardware,
                                   solved.body,
                                   bench.bone->lesions,
                                   ground.setting.inputs.bone,
                                   solved.solved.nodes};
    const auto load_case =
        std::find_if(rig.cases.begin(), rig.cases.end(),
                     [&](const load::LoadCase& c) { return c.name == response.name; });
    risk::FixationVerdict verdict =
        risk::judge_fixation(fixed, assessment, response, *load_case,
                             baseline_of(ground, results, assessment.activity), bench.found.cycles);
    verdict.bone.utilisation_field = {};
    FixationStateResults& state = state_of(ground, job, bench);
    state.verdicts.push_back(std::move(verdict));
    if (state.state == BoneState::as_is && state.headline)
      write_option(ground, solved, option.fixation->name, assessment, response, folder);
  };
  return judge;
}

/// Puts what belongs to activities in the order of the case.
template <typename Item, typename NameOf>
void sort_by_case(const PatientCase& given, std::vector<Item>& items, const NameOf& name_of)
{
  const auto rank = [&](const Item& item)
  {
    return std::find_if(given.activities.begin(), given.activities.end(),
                        [&](const ActivityChoice& choice)
                        { return choice.name == name_of(item); }) -
           given.activities.begin();
  };
  std::stable_sort(items.begin(), items.end(),
                   [&](const Item& a, const Item& b) { return rank(a) < rank(b); });
}
} // namespace

FixationBench make_bench(const FixationGround& ground, report::Results& results)
{
  const PatientCase& given = *ground.given.patient;
  const FixationInput& input = *given.fixations;
  FixationBench bench;
  bench.rigs = chosen_rigs(input, ground.setting.rigs, results.variants.back());
  bench.jobs = jobs_of(input, ground.plan, bench.rigs);
  bench.found.grown_mm = input.grown_mm;
  if (ground.plan.gap)
    bench.found.gone_words = ground.plan.gap->words;
  bench.found.cycles =
      risk::daily_cycles(given.steps_per_day, given.survival_months, given.bone.kind);
  bench.found.unfixed = unfixed_states(input, results.variants.back());
  for (std::size_t n = 0; n < input.options.size(); ++n)
    bench.found.options.push_back(recorded(input.options[n], ground.plan.options[n]));
  bench.found.assumptions = fixation_assumptions(input, ground.plan, bench.found.cycles);
  return bench;
}

void judge_job(const FixationGround& ground, const FixationJob& job, const SolvedOption& solved,
               const ResultsFolder& folder, FixationBench& bench, report::Results& results)
{
  const RigCases& rig = bench.rigs[static_cast<std::size_t>(job.rig)];
  const RigBody& rig_body = ground.bodies[static_cast<std::size_t>(job.rig)];
  VariantResults out;
  const std::size_t reactions = results.supports.size();
  judge_rig(ground.setting, rig, solved.solved,
            judge_of(ground, job, solved, rig_body, rig, folder, bench, results), out, results);
  results.supports.resize(reactions); // reactions are those of the variants alone
  const analysis::SolverSummary& took = solved.solved.solver;
  bench.found.solves += std::max(took.right_hand_sides, took.newton_total);
  if (job.option < 0)
  {
    auto& activities = bench.found.unfixed[static_cast<std::size_t>(job.state)].activities;
    activities.insert(activities.end(), out.activities.begin(), out.activities.end());
    return;
  }
  analysis::SolverSummary& summary = state_of(ground, job, bench).solver;
  summary = summary.unknowns == 0 ? out.solver : analysis::merge(summary, out.solver);
}

void finish(const FixationGround& ground, FixationBench& bench)
{
  const PatientCase& given = *ground.given.patient;
  const FixationInput& input = *given.fixations;
  for (report::UnfixedStateResults& state : bench.found.unfixed)
    sort_by_case(given, state.activities, [](const auto& a) { return a.activity; });
  std::vector<risk::OptionSummary> summaries = {
      summary_of_unfixed(bench.found.unfixed, input.enough)};
  for (report::FixationResults& option : bench.found.options)
  {
    for (FixationStateResults& state : option.states)
      sort_by_case(given, state.verdicts, [](const auto& v) { return v.activity; });
    summaries.push_back(summary_of(option, input.enough));
  }
  bench.found.comparison = risk::compare(std::move(summaries), input.preferences, input.enough);
}

} // namespace calcar::pipeline
