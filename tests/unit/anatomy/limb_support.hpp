#pragma once

#include "anatomy/find_anatomy.hpp"
#include "anatomy/synthetic_bone.hpp"

#include <optional>
#include <set>
#include <string>

/// What the tests of the bones of limbs share.
namespace calcar::anatomy::test
{

/// A limb's bone of the n-th random person in the n-th random pose of any rotation, even numbers
/// being left ones, cropped in its own coordinates.
SyntheticScan posed_limb(BoneKind kind, int n, double voxel_mm, Crop crop = {},
                         std::optional<double> age = {});

/// A left bone as it lies in a patient, in 2 mm voxels.
SyntheticScan standard_limb(BoneKind kind);

/// Options of a bone outside the body.
AnatomyOptions specimen();

/// The side is right, every landmark of the truth but those `not_told` of every part is found
/// within 3 mm, every axis within 3 degrees.
void check_limb(const BoneAnatomy& found, const BoneAnatomy& truth,
                const std::set<std::string>& not_told);

/// The centre of the thinnest place lies on the shaft's line, and along it within 2 cm: the shaft
/// is nearly a tube.
void check_isthmus(const BoneAnatomy& found, const BoneAnatomy& truth);

} // namespace calcar::anatomy::test
