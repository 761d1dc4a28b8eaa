#pragma once

#include "pipeline/inputs.hpp"
#include "pipeline/results_folder.hpp"
#include "report/results.hpp"

namespace calcar::pipeline
{

/// Writes landmarks.png, the found anatomy for a person to check, with what the results warn of it;
/// its time is the stage "draw the landmarks" of the results.
void write_anatomy_picture(const PatientInputs& inputs, report::Results& results,
                           const ResultsFolder& folder);

} // namespace calcar::pipeline
