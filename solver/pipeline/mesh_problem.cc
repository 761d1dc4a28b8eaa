#include "pipeline/mesh_problem.hpp"

#include "base/error.hpp"
#include "base/log.hpp"
#include "mesh/defects.hpp"
#include "mesh/length_unit.hpp"
#include "mesh/read_mesh.hpp"
#include "mesh/repair.hpp"
#include "pipeline/mesh_case.hpp"

namespace calcar::pipeline
{
namespace
{
/// The mesh of the case: from its file, or made from the mask with the lesions' interfaces.
mesh::Mesh make_mesh(const MeshInput& input, const PatientSetting& setting,
                     report::Results& results)
{
  mesh::Mesh mesh;
  if (input.file.empty() && input.hexahedra)
    mesh = hexahedra_of_case(setting.inputs, input.sizes.edge_mm, results.warnings);
  else if (input.file.empty())
  {
    mesh::MeshedSolid made = mesh_of_case(setting.inputs, setting.lesions, input.sizes);
    append(results.warnings, made.warnings);
    mesh = std::move(made.mesh);
  }
  else
  {
    mesh::ReadMesh read = mesh::read_mesh(
        input.file, input.unit.empty() ? 1 : mesh::mm_per_unit(input.unit, input.place));
    if (input.unit.empty())
      mesh::require_millimetres(mesh::box(read.mesh), input.file.string(),
                                anatomy::to_string(setting.inputs.bone.kind));
    append(results.warnings, read.warnings);
    results.sources.push_back(read.mesh.source);
    results.sources.insert(results.sources.end(), read.included.begin(), read.included.end());
    mesh::RepairedMesh repaired = mesh::repair(std::move(read.mesh));
    append(results.warnings, repaired.warnings);
    append(results.warnings, mesh::require_sound(repaired.mesh));
    mesh = std::move(repaired.mesh);
    if (input.refine_to && mesh.shape != mesh::CellShape::hexahedron)
      throw InputError(Fault::data,
                       {input.place,
                        "refine_to is given, and " + input.file.string() + " holds tetrahedra",
                        "a file of hexahedra",
                        "remove refine_to and use a finer mesh, or leave out file and set cells = "
                        "\"hexahedra\"",
                        ""});
  }
  mesh.degree = input.order;
  return mesh;
}

double mean_edge(const mesh::Mesh& mesh)
{
  double sum = 0;
  std::size_t count = 0;
  for (std::size_t c = 0; c < mesh.cells(); ++c)
    for (const mesh::CellEdge& edge : mesh::reference_cell(mesh.shape).edges)
    {
      sum += norm(mesh.points[mesh.cell(c)[edge[1]]] - mesh.points[mesh.cell(c)[edge[0]]]);
      ++count;
    }
  return count > 0 ? sum / static_cast<double>(count) : 0;
}

void record_mesh(const MeshInput& input, const mesh::MeshModel& model, report::Results& results)
{
  report::MeshResults& out = results.mesh.emplace();
  out.shape = mesh::to_string(model.mesh.shape);
  out.degree = model.mesh.degree;
  out.cells = model.mesh.cells();
  out.points = model.mesh.points.size();
  out.mean_edge_mm = mean_edge(model.mesh);
  out.regions = model.mesh.regions;
  out.file = input.file.string();
  out.materials_at = input.materials_at == MaterialsAt::cells ? "cells" : "integration_points";
  out.surface_density =
      mesh::surface_density_names()[static_cast<std::size_t>(input.surface_density)];
  out.outside_mask = model.outside_mask;
}

/// The healthy twin, and the bone with its lesions where it has any, on one mesh.
std::vector<MeshVariant> make_variants(const MeshInput& input, const PatientSetting& setting,
                                       const mesh::Mesh& mesh,
                                       const std::vector<mesh::FaceOfCell>* boundary)
{
  const PatientInputs& in = setting.inputs;
  mesh::MappingOptions options;
  options.surface = input.surface_density;
  options.place = input.place;
  if (boundary)
    options.boundary = *boundary;
  if (input.materials_at == MaterialsAt::integration_points)
    options.points = solid::integration_points(mesh);
  const auto mapped =
      [&](const image::Volume& density, const std::vector<lesion::PlacedLesion>& lesions)
  {
    const model::MaterialField field({density, in.envelope, in.protocol, lesions,
                                      in.growth_plates ? &*in.growth_plates : nullptr});
    return mesh::map_materials(mesh, field, options);
  };
  std::vector<MeshVariant> variants;
  if (!setting.lesions.empty())
    variants.push_back({"healthy twin", mapped(twin_density(setting), {})});
  for (const lesion::Reading& reading : lesion::readings(setting.lesions))
    variants.push_back({reading.name, mapped(in.density, reading.lesions)});
  return variants;
}

void put_loads(solid::BoundaryNodes boundary, MeshProblem& problem)
{
  problem.boundary = std::move(boundary);
  problem.rigs = problem.setting.rigs;
  settle(problem.rigs, problem.boundary.points);
}
} // namespace

void refuse_layers(const MeshInput& input, const std::vector<RigCases>& rigs)
{
  std::vector<Problem> problems;
  for (const RigCases& rig : rigs)
    if (!rig.rig.layers.empty())
      problems.push_back({input.place,
                          "the loads of \"" + rig.cases.front().name +
                              "\" reach the bone through \"" + rig.rig.layers.front().name +
                              "\" of rig \"" + rig.rig.name +
                              "\", a layer beside the bone, which a mesh does not hold",
                          "activities of rigs without layers, or method = \"voxel\"",
                          "set method = \"voxel\", or leave out the activities of this rig", ""});
  if (!problems.empty())
    throw InputError(Fault::command, problems);
}

MeshProblem prepare_mesh_problem(const PatientCase& given, report::Results& results)
{
  MeshProblem problem;
  problem.setting = prepare_setting(given, results);
  refuse_layers(given.mesh, problem.setting.rigs);
  mesh::Mesh mesh;
  {
    Stage stage("mesh", results.timings);
    mesh = make_mesh(given.mesh, problem.setting, results);
  }
  Stage stage("model", results.timings);
  problem.variants = make_variants(given.mesh, problem.setting, mesh, nullptr);
  const mesh::MeshModel& as_is = problem.variants.back().model;
  record_mesh(given.mesh, as_is, results);
  record_lesions(problem.setting, as_is.lesion_volume_mm3, as_is.volume_mm3, results);
  put_loads(solid::boundary_nodes(mesh), problem);
  return problem;
}

void move_onto(const solid::RefinedMesh& refined, const PatientCase& given, MeshProblem& problem)
{
  problem.variants = make_variants(given.mesh, problem.setting, refined.mesh, &refined.boundary);
  problem.hanging = refined.hanging;
  put_loads(solid::boundary_nodes(refined.mesh, refined.boundary), problem);
}

void record_refined(const PatientCase& given, const MeshProblem& problem,
                    report::RefinementResults refinement, report::Results& results)
{
  const mesh::MeshModel& as_is = problem.variants.back().model;
  record_mesh(given.mesh, as_is, results);
  results.mesh->refinement = std::move(refinement);
  report::Results again; // its warnings stand in the results already
  record_lesions(problem.setting, as_is.lesion_volume_mm3, as_is.volume_mm3, again);
  results.lesions = std::move(again.lesions);
}

} // namespace calcar::pipeline
