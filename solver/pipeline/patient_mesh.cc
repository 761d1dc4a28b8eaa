#include "pipeline/patient_mesh.hpp"

#include "analysis/solve_mesh_rig.hpp"
#include "base/log.hpp"
#include "base/parallel.hpp"
#include "base/text.hpp"
#include "mesh/defects.hpp"
#include "mesh/length_unit.hpp"
#include "mesh/read_mesh.hpp"
#include "mesh/repair.hpp"
#include "pipeline/memory_limit.hpp"
#include "pipeline/mesh_case.hpp"
#include "pipeline/patient_setting.hpp"
#include "pipeline/prediction.hpp"
#include "report/fields.hpp"
#include "risk/assessment.hpp"

#include <algorithm>

namespace calcar::pipeline
{
namespace
{
struct Variant
{
  std::string name;
  mesh::MeshModel model;
};

/// A patient's case on a mesh made ready to solve; on rank 0.
struct Problem
{
  PatientSetting setting;
  std::vector<Variant> variants; ///< share the mesh
  solid::BoundaryNodes boundary;
};

/// The mesh of the case: from its file, or made from the mask with the lesions' interfaces.
mesh::Mesh make_mesh(const MeshInput& input, const PatientSetting& setting,
                     report::Results& results)
{
  mesh::Mesh mesh;
  if (input.file.empty())
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
    mesh::RepairedMesh repaired = mesh::repair(std::move(read.mesh));
    append(results.warnings, repaired.warnings);
    append(results.warnings, mesh::require_sound(repaired.mesh));
    mesh = std::move(repaired.mesh);
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
std::vector<Variant> make_variants(const MeshInput& input, const PatientSetting& setting,
                                   const mesh::Mesh& mesh)
{
  const PatientInputs& in = setting.inputs;
  mesh::MappingOptions options;
  options.surface = input.surface_density;
  options.place = input.place;
  if (input.materials_at == MaterialsAt::integration_points)
    options.points = solid::integration_points(mesh);
  const auto mapped = [&](std::vector<lesion::PlacedLesion> lesions)
  {
    const model::MaterialField field(in.density, in.envelope, in.protocol, std::move(lesions));
    return mesh::map_materials(mesh, field, options);
  };
  std::vector<Variant> variants;
  if (!setting.lesions.empty())
    variants.push_back({"healthy twin", mapped({})});
  variants.push_back({"as is", mapped(setting.lesions)});
  return variants;
}

Problem prepare(const PatientCase& given, report::Results& results)
{
  Problem problem;
  problem.setting = prepare_setting(given, results);
  mesh::Mesh mesh;
  {
    Stage stage("mesh", results.timings);
    mesh = make_mesh(given.mesh, problem.setting, results);
  }
  Stage stage("model", results.timings);
  problem.variants = make_variants(given.mesh, problem.setting, mesh);
  const mesh::MeshModel& as_is = problem.variants.back().model;
  record_mesh(given.mesh, as_is, results);
  record_lesions(problem.setting, as_is.lesion_volume_mm3, as_is.volume_mm3, results);
  problem.boundary = solid::boundary_nodes(mesh);
  settle(problem.setting.rigs, problem.boundary.points);
  return problem;
}

Work work_of(const Problem& problem)
{
  Work work;
  work.solves = solves_of(problem.setting, problem.variants.size());
  work.loads = most_loads(problem.setting);
  work.responses = work.loads;
  return work;
}

std::filesystem::path field_file(const ResultsFolder& folder, std::string name)
{
  std::replace(name.begin(), name.end(), ' ', '_');
  return folder.path() / "fields" / (name + ".vtu");
}

/// What a variant is made of: once, beside the fields of its activities.
void write_material(const Variant& variant, const ResultsFolder& folder)
{
  std::vector<report::Field> fields = {{"youngs_modulus_MPa", variant.model.youngs},
                                       {"ash_density_g_cm3", variant.model.ash},
                                       {"tissue", {}}};
  for (const model::TissueKind tissue : variant.model.tissue)
    fields.back().values.push_back(static_cast<float>(tissue));
  report::write_vtu(field_file(folder, variant.name), variant.model.mesh, fields, {});
}

/// Judges the responses of one rig and writes their fields.
void judge(const Problem& problem, const Variant& variant, const RigCases& rig,
           analysis::RigResult& solved, const OutputOptions& output, const ResultsFolder& folder,
           report::VariantResults& out, report::Results& results)
{
  const PatientInputs& in = problem.setting.inputs;
  for (std::size_t c = 0; c < rig.cases.size(); ++c)
  {
    analysis::Response& response = solved.responses[c];
    risk::ActivityAssessment assessment =
        risk::assess(risk::judged_body(variant.model, problem.boundary, in.protocol.domain,
                                       rig.cases[c], rig.rig),
                     response, rig.cases[c], rig.rig, in.protocol, in.bone, results.body_weight_N);
    for (const analysis::Reaction& reaction : assessment.reactions)
      results.supports.push_back(
          {reaction.support, variant.name, assessment.activity, reaction.force});
    if (output.fields)
    {
      auto fields = report::fields_of(variant.model, response, output.tensors);
      fields.push_back(
          {"utilisation",
           {assessment.utilisation_field.begin(), assessment.utilisation_field.end()}});
      report::write_vtu(field_file(folder, variant.name + " " + assessment.activity),
                        variant.model.mesh, fields, response.displacement);
    }
    assessment.utilisation_field = {};
    response = {};
    out.activities.push_back(std::move(assessment));
  }
  out.solver =
      out.solver.unknowns == 0 ? solved.solver : analysis::merge(out.solver, solved.solver);
}

void record_variant(const PatientCase& given, const Variant& variant, report::VariantResults solved,
                    report::Results& results)
{
  solved.name = variant.name;
  solved.volume_mm3 = variant.model.volume_mm3;
  solved.outside_law_range = variant.model.outside_law_range;
  solved.at_ceiling = variant.model.at_ceiling;
  sort_activities(given, solved);
  results.solver =
      results.solver.unknowns == 0 ? solved.solver : analysis::merge(results.solver, solved.solver);
  results.variants.push_back(std::move(solved));
}

/// Numbers for the ranks that have no problem.
struct Size
{
  int variants = 0;
  int rigs = 0;
  int dry_run = 0;
};
} // namespace

void run_patient_on_mesh(const Case& given, ResultsFolder* folder, Outcome& outcome, MPI_Comm comm)
{
  report::Results& results = outcome.results;
  Problem problem;
  Size sizes;
  on_root(comm,
          [&]
          {
            problem = prepare(*given.patient, results);
            sizes = {static_cast<int>(problem.variants.size()),
                     static_cast<int>(problem.setting.rigs.size()), folder == nullptr};
          });
  MPI_Bcast(&sizes, sizeof sizes, MPI_BYTE, 0, comm);
  predict_and_limit([&](const Work& work)
                    { return predict(problem.variants.front().model.mesh, work); },
                    is_root(comm) ? work_of(problem) : Work{}, given.memory_GB, sizes.dry_run != 0,
                    outcome, comm);
  if (sizes.dry_run)
    return;
  problem.variants.resize(static_cast<std::size_t>(sizes.variants));
  problem.setting.rigs.resize(static_cast<std::size_t>(sizes.rigs));
  solid::Options options;
  options.relative_residual = given.solver.relative_residual;
  options.max_iterations = given.solver.max_iterations;
  for (const Variant& variant : problem.variants)
  {
    report::VariantResults solved_variant;
    for (const RigCases& rig : problem.setting.rigs)
    {
      analysis::RigResult solved;
      {
        Stage stage("solve", results.timings);
        solved =
            analysis::solve_rig(variant.model, problem.boundary, rig.rig, rig.cases, comm, options);
      }
      Stage stage("judge and write fields", results.timings);
      on_root(comm,
              [&] {
                judge(problem, variant, rig, solved, given.output, *folder, solved_variant,
                      results);
              });
    }
    on_root(comm,
            [&]
            {
              if (given.output.fields)
                write_material(variant, *folder);
              record_variant(*given.patient, variant, std::move(solved_variant), results);
            });
  }
  record_peak_memory(outcome, comm);
}

} // namespace calcar::pipeline
