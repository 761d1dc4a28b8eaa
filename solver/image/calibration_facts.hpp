#pragma once

#include "image/calibration.hpp"

#include <map>
#include <string>

namespace calcar::image
{

/// What a calibration came to, as names and values for results: slope, intercept and their
/// deviations, the density's deviation at told densities, the difference to other references, what
/// the patient's tissues read, widenings and doubts. Only what is known is there.
std::map<std::string, std::string> calibration_facts(const CalibrationResult& result);

} // namespace calcar::image
