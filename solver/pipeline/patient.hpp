#pragma once

#include "pipeline/pipeline.hpp"
#include "pipeline/results_folder.hpp"

namespace calcar::pipeline
{

/// Runs the case of a patient; fills `outcome` and writes fields into `folder` (null in a dry run).
/// Collective; the case and the folder are read on rank 0.
void run_patient(const Case& given, ResultsFolder* folder, Outcome& outcome, MPI_Comm comm);

} // namespace calcar::pipeline
