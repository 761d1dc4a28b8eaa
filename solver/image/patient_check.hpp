#pragma once

#include "image/acquisition.hpp"
#include "image/calibration.hpp"

#include <optional>
#include <string>

namespace calcar::image
{

/**
 * Compares the patient's own air, fat and muscle with what they should read, by the thresholds of
 * materials/calibrations/patient_check.toml:
 *
 * - in HU, whatever the calibration: a deviation means that the scale of the image is off, or that
 *   the patient was given contrast agent;
 * - in density, for calibrations by phantom or by given numbers: outside the span of the reference
 *   densities by more than the tolerance, the calibration is not that of this scan.
 *
 * Each deviation becomes a warning "patient_check" with the numbers and an entry of
 * `patient_doubts`, which lowers the grade. Tissues that are not found are told by one warning
 * "patient_check_incomplete". `place` is the image.
 */
void check_patient(const TissuePeaks& peaks, const std::string& place, CalibrationResult& result);

/**
 * Widens the interval of density by the named rules of the same file: another tube voltage than
 * that of the calibration (relative), a contrast agent (absolute: the upper end of the rise in HU
 * times the slope). Each widening is told by a warning.
 */
void widen_for_acquisition(const Acquisition& acquisition, std::optional<double> calibration_kvp,
                           CalibrationResult& result);

} // namespace calcar::image
