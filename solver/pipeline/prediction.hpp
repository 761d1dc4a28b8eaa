#pragma once

#include "model/voxel_body.hpp"
#include "pipeline/pipeline.hpp"

namespace calcar::pipeline
{

/// Predicts size, memory and time of `solves` right-hand sides on a body; the constants stand in
/// prediction.cc.
Prediction predict(const model::VoxelBody& body, int solves, int ranks);

} // namespace calcar::pipeline
