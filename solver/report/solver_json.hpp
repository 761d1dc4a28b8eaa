#pragma once

#include "analysis/response.hpp"

#include <nlohmann/json_fwd.hpp>

namespace calcar::report
{

/// What the solves of a variant took, as results.json has it.
nlohmann::ordered_json solver_json(const analysis::SolverSummary& solver);

} // namespace calcar::report
