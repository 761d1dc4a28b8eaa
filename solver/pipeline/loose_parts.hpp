#pragma once

#include "pipeline/study_problem.hpp"

namespace calcar::pipeline
{

/**
 * Leaves out what could not be solved: pieces that touch no support, and in pieces that are held
 * the parts that hang on edges or corners of voxels as on hinges and can swing (voxel/hinges.hpp).
 * Supports and forces on nodes that vanish go with them; each kind gives a warning with its share
 * of the volume. Pieces that supports touch but leave free stay: the engine refuses them in words.
 *
 * Throws InputError (data) when a force, or for a swinging part a displacement, acts on a node that
 * would vanish, and when nothing would be left.
 */
void leave_out_loose(StudyProblem& problem);

} // namespace calcar::pipeline
