#pragma once

#include "pipeline/fixation_placing.hpp"
#include "report/results.hpp"
#include "risk/fixation_comparison.hpp"

namespace calcar::pipeline
{

/// An option as it was placed and put into voxels, before anything is solved.
report::FixationResults recorded(const FixationChoice& choice, const PlacedOption& option);

/**
 * The worst of an option's verdicts over the daily activities (over all, where none is daily) and
 * the states, with the interface that it is judged by.
 */
risk::OptionSummary summary_of(const report::FixationResults& option, double enough);

/// The bone alone likewise: where the segment is gone it holds nothing.
risk::OptionSummary summary_of_unfixed(const std::vector<report::UnfixedStateResults>& states,
                                       double enough);

/// "lesion as it is", "lesion grown", "segment gone".
std::string words_of(risk::BoneState state);

} // namespace calcar::pipeline
