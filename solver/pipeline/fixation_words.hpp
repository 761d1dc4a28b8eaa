#pragma once

#include "pipeline/fixation_placing.hpp"
#include "risk/fixation.hpp"

#include <string>
#include <vector>

namespace calcar::pipeline
{

/// What the comparison of fixations rests on, one sentence each; what is unconfirmed is said so.
std::vector<std::string> fixation_assumptions(const FixationInput& input, const FixationPlan& plan,
                                              const risk::DailyCycles& cycles);

} // namespace calcar::pipeline
