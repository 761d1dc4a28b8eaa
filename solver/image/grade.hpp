#pragma once

#include "image/acquisition.hpp"
#include "image/volume.hpp"

#include <optional>
#include <string>
#include <vector>

namespace calcar::image
{

/// What is known about the inputs of a case. An empty optional is an unknown, which costs a grade
/// where it matters.
struct InputFacts
{
  /// "density", "linear", "rods", "mindways", "air_fat_muscle", "internal"; "phantomless" is any of
  /// the last two
  std::string calibration;
  std::string phantom; ///< "K2HPO4", "CHA"
  std::optional<double> calibration_r_squared;
  std::optional<double> calibration_residual_g_cm3;
  std::vector<std::string> patient_doubts; ///< the patient's own tissues contradict the calibration
  std::optional<double> slice_mm; ///< slice thickness, or slice spacing when that is all there is
  std::optional<double> pixel_mm; ///< in-plane spacing
  std::optional<std::string> kernel;
  std::optional<double> kvp;
  std::optional<double> calibration_kvp;
  std::optional<bool> contrast;       ///< contrast agent given
  std::optional<double> age_days;     ///< from scan to assessment
  std::optional<double> cut_area_cm2; ///< mask on the image border where the bone should end inside
  std::optional<double> metal_share;  ///< metal in the region / region
  std::optional<double> near_metal_share; ///< region within the streaks / region
  bool metal_expected = false;            ///< the case declares the implant
  bool mask_plausible = true;             ///< volume, one piece, on bone
  std::optional<double> dropped_share;    ///< of the mask, small pieces
  std::optional<double> mean_g_cm3;       ///< density inside the mask
  std::optional<double> most_g_cm3;
  bool axes_repaired = false;
};

/**
 * What the file of a scan tells. The slice is its thickness or, when that is unknown, the largest
 * spacing of the grid; the larger of both when they differ. A DICOM file without contrast agent is
 * taken as a scan without contrast.
 */
InputFacts facts_of(const Acquisition& acquisition, const Grid& grid);

struct CalibrationResult;

/// What a calibration came to, as facts.
void add_calibration(const CalibrationResult& calibration, InputFacts& facts);

/**
 * How far the inputs may be trusted: A good and documented, B minor unknowns, C serious doubt, D
 * the question cannot be answered ("cannot say"). It travels with every number.
 */
struct InputGrade
{
  char grade = 'A';
  std::vector<std::string>
      reasons; ///< worst first, each beginning with its grade: "C: slices of 4 mm (over 3 mm)"
};

/// The grade is that of the worst rule that applies; the rules and their thresholds are one table
/// in grade.cc.
InputGrade grade_input(const InputFacts& facts);

} // namespace calcar::image
