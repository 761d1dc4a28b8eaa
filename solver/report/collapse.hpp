#pragma once

#include "report/json_values.hpp"
#include "risk/fracture.hpp"

#include <string>
#include <vector>

namespace calcar::report
{

/// How the vertebrae of a path come down, as results.json has it; null of other bones. Loads in the
/// unit of the path's reference load.
Json collapse_json(const risk::FractureAssessment& path);

/// How the vertebrae come down, a line for each vertebra of each path; empty without vertebrae.
std::string collapse_table(const std::vector<risk::FractureAssessment>& paths);

/// Further columns of a path's CSV: the height each vertebra has lost, percent of its own. `step`
/// counts from 0. Empty without vertebrae; else with a comma before each.
std::string height_heads(const risk::FractureAssessment& path);
std::string height_cells(const risk::FractureAssessment& path, std::size_t step);

} // namespace calcar::report
