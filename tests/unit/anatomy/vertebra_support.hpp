#pragma once

#include "anatomy/find_anatomy.hpp"
#include "anatomy/synthetic_bone.hpp"

#include <string>

namespace calcar::anatomy::test
{

/// A synthetic vertebra with how it lies in the scanner.
struct VertebraCase
{
  SyntheticPerson person;
  ScanSettings settings;
};

/// The n-th of a fixed row of vertebrae in 2 to 3 mm voxels, some of them longer than wide: levels,
/// sizes, ages, densities and poses differ.
VertebraCase varied_vertebra(int n);

/// The vertebra as it lies in a patient, turned by 10 degrees about each axis, 2 mm voxels.
VertebraCase patient_vertebra(const std::string& level);

SyntheticScan scan_of(const VertebraCase& given);

/// The scan of `patient_vertebra`, made once.
const SyntheticScan& patient_scan(const std::string& level);

/// The bone of a scan, without its neighbours.
image::Mask bone_of(const SyntheticScan& scan);

/// The body of a vertebra without anything behind it, as it lies in a patient, 2 mm voxels: 44 mm
/// wide, 32 mm deep, 26 mm high, its posterior wall hollow, its middle at (0, 0, 0).
image::Mask body_alone();

/// What find_vertebra says against a mask; "" when nothing.
std::string vertebra_refusal(const image::Mask& mask, const AnatomyOptions& options = {});

AnatomyOptions vertebra_in_a_tube();

} // namespace calcar::anatomy::test
