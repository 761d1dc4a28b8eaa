#include "report/mesh_json.hpp"

#include "report/json_values.hpp"

#include <nlohmann/json.hpp>

namespace calcar::report
{
namespace
{
Json refinement_json(const RefinementResults& refinement)
{
  Json steps = Json::array();
  for (const RefinementStep& step : refinement.steps)
    steps.push_back({{"cells", step.cells},
                     {"unknowns", step.unknowns},
                     {"relative_error", number(step.relative_error)}});
  return {{"refine_to", number(refinement.refine_to)},
          {"reached", refinement.reached},
          {"ended_by", refinement.ended_by},
          {"steps", steps}};
}
} // namespace

Json mesh_json(const MeshResults& mesh)
{
  Json json = {{"shape", mesh.shape},
               {"degree", mesh.degree},
               {"cells", mesh.cells},
               {"points", mesh.points},
               {"mean_edge_mm", number(mesh.mean_edge_mm)},
               {"regions", mesh.regions},
               {"file", mesh.file.empty() ? Json(nullptr) : Json(mesh.file)},
               {"materials_at", mesh.materials_at},
               {"surface_density", mesh.surface_density},
               {"share_outside_mask", number(mesh.outside_mask)}};
  json["smallest_angle_deg"] = number(mesh.smallest_angle_deg);
  json["rigs"] = mesh.rigs;
  for (const MeshLayerResults& layer : mesh.layers)
    json["layers"].push_back(
        {{"name", layer.name}, {"cells", layer.cells}, {"volume_mm3", number(layer.volume_mm3)}});
  if (mesh.refinement)
    json["refinement"] = refinement_json(*mesh.refinement);
  return json;
}

} // namespace calcar::report
