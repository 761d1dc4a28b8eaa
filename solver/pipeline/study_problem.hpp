#pragma once

#include "base/warning.hpp"
#include "model/voxel_body.hpp"
#include "pipeline/case.hpp"

#include <vector>

namespace calcar::pipeline
{

/// A study made ready to solve; on rank 0.
struct StudyProblem
{
  model::VoxelBody body;
  model::VoxelSupports supports;
  std::vector<model::NodalForce> forces;
  Warnings warnings;
  std::vector<Source> sources; ///< the images read
};

/**
 * Reads the images of a study, each once and from front to back, and makes its body, supports and
 * forces. No image is held as a whole unless its format demands it (then in its stored type).
 * Pieces that touch no support and parts that can swing on hinges are left out with warnings
 * (loose_parts.hpp).
 *
 * Throws InputError: what the readers refuse, labels on another grid than the moduli or not there,
 * regions without an outward face, supports that contradict each other, a loaded piece or part that
 * nothing holds.
 */
StudyProblem prepare_study(const StudyCase& study);

} // namespace calcar::pipeline
