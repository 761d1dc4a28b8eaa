#pragma once

#include "pipeline/follow_up_states.hpp"
#include "report/follow_up_results.hpp"

#include <string>
#include <vector>

namespace calcar::pipeline
{

/// The treatments of a case with what they do in both bounds, their sources and what is unconfirmed
/// about them. `scan_date` may be empty.
std::vector<report::FollowUpTreatment> treatment_results(const FollowUpInput& input,
                                                         const PatientSetting& setting,
                                                         const GainScale& scale,
                                                         const std::string& scan_date);

/// What the months to come rest on, one sentence each.
std::vector<std::string> assumptions(const FollowUpInput& input, const PatientSetting& setting,
                                     const GainScale& scale, const std::vector<double>& rates);

/// Doubts that travel with the results: rates beyond the usual, kinds of lesions without figures,
/// treatments that meet, figures taken from another bone.
Warnings follow_up_warnings(const FollowUpInput& input, const PatientSetting& setting,
                            const std::vector<double>& rates);

} // namespace calcar::pipeline
