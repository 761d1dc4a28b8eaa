#include "pipeline/mesh_problem.hpp"

#include "base/error.hpp"
#include "base/log.hpp"
#include "mesh/defects.hpp"
#include "mesh/length_unit.hpp"
#include "mesh/quality.hpp"
#include "mesh/read_mesh.hpp"
#include "mesh/repair.hpp"
#include "pipeline/fracture_stage.hpp"
#include "pipeline/mesh_case.hpp"
#include "solid/staircase.hpp"

#include <algorithm>

namespace calcar::pipeline
{
namespace
{
mesh::Mesh read_given_mesh(const MeshInput& input, const PatientSetting& setting,
                           report::Results& results)
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
  if (input.refine_to && repaired.mesh.shape != mesh::CellShape::hexahedron)
    throw InputError(Fault::data,
                     {input.place,
                      "refine_to is given, and " + input.file.string() + " holds tetrahedra",
                      "a file of hexahedra",
                      "remove refine_to and use a finer mesh, or leave out file and set cells = "
                      "\"hexahedra\"",
                      ""});
  return std::move(repaired.mesh);
}

/// A mesh of the case: from its file, or made from the mask with the lesions' interfaces and, where
/// it has any, the layers of a rig.
mesh::Mesh make_mesh(const MeshInput& input, const PatientSetting& setting, const load::Rig& rig,
                     report::Results& results)
{
  mesh::Mesh mesh;
  if (!input.file.empty())
    mesh = read_given_mesh(input, setting, results);
  else
  {
    Warnings warnings;
    if (input.hexahedra)
      mesh = hexahedra_of_case(setting.inputs, input.sizes.edge_mm, warnings, &rig);
    else
    {
      mesh::MeshedSolid made = mesh_of_case(setting.inputs, setting.lesions, input.sizes, &rig);
      warnings = std::move(made.warnings);
      mesh = std::move(made.mesh);
    }
    add_once(results.warnings, warnings);
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

double smallest_angle(const mesh::Mesh& mesh)
{
  double smallest = 180;
  for (std::size_t c = 0; c < mesh.cells(); ++c)
    smallest = std::min(smallest, mesh::quality(mesh, c).smallest_angle);
  return smallest;
}

std::vector<report::MeshLayerResults> layers_of(const MeshBody& body)
{
  const mesh::MeshModel& model = body.variants.back().model;
  std::vector<report::MeshLayerResults> layers;
  for (const mesh::LayerRegion& layer : body.layers)
  {
    const auto& regions = model.mesh.region;
    layers.push_back(
        {model.mesh.regions[layer.region],
         static_cast<std::uint64_t>(std::count(regions.begin(), regions.end(), layer.region)),
         model.layer_volume_mm3[layers.size()]});
  }
  return layers;
}

report::MeshResults mesh_results(const MeshInput& input, const MeshBody& body)
{
  const mesh::MeshModel& model = body.variants.back().model;
  report::MeshResults out;
  for (const RigCases& rig : body.rigs)
    out.rigs.push_back(rig.rig.name);
  out.layers = layers_of(body);
  out.shape = mesh::to_string(model.mesh.shape);
  out.degree = model.mesh.degree;
  out.cells = model.mesh.cells();
  out.points = model.mesh.points.size();
  out.mean_edge_mm = mean_edge(model.mesh);
  out.smallest_angle_deg = smallest_angle(model.mesh);
  out.regions = model.mesh.regions;
  out.file = input.file.string();
  out.materials_at = input.materials_at == MaterialsAt::cells ? "cells" : "integration_points";
  out.surface_density =
      mesh::surface_density_names()[static_cast<std::size_t>(input.surface_density)];
  out.outside_mask = model.outside_mask;
  return out;
}

/// The healthy twin, and the bone with its lesions where it has any, on one mesh.
std::vector<MeshVariant> make_variants(const MeshInput& input, const PatientSetting& setting,
                                       const mesh::Mesh& mesh,
                                       const std::vector<mesh::LayerRegion>& layers,
                                       const std::vector<mesh::FaceOfCell>* boundary)
{
  const PatientInputs& in = setting.inputs;
  mesh::MappingOptions options;
  options.surface = input.surface_density;
  options.layers = layers;
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

/// The outer side of a layer of voxels is a staircase with a rim: as the voxel engine has it, the
/// normals are smoothed over three voxels.
constexpr double smoothed_voxels = 3;

void put_loads(const MeshInput& input, const std::vector<mesh::FaceOfCell>& faces,
               const PatientSetting& setting, MeshBody& body)
{
  const bool voxels = input.hexahedra && input.file.empty() && !body.layers.empty();
  body.boundary =
      voxels ? solid::staircase_nodes(body.mesh(), faces, smoothed_voxels * input.sizes.edge_mm)
             : solid::boundary_nodes(body.mesh(), faces);
  body.rigs.clear();
  for (const std::size_t rig : body.of_setting)
    body.rigs.push_back(setting.rigs[rig]);
  settle(body.rigs, body.boundary.points);
}

/// The lesions as they are in a body.
void record_lesions(const PatientSetting& setting, const MeshBody& body, report::Results& results)
{
  const mesh::MeshModel& as_is = body.variants.back().model;
  pipeline::record_lesions(setting, as_is.lesion_volume_mm3, as_is.volume_mm3, results);
}

MeshBody make_body(const PatientCase& given, const PatientSetting& setting,
                   std::vector<std::size_t> rigs, report::Results& results)
{
  MeshBody body;
  body.of_setting = std::move(rigs);
  const load::Rig rig =
      body.of_setting.empty() ? load::Rig{} : setting.rigs[body.of_setting.front()].rig;
  mesh::Mesh mesh;
  {
    Stage stage("mesh", results.timings);
    mesh = make_mesh(given.mesh, setting, rig, results);
  }
  Stage stage("model", results.timings);
  body.layers = layer_regions(mesh, rig);
  body.variants = make_variants(given.mesh, setting, mesh, body.layers, nullptr);
  put_loads(given.mesh, mesh::boundary_faces(mesh), setting, body);
  return body;
}

/// Where the mesh of a body stands in the results.
report::MeshResults& mesh_of(std::size_t body, report::Results& results)
{
  if (body == 0)
    return results.mesh ? *results.mesh : results.mesh.emplace();
  results.further_meshes.resize(std::max(results.further_meshes.size(), body));
  return results.further_meshes[body - 1];
}
} // namespace

void refuse_layers(const MeshInput& input, const std::vector<RigCases>& rigs)
{
  std::vector<Problem> problems;
  for (const RigCases& rig : rigs)
  {
    const auto joint = std::find_if(rig.rig.layers.begin(), rig.rig.layers.end(),
                                    [](const load::Layer& layer) { return bool(layer.joint); });
    const std::string loads = "the loads of \"" + rig.cases.front().name + "\" ";
    if (joint != rig.rig.layers.end())
      problems.push_back({input.place,
                          loads + "pass from bone to bone through \"" + joint->name +
                              "\" of rig \"" + rig.rig.name + "\"; a mesh is of one bone",
                          "method = \"voxel\" for several bones", "set method = \"voxel\"", ""});
    else if (!rig.rig.layers.empty() && !input.file.empty())
      problems.push_back({input.place,
                          loads + "reach the bone through \"" + rig.rig.layers.front().name +
                              "\" of rig \"" + rig.rig.name +
                              "\", a layer beside the bone, which the mesh of " +
                              input.file.string() + " does not hold",
                          "a mesh made from the mask, or activities of rigs without layers",
                          "leave out file, or set method = \"voxel\", or take an activity of "
                          "another rig",
                          ""});
  }
  if (!problems.empty())
    throw InputError(Fault::command, problems);
}

std::vector<std::vector<std::size_t>> rigs_by_mesh(const std::vector<RigCases>& rigs)
{
  std::vector<std::vector<std::size_t>> groups;
  std::vector<std::size_t> bare;
  for (std::size_t n = 0; n < rigs.size(); ++n)
    if (rigs[n].rig.layers.empty())
      bare.push_back(n);
    else
      groups.push_back({n});
  if (!bare.empty() || groups.empty())
    groups.insert(groups.begin(), std::move(bare));
  return groups;
}

MeshProblem prepare_mesh_problem(const PatientCase& given, report::Results& results)
{
  MeshProblem problem;
  problem.setting = prepare_setting(given, results);
  if (given.fracture) // a law that is not there is told before anything long begins
    law_of(*given.fracture, problem.setting.inputs.protocol);
  refuse_layers(given.mesh, problem.setting.rigs);
  for (std::vector<std::size_t>& rigs : rigs_by_mesh(problem.setting.rigs))
  {
    const std::size_t number = problem.bodies.size();
    problem.bodies.push_back(make_body(given, problem.setting, std::move(rigs), results));
    mesh_of(number, results) = mesh_results(given.mesh, problem.bodies.back());
  }
  record_lesions(problem.setting, problem.bodies.front(), results);
  return problem;
}

void move_onto(const solid::RefinedMesh& refined, const PatientCase& given,
               const PatientSetting& setting, MeshBody& body)
{
  body.variants = make_variants(given.mesh, setting, refined.mesh, body.layers, &refined.boundary);
  body.hanging = refined.hanging;
  put_loads(given.mesh, refined.boundary, setting, body);
}

void record_refined(const PatientCase& given, const MeshProblem& problem, std::size_t body,
                    report::RefinementResults refinement, report::Results& results)
{
  report::MeshResults& mesh = mesh_of(body, results);
  mesh = mesh_results(given.mesh, problem.bodies[body]);
  mesh.refinement = std::move(refinement);
  if (body > 0)
    return;
  report::Results again; // its warnings stand in the results already
  record_lesions(problem.setting, problem.bodies.front(), again);
  results.lesions = std::move(again.lesions);
}

} // namespace calcar::pipeline
