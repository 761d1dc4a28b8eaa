#pragma once

#include "anatomy/synthetic_bone.hpp"

#include <string>

namespace calcar::app
{

/// A phantom about to be written: what was made, and as what.
struct Phantom
{
  anatomy::SyntheticPerson person;
  anatomy::ScanSettings settings;
  anatomy::SyntheticScan scan;
  std::string image; ///< name of its file
};

/// The true frame, landmarks, measures and rods as JSON.
std::string truth_json(const anatomy::SyntheticScan& scan);

/// A case file that runs: the patient, the bone, its calibration, activities of this bone (daily
/// ones first) and, in an adult, a lytic lesion.
std::string case_text(const Phantom& phantom);

} // namespace calcar::app
