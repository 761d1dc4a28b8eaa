#pragma once

#include "pipeline/pipeline.hpp"
#include "pipeline/results_folder.hpp"

namespace calcar::pipeline
{

/**
 * Runs the case of a patient on a mesh, read from its file or made from the mask; fills `outcome`
 * and writes fields into `folder` (null in a dry run). Healthy twin and bone as it is share one
 * mesh. Collective; the case and the folder are read on rank 0.
 */
void run_patient_on_mesh(const Case& given, ResultsFolder* folder, Outcome& outcome, MPI_Comm comm);

} // namespace calcar::pipeline
