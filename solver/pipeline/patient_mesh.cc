#include "pipeline/patient_mesh.hpp"

#include "analysis/solve_mesh_rig.hpp"
#include "base/error.hpp"
#include "base/log.hpp"
#include "base/parallel.hpp"
#include "base/text.hpp"
#include "pipeline/anatomy_picture.hpp"
#include "pipeline/memory_limit.hpp"
#include "pipeline/mesh_fields.hpp"
#include "pipeline/mesh_fracture_stage.hpp"
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
report::VariantResults begun(const MeshVariant& variant)
{
  report::VariantResults out;
  out.name = variant.name;
  out.volume_mm3 = variant.model.volume_mm3;
  out.outside_law_range = variant.model.outside_law_range;
  out.at_ceiling = variant.model.at_ceiling;
  return out;
}

/// What a variant is judged with on one mesh, on rank 0.
struct Judging
{
  const PatientSetting& setting;
  const MeshBody& of;
  const MeshVariant& variant;
  solid::SolidBody body;
  solid::ErrorEstimator estimator;

  Judging(const PatientSetting& in, const MeshBody& mesh, const MeshVariant& one)
      : setting(in), of(mesh), variant(one), body(analysis::body_of(one.model, mesh.hanging)),
        estimator(body, smooth_groups(one.model))
  {
  }
  Judging(const Judging&) = delete;
  Judging& operator=(const Judging&) = delete;

  /// Judges the responses of one rig and writes their fields.
  void judge(const RigCases& rig, const analysis::SolvedRig& solved, const OutputOptions& output,
             const ResultsFolder& folder, report::VariantResults& out, report::Results& results)
  {
    const material::CriterionDomain& domain = setting.inputs.protocol.domain;
    VariantJudge how;
    how.body = [&](const load::LoadCase& load_case, const load::Rig& held)
    { return risk::judged_body(variant.model, of.boundary, domain, load_case, held); };
    how.finish = [&](risk::ActivityAssessment& assessment, const analysis::Response& response)
    {
      const solid::ErrorEstimate estimate = estimator.estimate(response.strain_points);
      record_uncertainty(variant.name, variant.model, domain.average_mm, estimate, assessment,
                         results.warnings);
      if (output.fields)
        write_fields(assessment, response, estimate, output, folder);
    };
    judge_rig(setting, rig, solved, how, out, results);
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
    if (!of.layers.empty()) // what each cell is
    {
      fields.push_back({"youngs_modulus_MPa", variant.model.youngs});
      fields.push_back({"tissue", numbers_of(variant.model.tissue)});
    }
    report::write_vtu(field_file(folder, variant.name + " " + assessment.activity),
                      variant.model.mesh, fields, response.displacement);
  }
};

/// What every rank must know.
struct Size
{
  int variants = 0;
  int bodies = 0;
  int dry_run = 0;
  int refine = 0;
  int to_fracture = 0;
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
    predict_and_limit([&](const Work& work) { return predict_all(work); }, Work{}, given_.memory_GB,
                      sizes_.dry_run != 0, outcome_, comm_);
    if (sizes_.dry_run)
      return;
    resize();
    for (std::size_t b = 0; b < problem_.bodies.size(); ++b)
    {
      if (sizes_.refine)
        refine(b);
      for (std::size_t v = 0; v < static_cast<std::size_t>(sizes_.variants); ++v)
      {
        judge(b, v);
        if (sizes_.to_fracture)
          follow_to_fracture(given_, problem_.setting, problem_.bodies[b], v, folder_, out_[v],
                             results_, comm_);
      }
    }
    record();
    record_peak_memory(outcome_, comm_);
  }

