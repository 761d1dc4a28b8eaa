#pragma once

#include "analysis/solve_rig.hpp"
#include "pipeline/patient_setting.hpp"
#include "report/results.hpp"
#include "risk/assessment.hpp"

#include <functional>

namespace calcar::pipeline
{

/// What a body, of voxels or a mesh, adds to the judging of its responses.
struct VariantJudge
{
  /// The body as the criteria see it for one load case.
  std::function<risk::JudgedBody(const load::LoadCase&, const load::Rig&)> body;
  /// Completes an assessment and writes the fields of its activity.
  std::function<void(risk::ActivityAssessment&, const analysis::Response&)> finish;
};

/// Judges the responses of one rig in turn, each let go of before the next. The instants of a cycle
/// (load cases of one file that tell a time) give one verdict, that of the worst instant. Verdicts
/// go into `out`, reactions into `results`.
void judge_rig(const PatientSetting& setting, const RigCases& rig,
               const analysis::SolvedRig& solved, const VariantJudge& judge,
               report::VariantResults& out, report::Results& results);

/// Puts a variant with its name and measures, and the solver's summary, into the results.
void record_variant(const PatientCase& given, report::VariantResults variant,
                    report::Results& results);

} // namespace calcar::pipeline
