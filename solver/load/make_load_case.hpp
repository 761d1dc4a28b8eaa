#pragma once

#include "load/activity.hpp"
#include "load/bones.hpp"
#include "load/load_case.hpp"

#include <string>
#include <vector>

namespace calcar::load
{

/**
 * The activity on this bone of this patient: every force in N and LPS, on an area of the activity's
 * rig. Body weight is mass * 9.81. A muscle whose area is not in the image (its landmark absent, or
 * the area below the distal end) is dropped and named in the warnings, unless the others are not in
 * balance without it. Of a cycle it is the instant of largest reference load. A load that is for
 * research only says so in the warnings. Throws InputError for an activity of another bone, an
 * impossible or missing patient, an area the rig does not have, a vertebra without a level where
 * the load depends on it, and (data) when the place of the reference force, or of a force that may
 * not be dropped, was not found on the bone.
 */
LoadCase make_load_case(const Activity& activity, const anatomy::BoneAnatomy& bone,
                        const Patient& patient);

/// All instants of a cycle in the order of time, on the same areas of one rig; of any other
/// activity the one load case.
std::vector<LoadCase> make_load_cases(const Activity& activity, const anatomy::BoneAnatomy& bone,
                                      const Patient& patient);

/// The same on these bones: of a segment the load is that of its top vertebra, on areas of the rig
/// that takes the place of the activity's (Activity on a segment: `for_segment`).
std::vector<LoadCase> make_load_cases(const Activity& activity, Bones bones,
                                      const Patient& patient);

/// An activity of one vertebra as it loads a segment: in the rig made for that. Throws InputError
/// (command) at `place` when no rig of a segment takes the place of the activity's, listing the
/// activities that run.
Activity for_segment(Activity activity, const std::string& place);

/// Names of the shipped activities that make sense on this bone or piece of it, sorted: those whose
/// load case and rig can be made on it, whatever the patient weighs.
std::vector<std::string> possible_activities(const anatomy::BoneAnatomy& bone);

} // namespace calcar::load
