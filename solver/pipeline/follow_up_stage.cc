#include "pipeline/follow_up_stage.hpp"

#include "base/files.hpp"
#include "base/log.hpp"
#include "base/parallel.hpp"
#include "base/text.hpp"
#include "pipeline/follow_up_words.hpp"
#include "pipeline/patient_variant.hpp"
#include "report/follow_up.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>

namespace calcar::pipeline
{
namespace
{
using lesion::Bound;
using report::FollowUpResults;
using report::VariantResults;

/// Utilisation to a part in 10^5 is more than a scenario deserves.
constexpr double relative_residual = 1e-6;

/// The states with what was found of each; on rank 0.
struct Plan
{
  std::vector<FollowUpState> states;
  std::vector<RigCases> rigs; ///< with the activities that are followed
  GainScale scale;
  std::vector<double> rates;
  std::vector<VariantResults> found;               ///< of each state
  std::vector<std::vector<double>> lesion_volumes; ///< of each state and lesion of the case
};

bool is_followed(const load::LoadCase& load_case, const std::vector<std::string>& names)
{
  return names.empty() ||
         std::any_of(names.begin(), names.end(),
                     [&](const std::string& name)
                     {
                       return load_case.name == name ||
                              (load_case.time_percent && load_case.name.starts_with(name + " at "));
                     });
}

std::vector<RigCases> followed(const std::vector<RigCases>& rigs,
                               const std::vector<std::string>& names)
{
  std::vector<RigCases> chosen = rigs;
  for (RigCases& rig : chosen)
    std::erase_if(rig.cases,
                  [&](const load::LoadCase& load_case) { return !is_followed(load_case, names); });
  return chosen;
}

Plan make_plan(const FollowUpGround& ground, report::Results& results)
{
  const FollowUpInput& input = *ground.given->follow_up;
  Plan plan;
  plan.rates = growth_of(input, ground.setting);
  plan.scale = gain_scale(input, ground.setting.inputs);
  plan.states = follow_up_states(input, ground.setting, plan.scale, results.warnings);
  plan.rigs = followed(ground.setting.rigs, input.activities);
  plan.found.resize(plan.states.size());
  plan.lesion_volumes.resize(plan.states.size());
  append(results.warnings, follow_up_warnings(input, ground.setting, plan.rates));
  for (const lesion::Course& course : input.courses)
    results.sources.push_back(course.treatment.record.file);
  if (!input.growth.empty())
    results.sources.push_back(lesion::growth_rates().record.file);
  return plan;
}

std::vector<double> volumes_by_lesion(const FollowUpState& state,
                                      const std::vector<double>& volumes_mm3)
{
  std::vector<double> sums(state.courses.size(), 0);
  for (std::size_t n = 0; n < state.owner.size(); ++n)
    sums[state.owner[n]] += volumes_mm3[n];
  return sums;
}

/// Solves and judges one rig on the body of a state. Collective.
void solve_rig(const FollowUpGround& ground, const RigCases& rig, const RigBody& rig_body,
               const model::VoxelModel& bone, const voxel::Options& options, VariantResults& out,
               report::Results& results, MPI_Comm comm)
{
  std::optional<model::VoxelModel> with_layers;
  on_root(comm, [&] { with_layers = layered(bone, rig_body); });
  const model::VoxelModel& body = with_layers ? *with_layers : bone;
  const model::Surface none;
  const analysis::SolvedRig solved =
      analysis::solve_cases(body.body, rig_body.shape ? rig_body.shape->surface : none, rig.rig,
                            rig.cases, comm, options);
  on_root(comm,
          [&]
          {
            VariantJudge judge;
            judge.body = [&](const load::LoadCase& load_case, const load::Rig& of)
            {
              return risk::judged_body(body, rig_body.shape->bone, rig_body.shape->surface,
                                       ground.setting.inputs.protocol.domain, load_case, of);
            };
            judge.finish = [](risk::ActivityAssessment&, const analysis::Response&) {};
            const std::size_t reactions = results.supports.size();
            judge_rig(ground.setting, rig, solved, judge, out, results);
            results.supports.resize(reactions); // reactions are those of the variants alone
          });
}

/// What each state needs solved: rigs without a followed activity and bodies that are known are
/// left out. The same on all ranks.
std::vector<std::vector<int>> jobs_of(const Plan& plan, MPI_Comm comm)
{
  std::vector<int> flat; // states, then for each its rigs
  on_root(comm,
          [&]
          {
            flat.push_back(static_cast<int>(plan.states.size()));
            for (const FollowUpState& state : plan.states)
            {
              std::vector<int> rigs;
              for (std::size_t r = 0; r < plan.rigs.size(); ++r)
                if (!state.same_as && !plan.rigs[r].cases.empty())
                  rigs.push_back(static_cast<int>(r));
              flat.push_back(static_cast<int>(rigs.size()));
              flat.insert(flat.end(), rigs.begin(), rigs.end());
            }
          });
  int count = static_cast<int>(flat.size());
  MPI_Bcast(&count, 1, MPI_INT, 0, comm);
  flat.resize(static_cast<std::size_t>(count));
  MPI_Bcast(flat.data(), count, MPI_INT, 0, comm);
  std::vector<std::vector<int>> jobs(static_cast<std::size_t>(flat.front()));
  std::size_t at = 1;
  for (std::vector<int>& rigs : jobs)
  {
    const auto length = static_cast<std::ptrdiff_t>(flat[at]);
    const auto first = flat.begin() + static_cast<std::ptrdiff_t>(at) + 1;
    rigs.assign(first, first + length);
    at += static_cast<std::size_t>(length) + 1;
  }
  return jobs;
}

std::string name_of(const FollowUpState& state)
{
  return to_string(state.bound) + " at " + format_number(state.months, 2) + " months";
}

void solve_states(const FollowUpGround& ground, Plan& plan, const voxel::Options& options,
                  report::Results& results, MPI_Comm comm)
{
  const std::vector<std::vector<int>> jobs = jobs_of(plan, comm);
  const RigCases no_cases;
  const RigBody no_body;
  for (std::size_t s = 0; s < jobs.size(); ++s)
  {
    model::VoxelModel body;
    VariantResults found;
    on_root(comm,
            [&]
            {
              const FollowUpState& state = plan.states[s];
              if (state.same_as && *state.same_as < s)
                plan.lesion_volumes[s] = plan.lesion_volumes[*state.same_as];
              if (state.same_as && *state.same_as < s)
                found = plan.found[*state.same_as];
              if (state.same_as)
                return;
              found.name = name_of(state);
              log_info("follow-up: " + found.name);
              const bool worse = state.bound == Bound::worse;
              body = model_of(state, worse ? ground.scan_worse : ground.scan_better,
                              ground.setting.inputs);
              plan.lesion_volumes[s] = volumes_by_lesion(state, body.lesion_volume_mm3);
            });
    for (const int r : jobs[s])
    {
      const auto rig = static_cast<std::size_t>(r);
      solve_rig(ground, is_root(comm) ? plan.rigs[rig] : no_cases,
                is_root(comm) ? ground.bodies[rig] : no_body, body, options, found, results, comm);
    }
    on_root(comm, [&] { plan.found[s] = std::move(found); });
  }
}

/// The variant in `results` that is the scan's in a bound; see follow_in_time.
const VariantResults& at_scan(const report::Results& results, Bound bound)
{
  const bool twin = results.variants.size() > 1;
  return bound == Bound::worse ? results.variants.back() : results.variants[twin ? 1 : 0];
}

risk::FollowUpPoint point_of(double months, const risk::ActivityAssessment& assessment)
{
  const risk::CriterionResult& headline = assessment.criteria.front();
  risk::FollowUpPoint point;
  point.months = months;
  point.utilisation = headline.utilisation;
  if (std::isfinite(headline.load_factor))
    point.fracture_load = headline.load_factor * assessment.reference.value;
  point.where = headline.location ? headline.location->words : "";
  return point;
}

const risk::ActivityAssessment& find(const VariantResults& variant, const std::string& activity)
{
  return *std::find_if(variant.activities.begin(), variant.activities.end(),
                       [&](const auto& a) { return a.activity == activity; });
}

std::vector<risk::FollowUpPoint> curve_of(const Plan& plan, const report::Results& results,
                                          const std::string& activity, Bound bound)
{
  std::vector<risk::FollowUpPoint> points = {point_of(0, find(at_scan(results, bound), activity))};
  for (std::size_t s = 0; s < plan.states.size(); ++s)
  {
    const FollowUpState& state = plan.states[s];
    if (state.bound != bound)
      continue;
    const bool scan = state.same_as == plan.states.size();
    points.push_back(
        point_of(state.months, find(scan ? at_scan(results, bound) : plan.found[s], activity)));
  }
  return points;
}

void add_activities(const FollowUpInput& input, const Plan& plan, const report::Results& results,
                    FollowUpResults& out)
{
  for (const risk::ActivityAssessment& scan : at_scan(results, Bound::worse).activities)
  {
    const auto& names = input.activities;
    if (!names.empty() && std::find(names.begin(), names.end(), scan.activity) == names.end())
      continue;
    risk::FollowUpActivity activity;
    activity.activity = scan.activity;
    activity.title = scan.title;
    activity.kind = scan.kind;
    activity.reference = scan.reference;
    activity.load_doubt = scan.load_doubt;
    activity.worse = curve_of(plan, results, scan.activity, Bound::worse);
    activity.better = curve_of(plan, results, scan.activity, Bound::better);
    activity.worse_crosses = risk::first_crossing(activity.worse, input.threshold);
    activity.better_crosses = risk::first_crossing(activity.better, input.threshold);
    out.criterion = scan.criteria.front().criterion;
    out.activities.push_back(std::move(activity));
  }
}

void add_lesions(const PatientSetting& setting, const Plan& plan, const report::Results& results,
                 FollowUpResults& out)
{
  for (std::size_t n = 0; n < setting.lesions.size(); ++n)
  {
    const lesion::Lesion& own = setting.lesions[n].lesion;
    report::FollowUpLesion lesion = {own.name, own.kind, own.in_ct, plan.rates[n], {}, {}};
    const report::FollowUpLesionState scan = {0, 0, results.lesions[n].volume_mm3, 0, 0, 0};
    lesion.worse = lesion.better = {scan};
    for (std::size_t s = 0; s < plan.states.size(); ++s)
    {
      const FollowUpState& state = plan.states[s];
      const lesion::LesionCourse& course = state.courses[n];
      const double volume =
          plan.lesion_volumes[s].empty() ? scan.volume_mm3 : plan.lesion_volumes[s][n];
      (state.bound == Bound::worse ? lesion.worse : lesion.better)
          .push_back({state.months, course.grown_mm, volume, course.gain_HU,
                      state.ash_gain_g_cm3[n], course.lost_share});
    }
    out.lesions.push_back(std::move(lesion));
  }
}

void add_dates(const FollowUpInput& input, const std::optional<std::string>& scan_date,
               FollowUpResults& out)
{
  out.months = {0};
  out.months.insert(out.months.end(), input.months.begin(), input.months.end());
  if (scan_date)
    for (const double months : out.months)
      out.dates.push_back(report::date_after(*scan_date, months));
}

FollowUpResults results_of(const FollowUpGround& ground, const Plan& plan,
                           const report::Results& results)
{
  const FollowUpInput& input = *ground.given->follow_up;
  FollowUpResults out;
  out.threshold = input.threshold;
  add_dates(input, ground.given->scan_date, out);
  const auto credit = lesion::credit_from_months(input.courses);
  out.credit = {credit.has_value(), credit.value_or(0)};
  if (std::any_of(input.courses.begin(), input.courses.end(),
                  [](const lesion::Course& c) { return c.treatment.recovery.has_value(); }))
    out.g_cm3_per_HU = plan.scale.g_cm3_per_HU;
  for (auto* left : {&out.whole_bone_left_worse, &out.whole_bone_left_better})
    left->push_back(1);
  for (const FollowUpState& state : plan.states)
    (state.bound == Bound::worse ? out.whole_bone_left_worse : out.whole_bone_left_better)
        .push_back(state.whole_bone_left);
  add_lesions(ground.setting, plan, results, out);
  out.treatments =
      treatment_results(input, ground.setting, plan.scale, ground.given->scan_date.value_or(""));
  add_activities(input, plan, results, out);
  out.assumptions = assumptions(input, ground.setting, plan.scale, plan.rates);
  out.advice =
      risk::follow_up_advice(out.activities, out.threshold, out.credit,
                             [&](double months) { return report::months_in_words(out, months); });
  for (std::size_t s = 0; s < plan.states.size(); ++s)
    out.solves += plan.states[s].same_as ? 0 : plan.found[s].solver.right_hand_sides;
  return out;
}

std::string title_of(const report::Results& results)
{
  return results.title.empty() ? "Follow-up" : results.title;
}
} // namespace

int follow_up_solves(const PatientCase& given, const PatientSetting& setting)
{
  return given.follow_up ? solves_of(setting, 2 * given.follow_up->months.size()) : 0;
}

void follow_in_time(const FollowUpGround& ground, voxel::Options options,
                    const ResultsFolder* folder, report::Results& results, MPI_Comm comm)
{
  int asked = ground.given && ground.given->follow_up ? 1 : 0;
  MPI_Bcast(&asked, 1, MPI_INT, 0, comm);
  if (!asked)
    return;
  Stage stage("follow in time", results.timings);
  const auto start = std::chrono::steady_clock::now();
  options.relative_residual = std::max(options.relative_residual, relative_residual);
  Plan plan;
  on_root(comm, [&] { plan = make_plan(ground, results); });
  solve_states(ground, plan, options, results, comm);
  on_root(comm,
          [&]
          {
            FollowUpResults found = results_of(ground, plan, results);
            found.seconds =
                std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
            write_text(folder->path() / "follow_up.csv", report::follow_up_csv(found));
            report::write_follow_up_picture(folder->path() / "follow_up.png", title_of(results),
                                            found);
            results.follow_up = std::move(found);
          });
}

} // namespace calcar::pipeline
