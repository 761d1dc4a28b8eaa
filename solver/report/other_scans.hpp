#pragma once

#include "report/results.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string>

namespace calcar::report
{

/// Adds "contralateral", "candidates" and "earlier_scan" to results.json, each where it was asked
/// for.
void add_other_scans(nlohmann::ordered_json& json, const Results& results);

/// The same for the terminal; empty when nothing was asked for.
std::string other_scans_table(const Results& results);

} // namespace calcar::report
