#pragma once

#include "report/results.hpp"

#include <nlohmann/json_fwd.hpp>

namespace calcar::report
{

/// An activity of a variant, as results.json has it: the linear criteria, loads, strains,
/// equilibrium.
nlohmann::ordered_json activity_json(const Results& results,
                                     const risk::ActivityAssessment& assessment);

} // namespace calcar::report
