#pragma once

#include "load/activity.hpp"
#include "load/load_case.hpp"

namespace calcar::load
{

/**
 * The activity on this bone of this patient: every force in N and LPS, on an area of the activity's
 * rig. Body weight is mass * 9.81. A muscle whose area is not in the image (its landmark absent, or
 * the area below the distal end) is dropped and named in the warnings. Throws InputError for an
 * activity of another bone, an impossible or missing patient, an area the rig does not have, and
 * (data) when the place of the reference force was not found on the bone.
 */
LoadCase make_load_case(const Activity& activity, const anatomy::BoneAnatomy& bone,
                        const Patient& patient);

} // namespace calcar::load
