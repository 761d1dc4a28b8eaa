#include "pipeline/patient_mesh.hpp"

#include "analysis/solve_mesh_rig.hpp"
#include "base/error.hpp"
#include "base/log.hpp"
#include "base/parallel.hpp"
#include "base/text.hpp"
#include "pipeline/anatomy_picture.hpp"
#include "pipeline/memory_limit.hpp"
#include "pipeline/mesh_problem.hpp"
#include "pipeline/patient_variant.hpp"
#include "pipeline/prediction.hpp"
#include "pipeline/rig_body.hpp"
#include "pipeline/strain_uncertainty.hpp"
#include "report/fields.hpp"
#include "solid/adaptive.hpp"

#include <algorithm>
#include <optional>

namespace calcar::pipeline
{
namespace
{
std::filesystem::path field_file(const ResultsFolder& folder, std::string name)
{
  std::replace(name.begin(), name.end(), ' ', '_');
  return folder.path() / "fields" / (name + ".vtu");
}

/// What a variant is made of: once, beside the fields of its activities.
void write_material(const MeshVariant& variant, const ResultsFolder& folder)
{
  std::vector<report::Field> fields = {{"youngs_modulus_MPa", variant.model.youngs},
                                       {"ash_density_g_cm3", variant.model.ash},
                                       {"tissue", {}}};
  for (const model::TissueKind tissue : variant.model.tissue)
    fields.back().values.push_back(static_cast<float>(tissue));
  report::write_vtu(field_file(folder, variant.name), variant.model.mesh, fields, {});
}

/// What a variant is judged with, on rank 0.
struct Judging
{
  const MeshProblem& problem;
  const MeshVariant& variant;
  solid::SolidBody body;
  solid::ErrorEstimator estimator;
  report::VariantResults out;

  Judging(const MeshProblem& of, const MeshVariant& one)
      : problem(of), variant(one), body(analysis::body_of(one.model, of.hanging)),
        estimator(body, smooth_groups(one.model))
  {
    out.name = one.name;
    out.volume_mm3 = one.model.volume_mm3;
    out.outside_law_range = one.model.outside_law_range;
    out.at_ceiling = one.model.at_ceiling;
  }
  Judging(const Judging&) = delete;
  Judging& operator=(const Judging&) = delete;

  /// Judges the responses of one rig and writes their fields.
  void judge(const RigCases& rig, const analysis::SolvedRig& solved, const OutputOptions& output,
             const ResultsFolder& folder, report::Results& results)
  {
    const material::CriterionDomain& domain = problem.setting.inputs.protocol.domain;
    VariantJudge how;
    how.body = [&](const load::LoadCase& load_case, const load::Rig& of)
    { return risk::judged_body(variant.model, problem.boundary, domain, load_case, of); };
    how.finish = [&](risk::ActivityAssessment& assessment, const analysis::Response& response)
    {
      const solid::ErrorEstimate estimate = estimator.estimate(response.strain_points);
      record_uncertainty(variant.name, variant.model, domain.average_mm, estimate, assessment,
                         results.warnings);
      if (output.fields)
        write_fields(assessment, response, estimate, output, folder);
    };
    judge_rig(problem.setting, rig, solved, how, out, results);
  }

private:
  void write_fields(const risk::ActivityAssessment& assessment, const analysis::Response& response,
                    const solid::ErrorEstimate& estimate, const OutputOptions& output,
                    const ResultsFolder& folder) const
  {
    auto fields = report::fields_of(variant.model, response, output.tensors);
    fields.push_back({"utilisation",
                      {assessment.utilisation_field.begin(), assessment.utilisation_field.end()}});
    fields.push_back({"strain_uncertainty", {}});
    for (std::size_t c = 0; c < estimate.strain.size(); ++c)
      fields.back().values.push_back(static_cast<float>(estimate.uncertainty(c)));
    report::write_vtu(field_file(folder, variant.name + " " + assessment.activity),
                      variant.model.mesh, fields, response.displacement);
  }
};

/// What every rank must know.
struct Size
{
  int variants = 0;
  int rigs = 0;
  int dry_run = 0;
  int refine = 0;
};

/// The case on a mesh, from its problem to its results.
class MeshRun
{
public:
  MeshRun(const Case& given, const ResultsFolder* folder, Outcome& outcome, MPI_Comm comm)
      : given_(given), folder_(folder), outcome_(outcome), results_(outcome.results), comm_(comm)
  {
  }

