#pragma once

#include "anatomy/find_anatomy.hpp"
#include "anatomy/rib_side.hpp"

namespace calcar::anatomy
{

/// Adds landmarks, measures, the centres along the rib and the ends to a bone whose frame is built.
/// `patient`: the image says how the patient lies.
void add_rib_landmarks(const RibLine& line, const RibDirections& rib, bool patient,
                       BoneAnatomy& bone);

} // namespace calcar::anatomy
