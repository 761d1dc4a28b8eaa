#include "pipeline/pipeline.hpp"

#include "base/files.hpp"
#include "base/log.hpp"
#include "base/parallel.hpp"
#include "base/text.hpp"
#include "pipeline/other_side.hpp"
#include "pipeline/patient.hpp"
#include "pipeline/patient_mesh.hpp"
#include "pipeline/results_folder.hpp"
#include "pipeline/study.hpp"
#include "report/path_picture.hpp"
#include "report/write.hpp"

#include <memory>
#include <optional>

namespace calcar::pipeline
{
namespace
{
/// What every rank must know of a case before the solves; plain values, sent as bytes.
struct Plan
{
  int study = 0;
  int mesh = 0;
  double relative_residual = 0;
  int max_iterations = 0;
  voxel::CoarseSpace coarse_space = voxel::CoarseSpace::automatic;
};

voxel::Options solver_options(const Plan& plan, const RunOptions& options)
{
  return {plan.relative_residual, plan.max_iterations, options.petsc, options.check_solver,
          plan.coarse_space};
}

/// The method of the command line takes the place of the case's. Throws InputError (command) for
/// what a mesh cannot do.
void choose_method(Case& given, const RunOptions& options)
{
  if (options.method && given.study)
    throw InputError(Fault::command,
                     {"command line", "--method is given for a study", "a case of a patient",
                      "leave it out: a study is solved on the voxels of its image", ""});
  if (!given.patient)
    return;
  PatientCase& patient = *given.patient;
  patient.method = options.method.value_or(patient.method);
  if (patient.method != analysis::Method::mesh)
    return;
  if (!patient.bone.segment.empty())
    throw InputError(Fault::command,
                     {patient.bone.place, "method = \"mesh\" for a spine segment",
                      "method = \"voxel\"",
                      "discs and facet joints between vertebrae are computed on voxels only: leave "
                      "method out, or compute one vertebra (kind = \"vertebra\")",
                      ""});
  if (patient.fixations)
    throw InputError(Fault::command,
                     {patient.fixations->place, "[[fixation]] with method = \"mesh\"",
                      "method = \"voxel\"",
                      "fixations are computed on voxels: take out one of the two", ""});
  if (!options.petsc.empty() || options.check_solver)
    throw InputError(Fault::command,
                     {"command line",
                      std::string(options.petsc.empty() ? "--check-solver" : "--petsc") +
                          " is given for method = \"mesh\"",
                      "method = \"voxel\"", "leave it out: a mesh is solved by PETSc anyway", ""});
  if (given.output.nifti)
    throw InputError(Fault::command,
                     {given.source.path, "[output] nifti = true with method = \"mesh\"",
                      "fields = true, which writes .vtu files",
                      "a mesh has no voxels: remove nifti", ""});
}

/// Going on with a path makes sense only where one is followed.
void refuse_idle_resume(const Case& given, const RunOptions& options)
{
  const bool followed =
      given.patient && given.patient->fracture && given.patient->method == analysis::Method::voxel;
  if (!options.resume.results.empty() && !followed)
    throw InputError(Fault::command,
                     {"command line",
                      "--resume is given for a case without [fracture_load] on voxels",
                      "a case that follows activities to fracture, method = \"voxel\"",
                      "leave --resume out, or add [fracture_load]", ""});
}

void describe(const Case& given, const std::filesystem::path& file, const RunOptions& options,
              int ranks, report::Results& results)
{
  results.title = given.title;
  results.case_file = file.string();
  results.mode = given.study ? "study" : "patient";
  results.axes = given.study ? "ijk" : "LPS";
  results.command = options.command;
  results.ranks = ranks;
  results.sources.push_back(given.source);
}

void write_results(const Case& given, const Outcome& outcome, ResultsFolder& folder)
{
  const auto& path = folder.path();
  write_text(path / "case_resolved.toml", given.resolved);
  write_text(path / "results.json", report::results_json(outcome.results));
  write_text(path / "summary.csv", report::summary_csv(outcome.results));
  report::write_path_pictures(outcome.results, path);
  write_text(path / "provenance.json", report::provenance_json(outcome.results));
}

void warn_of_rounding(const voxel::Options& asked, report::Results& results)
{
  if (results.solver.at_rounding_limit)
    results.warnings.push_back(
        {"rounding_limit",
         "the solver stopped at a relative residual of " +
             format_number(results.solver.relative_residual, 3) +
             ", the limit of double precision on this body; asked for were " +
             format_number(asked.relative_residual, 3),
         "[solver] relative_residual"});
}

void warn_of_fallback(report::Results& results)
{
  if (!results.solver.fallback.empty())
    results.warnings.push_back({"solver_fallback", results.solver.fallback, "[solver]"});
}

void warn_of_missing_aggregation(const Prediction& prediction, report::Results& results)
{
  if (results.solver.aggregation_left_out)
    results.warnings.push_back(
        {"aggregation_left_out",
         "the solver converged slowly, but there is no memory for aggregation, which is made for "
         "such bodies: it is predicted to need up to " +
             format_number(prediction.with_aggregation.memory_MB / 1000, 3) + " GB instead of " +
             format_number(prediction.memory_MB / 1000, 3) +
             " GB in all; the results are as accurate, only later. Raise [solver] memory_GB, give "
             "the ranks more memory, or set coarse_space = \"geometric\" to accept it",
         "[solver] coarse_space"});
}

void tell_warnings(const Warnings& warnings)
{
  for (const Warning& warning : warnings)
    log_warning(warning.place.empty() ? warning.text : warning.place + ": " + warning.text);
}
} // namespace

Outcome run_case(const std::filesystem::path& case_file, const RunOptions& options, MPI_Comm comm)
{
  Outcome outcome;
  Case given;
  std::unique_ptr<ResultsFolder> folder;
  Plan plan;
  on_root(comm,
          [&]
          {
            given = read_case(case_file);
            describe(given, case_file, options, options.dry_run ? options.ranks : size(comm),
                     outcome.results);
            choose_method(given, options);
            refuse_idle_resume(given, options);
            plan = {given.study.has_value(),
                    given.patient && given.patient->method == analysis::Method::mesh,
                    given.solver.relative_residual, given.solver.max_iterations,
                    given.solver.coarse_space};
            if (!options.dry_run)
            {
              folder = std::make_unique<ResultsFolder>(options.output, options.overwrite,
                                                       options.resume);
              log_to(folder->path() / "log.jsonl");
            }
          });
  MPI_Bcast(&plan, sizeof plan, MPI_BYTE, 0, comm);
  given.solver = solver_options(plan, options);

  if (plan.study)
    run_study(given, folder.get(), outcome, comm);
  else if (plan.mesh)
    run_patient_on_mesh(given, folder.get(), outcome, comm);
  else
    run_patient(given, folder.get(), outcome, comm);
  run_other_side(given, folder.get(), outcome, comm);

  on_root(comm,
          [&]
          {
            warn_of_rounding(given.solver, outcome.results);
            warn_of_fallback(outcome.results);
            warn_of_missing_aggregation(outcome.prediction, outcome.results);
            tell_warnings(outcome.results.warnings);
            if (!folder)
              return;
            write_results(given, outcome, *folder);
            folder->commit();
          });
  return outcome;
}

} // namespace calcar::pipeline
