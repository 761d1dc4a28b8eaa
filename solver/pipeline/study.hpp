#pragma once

#include "pipeline/pipeline.hpp"
#include "pipeline/results_folder.hpp"

namespace calcar::pipeline
{

/// Runs a study; fills `outcome` and writes fields into `folder` (null in a dry run). Collective;
/// `study` and `folder` are read on rank 0.
void run_study(const Case& given, ResultsFolder* folder, Outcome& outcome, MPI_Comm comm);

} // namespace calcar::pipeline
