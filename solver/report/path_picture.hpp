#pragma once

#include "report/chart.hpp"
#include "report/results.hpp"

#include <filesystem>
#include <string>

namespace calcar::report
{

/**
 * Load over displacement of one activity, a curve for each variant that was followed to fracture:
 * with marks for the first yield, the yield of the bone (5 % of its stiffness lost), the ultimate
 * load and the load by the linear criterion, in N or N m, mm or degrees, and as multiples of the
 * body weight where the load is a force. Words beneath say what it rests on and what is not
 * confirmed. Throws std::invalid_argument when no variant was followed in the activity.
 */
Chart path_chart(const Results& results, const std::string& activity);

/// Writes path_ACTIVITY.png into a folder for each activity that was followed to fracture; nothing
/// without one. Throws InputError (command) when a file cannot be written.
void write_path_pictures(const Results& results, const std::filesystem::path& folder);

} // namespace calcar::report