  void run()
  {
    prepare();
    predict_and_limit([&](const Work& work) { return predict(problem_.mesh(), work); }, work(),
                      given_.memory_GB, sizes_.dry_run != 0, outcome_, comm_);
    if (sizes_.dry_run)
      return;
    resize();
    if (sizes_.refine)
      refine();
    for (std::size_t v = 0; v < problem_.variants.size(); ++v)
      judge(v);
    record_peak_memory(outcome_, comm_);
  }

private:
  void prepare()
  {
    on_root(comm_,
            [&]
            {
              problem_ = prepare_mesh_problem(*given_.patient, results_);
              sizes_ = {static_cast<int>(problem_.variants.size()),
                        static_cast<int>(problem_.rigs.size()), folder_ == nullptr,
                        given_.patient->mesh.refine_to.has_value()};
              if (folder_)
                write_anatomy_picture(problem_.setting.inputs, results_, *folder_);
            });
    MPI_Bcast(&sizes_, sizeof sizes_, MPI_BYTE, 0, comm_);
    options_.relative_residual = given_.solver.relative_residual;
    options_.max_iterations = given_.solver.max_iterations;
  }

  /// Other ranks walk through as many variants and rigs as rank 0.
  void resize()
  {
    problem_.variants.resize(static_cast<std::size_t>(sizes_.variants));
    problem_.rigs.resize(static_cast<std::size_t>(sizes_.rigs));
  }

  Work work() const
  {
    Work work;
    if (!is_root(comm_))
      return work;
    work.solves = solves_of(problem_.setting, problem_.variants.size());
    // While a mesh is refined, the solutions of all loads wait for its error.
    work.loads = sizes_.refine ? work.solves : most_loads(problem_.setting);
    work.responses = 1;
    work.balanced_loads = balanced_loads(problem_.setting.rigs);
    return work;
  }

  analysis::SolvedRig solve(const MeshVariant& variant, const RigCases& rig)
  {
    Stage stage("solve", results_.timings);
    return analysis::solve_cases(variant.model, problem_.boundary, rig.rig, rig.cases, comm_,
                                 options_, analysis::BasisChoice::fewest, problem_.hanging);
  }

  /// Solves, where that was not done while the mesh was refined, judges and records a variant.
  void judge(std::size_t v)
  {
    const MeshVariant& variant = problem_.variants[v];
    std::optional<Judging> judging;
    on_root(comm_, [&] { judging.emplace(problem_, variant); });
    for (std::size_t r = 0; r < problem_.rigs.size(); ++r)
    {
      const analysis::SolvedRig solved =
          sizes_.refine ? std::move(solved_[v][r]) : solve(variant, problem_.rigs[r]);
      Stage stage("judge and write fields", results_.timings);
      on_root(comm_,
              [&] { judging->judge(problem_.rigs[r], solved, given_.output, *folder_, results_); });
    }
    on_root(comm_,
            [&]
            {
              if (given_.output.fields)
                write_material(variant, *folder_);
              record_variant(*given_.patient, std::move(judging->out), results_);
            });
  }

  /// Refines the mesh until the error of all variants and activities is small; problem and
  /// solutions are those on the last mesh.
  void refine()
  {
    solid::RefinementOptions options;
    if (is_root(comm_))
    {
      options.tolerance = *given_.patient->mesh.refine_to;
      options.most_unknowns = given_.patient->mesh.most_unknowns;
    }
    solid::AdaptiveGrid grid(is_root(comm_) ? problem_.mesh() : mesh::Mesh{}, comm_);
    const std::vector<Computer> computers = computers_of(comm_);
    report::RefinementResults record;
    const solid::RefinementEnd end = solid::refine_until(
        grid, options,
        [&](const solid::RefinedMesh& mesh)
        {
          if (!record.steps.empty())
            put_on(mesh);
          const solid::MeshErrors errors = solve_all();
          record.steps.push_back(
              {mesh.mesh.cells(), 3 * std::uint64_t{mesh.nodes}, errors.relative_error});
          return errors;
        },
        [&](const solid::RefinedMesh& mesh) { return fits(mesh.mesh, computers); }, comm_);
    on_root(comm_,
            [&]
            {
              record.refine_to = options.tolerance;
              record.reached = end == solid::RefinementEnd::tolerance;
              record.ended_by = std::array{"tolerance", "meshes", "unknowns",
                                           "memory"}[static_cast<std::size_t>(end)];
              warn_of_end(record);
              record_refined(*given_.patient, problem_, std::move(record), results_);
            });
  }

