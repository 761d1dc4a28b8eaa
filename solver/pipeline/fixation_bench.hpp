#pragma once

#include "analysis/solve_rig.hpp"
#include "pipeline/fixation_stage.hpp"
#include "pipeline/patient_variant.hpp"
#include "report/results.hpp"

#include <optional>
#include <vector>

namespace calcar::pipeline
{

/// A body of a comparison in one rig: which state of the bone, which option with which of its
/// hardware; option -1 is the bone alone. Plain numbers, sent to all ranks.
struct FixationJob
{
  int state = 0; ///< index into FixationInput::states
  int option = -1;
  int hardware = 0;
  int rig = 0;
};

/// The work of a comparison and what has been found so far; on rank 0.
struct FixationBench
{
  std::vector<RigCases> rigs; ///< with the load cases that are looked at
  std::vector<FixationJob> jobs;
  std::optional<StateBody> bone; ///< in the state of the present job
  int bone_state = -1;
  report::FixationsResults found;
};

/// Everything but the verdicts.
FixationBench make_bench(const FixationGround& ground, report::Results& results);

/// A solved body with hardware.
struct SolvedOption
{
  const model::VoxelModel& body;
  const analysis::SolvedRig& solved;
};

/// Judges the activities of a job and puts what was found into the bench. Fields of the state as_is
/// are written into the folder.
void judge_job(const FixationGround& ground, const FixationJob& job, const SolvedOption& solved,
               const ResultsFolder& folder, FixationBench& bench, report::Results& results);

/// Ranks the options and puts activities in the order in which the case names them.
void finish(const FixationGround& ground, FixationBench& bench);

} // namespace calcar::pipeline
