#include "pipeline/patient_variant.hpp"

#include "base/text.hpp"

#include <cstddef>
#include <utility>

namespace calcar::pipeline
{
namespace
{
/// The summary of two sets of solves; one alone when there was none before.
analysis::SolverSummary merged(const analysis::SolverSummary& before,
                               const analysis::SolverSummary& more)
{
  return before.unknowns == 0 ? more : analysis::merge(before, more);
}
/// One past the last instant of the cycle that begins with this case; the next case when it is no
/// instant.
std::size_t end_of_activity(const std::vector<load::LoadCase>& cases, std::size_t first)
{
  std::size_t end = first + 1;
  while (cases[first].time_percent && end < cases.size() && cases[end].time_percent &&
         cases[end].file.path == cases[first].file.path)
    ++end;
  return end;
}

/// The activity that an instant belongs to: its name without the time that load::make_load_cases
/// appends.
std::string activity_of(const load::LoadCase& instant)
{
  const std::string time = " at " + format_number(instant.time_percent.value_or(0)) + " %";
  return instant.name.ends_with(time) ? instant.name.substr(0, instant.name.size() - time.size())
                                      : instant.name;
}
} // namespace

void judge_rig(const PatientSetting& setting, const RigCases& rig,
               const analysis::SolvedRig& solved, const VariantJudge& judge,
               report::VariantResults& out, report::Results& results)
{
  const PatientInputs& in = setting.inputs;
  for (std::size_t c = 0, end = 0; c < rig.cases.size(); c = end)
  {
    end = end_of_activity(rig.cases, c);
    const risk::JudgedBody body = judge.body(rig.cases[c], rig.rig);
    risk::JudgedCycle cycle;
    if (end > c + 1)
      cycle = risk::judge_cycle(
          body, [&](std::size_t n) { return solved.response(c + n); },
          {rig.cases.begin() + static_cast<std::ptrdiff_t>(c),
           rig.cases.begin() + static_cast<std::ptrdiff_t>(end)},
          in.protocol);
    const load::LoadCase& worst = rig.cases[c + cycle.worst];
    const analysis::Response response = solved.response(c + cycle.worst);
    risk::ActivityAssessment assessment = risk::assess(body, response, worst, rig.rig, in.protocol,
                                                       bones_of(in), results.body_weight_N);
    if (worst.time_percent)
      assessment.activity = activity_of(worst);
    assessment.cycle = std::move(cycle.instants);
    for (const analysis::Reaction& reaction : assessment.reactions)
      results.supports.push_back({reaction.support, out.name, assessment.activity, reaction.force});
    judge.finish(assessment, response);
    assessment.utilisation_field = {};
    out.activities.push_back(std::move(assessment));
  }
  out.solver = merged(out.solver, solved.solver);
}

void record_variant(const PatientCase& given, report::VariantResults variant,
                    report::Results& results)
{
  sort_activities(given, variant);
  results.solver = merged(results.solver, variant.solver);
  results.variants.push_back(std::move(variant));
}

} // namespace calcar::pipeline