private:
  void prepare()
  {
    on_root(comm_,
            [&]
            {
              problem_ = prepare_mesh_problem(*given_.patient, results_);
              sizes_ = {static_cast<int>(problem_.bodies.front().variants.size()),
                        static_cast<int>(problem_.bodies.size()), folder_ == nullptr,
                        given_.patient->mesh.refine_to.has_value(),
                        given_.patient->fracture.has_value()};
              if (!folder_)
                return;
              write_anatomy_picture(problem_.setting.inputs, results_, *folder_);
              write_other_scans(problem_.setting.other_scans, *folder_);
            });
    MPI_Bcast(&sizes_, sizeof sizes_, MPI_BYTE, 0, comm_);
    options_.relative_residual = given_.solver.relative_residual;
    options_.max_iterations = given_.solver.max_iterations;
  }

  /// Other ranks walk through as many bodies, variants and rigs as rank 0.
  void resize()
  {
    std::vector<int> rigs(static_cast<std::size_t>(sizes_.bodies), 0);
    for (std::size_t b = 0; b < problem_.bodies.size(); ++b)
      rigs[b] = static_cast<int>(problem_.bodies[b].rigs.size());
    MPI_Bcast(rigs.data(), sizes_.bodies, MPI_INT, 0, comm_);
    problem_.bodies.resize(rigs.size());
    for (std::size_t b = 0; b < rigs.size(); ++b)
    {
      problem_.bodies[b].rigs.resize(static_cast<std::size_t>(rigs[b]));
      problem_.bodies[b].variants.resize(static_cast<std::size_t>(sizes_.variants));
    }
    out_.resize(static_cast<std::size_t>(sizes_.variants));
    on_root(comm_,
            [&]
            {
              const auto& variants = problem_.bodies.front().variants;
              std::transform(variants.begin(), variants.end(), out_.begin(), begun);
            });
  }

  Work work_on(const MeshBody& body, Work work) const
  {
    std::size_t loads = 0, most = 1;
    for (const RigCases& rig : body.rigs)
    {
      loads += analysis::right_hand_sides(rig.cases);
      most = std::max(most, analysis::right_hand_sides(rig.cases));
    }
    work.solves = static_cast<int>(loads * body.variants.size());
    // While a mesh is refined, the solutions of all loads wait for its error.
    work.loads = sizes_.refine ? work.solves : static_cast<int>(most);
    work.responses = 1;
    work.balanced_loads = balanced_loads(body.rigs);
    return work;
  }

  /// One mesh is solved after the other: the largest decides on the memory. Called on rank 0.
  Prediction predict_all(const Work& asked) const
  {
    std::vector<Prediction> each;
    for (const MeshBody& body : problem_.bodies)
      each.push_back(predict(body.mesh(), work_on(body, asked)));
    Prediction all = *std::max_element(each.begin(), each.end(),
                                       [](const Prediction& a, const Prediction& b)
                                       { return a.memory_MB < b.memory_MB; });
    all.solves = 0;
    all.seconds = 0;
    for (const Prediction& one : each)
    {
      all.solves += one.solves;
      all.seconds += one.seconds;
    }
    return all;
  }

  analysis::SolvedRig solve(const MeshBody& body, const MeshVariant& variant, const RigCases& rig)
  {
    Stage stage("solve", results_.timings);
    return analysis::solve_cases(variant.model, body.boundary, rig.rig, rig.cases, comm_, options_,
                                 analysis::BasisChoice::fewest, body.hanging);
  }

  /// Solves a variant on a mesh, where that was not done while the mesh was refined, and judges it.
  void judge(std::size_t b, std::size_t v)
  {
    const MeshBody& body = problem_.bodies[b];
    const MeshVariant& variant = body.variants[v];
    std::optional<Judging> judging;
    on_root(comm_, [&] { judging.emplace(problem_.setting, body, variant); });
    for (std::size_t r = 0; r < body.rigs.size(); ++r)
    {
      const analysis::SolvedRig solved =
          sizes_.refine ? std::move(solved_[v][r]) : solve(body, variant, body.rigs[r]);
      Stage stage("judge and write fields", results_.timings);
      on_root(comm_,
              [&] {
                judging->judge(body.rigs[r], solved, given_.output, *folder_, out_[v], results_);
              });
    }
  }

  void record()
  {
    on_root(comm_,
            [&]
            {
              for (std::size_t v = 0; v < out_.size(); ++v)
              {
                if (given_.output.fields)
                  write_material(problem_.bodies.front().variants[v], *folder_);
                record_variant(*given_.patient, std::move(out_[v]), results_);
              }
            });
  }

  /// Refines the mesh of a body until the error of all variants and activities on it is small;
  /// problem and solutions are those on the last mesh.
  void refine(std::size_t b)
  {
    solid::RefinementOptions options;
    if (is_root(comm_))
    {
      options.tolerance = *given_.patient->mesh.refine_to;
      options.most_unknowns = given_.patient->mesh.most_unknowns;
    }
    MeshBody& body = problem_.bodies[b];
    solid::AdaptiveGrid grid(is_root(comm_) ? body.mesh() : mesh::Mesh{}, comm_);
    const std::vector<Computer> computers = computers_of(comm_);
    report::RefinementResults record;
    const solid::RefinementEnd end = solid::refine_until(
        grid, options,
        [&](const solid::RefinedMesh& mesh)
        {
          if (!record.steps.empty())
            put_on(mesh, body);
          const solid::MeshErrors errors = solve_all(body);
          record.steps.push_back(
              {mesh.mesh.cells(), 3 * std::uint64_t{mesh.nodes}, errors.relative_error});
          return errors;
        },
        [&](const solid::RefinedMesh& mesh) { return fits(mesh.mesh, body, computers); }, comm_);
    on_root(comm_,
            [&]
            {
              record.refine_to = options.tolerance;
              record.reached = end == solid::RefinementEnd::tolerance;
              record.ended_by = std::array{"tolerance", "meshes", "unknowns",
                                           "memory"}[static_cast<std::size_t>(end)];
              warn_of_end(record);
              record_refined(*given_.patient, problem_, b, std::move(record), results_);
            });
  }

  void put_on(const solid::RefinedMesh& mesh, MeshBody& body)
  {
    Stage stage("model", results_.timings);
    on_root(comm_, [&] { move_onto(mesh, *given_.patient, problem_.setting, body); });
  }

  /// Solves all variants on the present mesh. A cell counts by the largest share that it has in the
  /// squared error of any variant and activity.
  solid::MeshErrors solve_all(const MeshBody& body)
  {
    solid::MeshErrors errors;
    solved_.assign(body.variants.size(), {});
    for (std::size_t v = 0; v < body.variants.size(); ++v)
    {
      for (const RigCases& rig : body.rigs)
        solved_[v].push_back(solve(body, body.variants[v], rig));
      on_root(comm_, [&] { add_errors(body, v, errors); });
    }
    return errors;
  }

  void add_errors(const MeshBody& body, std::size_t v, solid::MeshErrors& errors) const
  {
    const Judging judging(problem_.setting, body, body.variants[v]);
    errors.squared.resize(body.mesh().cells());
    for (const analysis::SolvedRig& rig : solved_[v])
      for (std::size_t n = 0; n < rig.cases; ++n)
        add_shares(judging.variant.model, judging.estimator.estimate(rig.response(n).strain_points),
                   errors);
  }

  /// Whether a finer mesh fits into the memory; asked on every rank, answered on rank 0.
  bool fits(const mesh::Mesh& mesh, const MeshBody& body, const std::vector<Computer>& computers)
  {
    if (!is_root(comm_))
      return true;
    Work work = work_on(body, {});
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
  std::vector<report::VariantResults> out_;              ///< of each variant
};
} // namespace

void run_patient_on_mesh(const Case& given, ResultsFolder* folder, Outcome& outcome, MPI_Comm comm)
{
  MeshRun(given, folder, outcome, comm).run();
}

} // namespace calcar::pipeline
