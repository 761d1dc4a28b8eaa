#pragma once

#include "report/results.hpp"

#include <nlohmann/json_fwd.hpp>

namespace calcar::report
{

/// A mesh that was solved, as results.json has it: size, quality, layers, refinement.
nlohmann::ordered_json mesh_json(const MeshResults& mesh);

} // namespace calcar::report
