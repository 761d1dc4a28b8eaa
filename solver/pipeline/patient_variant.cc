#include "pipeline/patient_variant.hpp"

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
} // namespace

void judge_rig(const PatientSetting& setting, const RigCases& rig, analysis::RigResult& solved,
               const VariantJudge& judge, report::VariantResults& out, report::Results& results)
{
  const PatientInputs& in = setting.inputs;
  for (std::size_t c = 0; c < rig.cases.size(); ++c)
  {
    analysis::Response& response = solved.responses[c];
    risk::ActivityAssessment assessment =
        risk::assess(judge.body(rig.cases[c], rig.rig), response, rig.cases[c], rig.rig,
                     in.protocol, in.bone, results.body_weight_N);
    for (const analysis::Reaction& reaction : assessment.reactions)
      results.supports.push_back({reaction.support, out.name, assessment.activity, reaction.force});
    judge.finish(assessment, response);
    assessment.utilisation_field = {};
    response = {};
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
