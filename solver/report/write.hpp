#pragma once

#include "report/results.hpp"

#include <filesystem>
#include <string>

namespace calcar::report
{

/// The version of results.json's schema (cases/schema/results.schema.json).
constexpr const char* results_schema = "calcar-results/1";

/// results.json as text, two spaces indented. Infinite load factors are null.
std::string results_json(const Results& results);

/// One row per variant and activity, with a header; RFC 4180.
std::string summary_csv(const Results& results);

/// provenance.json: hashes of inputs, versions, command, ranks.
std::string provenance_json(const Results& results);

/// What the program prints at the end: utilisation of each activity by variant, accidents in a
/// block of their own, and the input grade.
std::string terminal_table(const Results& results);

} // namespace calcar::report
