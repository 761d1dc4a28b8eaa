#include "report/solver_json.hpp"

#include "report/json_values.hpp"

#include <nlohmann/json.hpp>

namespace calcar::report
{

nlohmann::ordered_json solver_json(const analysis::SolverSummary& solver)
{
  const bool mesh = solver.method == analysis::Method::mesh;
  Json json = {{"method", analysis::to_string(solver.method)},
               {"unknowns", solver.unknowns},
               {mesh ? "cells" : "voxels", solver.elements}};
  if (!mesh)
    json["levels"] = solver.levels;
  json["right_hand_sides"] = solver.right_hand_sides;
  json["iterations"] = solver.iterations;
  json["iterations_total"] = solver.iterations_total;
  if (solver.newton_total > 0)
    json["contact_systems"] = solver.newton_total;
  json["relative_residual"] = number(solver.relative_residual);
  if (mesh)
    json["preconditioner"] = solver.preconditioner;
  else
    json["coarse_space"] = solver.aggregation ? "aggregation" : "geometric";
  json["seconds"] = number(solver.seconds);
  if (solver.check)
    json["check"] = {{"displacement_difference", number(solver.check->displacement_difference)},
                     {"reaction_difference", number(solver.check->reaction_difference)},
                     {"energy_difference", number(solver.check->energy_difference)},
                     {"unknowns", solver.check->unknowns},
                     {"seconds", number(solver.check->seconds)}};
  return json;
}

} // namespace calcar::report
