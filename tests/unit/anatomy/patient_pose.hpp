#pragma once

#include "anatomy/find_anatomy.hpp"
#include "anatomy/synthetic_bone.hpp"

#include <random>

namespace calcar::anatomy::test
{

/// A scan of someone who lies somewhere in the scanner, turned by up to 35 degrees.
ScanSettings as_a_patient_may_lie(std::mt19937& random, double voxel_mm);

/// Checks side, frame (3 degrees, 3 mm) and every true landmark (3 mm).
void check_against(const BoneAnatomy& bone, const BoneAnatomy& truth);

} // namespace calcar::anatomy::test
