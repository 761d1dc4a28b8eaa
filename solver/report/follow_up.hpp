#pragma once

#include "report/results.hpp"

#include <nlohmann/json_fwd.hpp>

#include <filesystem>
#include <string>

namespace calcar::report
{

/// The part "follow_up" of results.json.
nlohmann::ordered_json follow_up_json(const FollowUpResults& results);

/// Utilisation of each activity at each date in both bounds, when it reaches the threshold, the
/// advice, and what is unconfirmed. Empty without a follow-up.
std::string follow_up_table(const Results& results);

/// One row per activity, bound and date; RFC 4180.
std::string follow_up_csv(const FollowUpResults& results);

/**
 * Draws utilisation over the months for each activity: both bounds with the band between them, the
 * threshold, the date at which the worse bound reaches it, the date before which no recovery is
 * credited, and the assumptions underneath. PNG. Throws InputError (command) when it cannot be
 * written.
 */
void write_follow_up_picture(const std::filesystem::path& file, const std::string& title,
                             const FollowUpResults& results);

} // namespace calcar::report