  void put_on(const solid::RefinedMesh& mesh)
  {
    Stage stage("model", results_.timings);
    on_root(comm_, [&] { move_onto(mesh, *given_.patient, problem_); });
  }

  /// Solves all variants on the present mesh. A cell counts by the largest share that it has in the
  /// squared error of any variant and activity.
  solid::MeshErrors solve_all()
  {
    solid::MeshErrors errors;
    solved_.assign(problem_.variants.size(), {});
    for (std::size_t v = 0; v < problem_.variants.size(); ++v)
    {
      for (const RigCases& rig : problem_.rigs)
        solved_[v].push_back(solve(problem_.variants[v], rig));
      on_root(comm_, [&] { add_errors(v, errors); });
    }
    return errors;
  }

  void add_errors(std::size_t v, solid::MeshErrors& errors) const
  {
    const Judging judging(problem_, problem_.variants[v]);
    errors.squared.resize(problem_.mesh().cells());
    for (const analysis::SolvedRig& rig : solved_[v])
      for (std::size_t n = 0; n < rig.cases; ++n)
      {
        const solid::ErrorEstimate estimate =
            judging.estimator.estimate(rig.response(n).strain_points);
        const double whole = 2 * estimate.energy + estimate.error * estimate.error;
        for (std::size_t c = 0; c < errors.squared.size() && whole > 0; ++c)
          errors.squared[c] = std::max(errors.squared[c], estimate.squared[c] / whole);
        errors.relative_error = std::max(errors.relative_error, estimate.relative_error);
      }
  }

  /// Whether a finer mesh fits into the memory; asked on every rank, answered on rank 0.
  bool fits(const mesh::Mesh& mesh, const std::vector<Computer>& computers)
  {
    if (!is_root(comm_))
      return true;
    Work work = this->work();
    const ResidentMemory held = resident_memory();
    work.ranks = results_.ranks;
    work.held_MB = std::max(held.now_MB, process_MB);
    work.peak_MB = held.peak_MB;
    const Prediction prediction = predict(mesh, work);
    try
    {
      require_memory(prediction, computers, given_.memory_GB);
    }
    catch (const InputError&)
    {
      return false;
    }
    outcome_.prediction = prediction;
    return true;
  }

  void warn_of_end(const report::RefinementResults& record)
  {
    if (record.reached)
      return;
    const report::RefinementStep& last = record.steps.back();
    const std::string reason =
        record.ended_by == "meshes"     ? "after " + std::to_string(record.steps.size()) + " meshes"
        : record.ended_by == "unknowns" ? "since the next mesh has more than most_unknowns"
                                        : "since the next mesh does not fit into the memory";
    results_.warnings.push_back(
        {"refinement_ended",
         "refinement ended at a relative error of " + format_number(last.relative_error, 2) +
             " with " + std::to_string(last.cells) + " cells, " + reason + "; asked for were " +
             format_number(record.refine_to) +
             (record.ended_by == "meshes" ? ": begin with a finer mesh, or ask for less"
                                          : ": allow more, or ask for less"),
         given_.patient->mesh.place});
  }

  const Case& given_;
  const ResultsFolder* folder_;
  Outcome& outcome_;
  report::Results& results_;
  MPI_Comm comm_;
  solid::Options options_;
  Size sizes_;
  MeshProblem problem_;
  std::vector<std::vector<analysis::SolvedRig>> solved_; ///< of each variant and rig, refined
};
} // namespace

void run_patient_on_mesh(const Case& given, ResultsFolder* folder, Outcome& outcome, MPI_Comm comm)
{
  MeshRun(given, folder, outcome, comm).run();
}

} // namespace calcar::pipeline
