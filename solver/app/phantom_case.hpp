#pragma once

#include "anatomy/synthetic_segment.hpp"

#include <string>

namespace calcar::app
{

/// A phantom about to be written: what was made, and as what.
struct Phantom
{
  std::string bone; ///< "femur", "spine_segment"
  anatomy::SyntheticPerson person;
  anatomy::ScanSettings settings;
  anatomy::SyntheticScan scan;
  anatomy::SyntheticSegment bones; ///< of a bone alone, that one
  std::string image;               ///< name of its file
};

/// Where the growth plates of a segment are labelled.
inline const std::string growth_plates_file = "growth_plates.nii.gz";

/// The true frame, landmarks, measures and rods as JSON; of a segment those of each vertebra, with
/// the discs and the lordosis.
std::string truth_json(const Phantom& phantom);

/// Stands in the case file in the place of activities when the scan shows too little for any.
inline const std::string no_activity = "no activity that comes with Calcar is possible on this "
                                       "piece of the bone: name one of your own";

/// A case file that runs: the patient, the bone, its calibration, activities that are possible on
/// what the scan shows of this bone (daily ones first) and, in an adult, a lytic lesion.
std::string case_text(const Phantom& phantom);

} // namespace calcar::app
