#include "pipeline/pipeline.hpp"

#include "base/files.hpp"
#include "base/log.hpp"
#include "base/parallel.hpp"
#include "base/text.hpp"
#include "pipeline/patient.hpp"
#include "pipeline/results_folder.hpp"
#include "pipeline/study.hpp"
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
  double relative_residual = 0;
  int max_iterations = 0;
  voxel::CoarseSpace coarse_space = voxel::CoarseSpace::automatic;
};

voxel::Options solver_options(const Plan& plan, const RunOptions& options)
{
  return {plan.relative_residual, plan.max_iterations, options.petsc, options.check_solver,
          plan.coarse_space};
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
            plan = {given.study.has_value(), given.solver.relative_residual,
                    given.solver.max_iterations, given.solver.coarse_space};
            if (!options.dry_run)
            {
              folder = std::make_unique<ResultsFolder>(options.output, options.overwrite);
              log_to(folder->path() / "log.jsonl");
            }
          });
  MPI_Bcast(&plan, sizeof plan, MPI_BYTE, 0, comm);
  given.solver = solver_options(plan, options);

  if (plan.study)
    run_study(given, folder.get(), outcome, comm);
  else
    run_patient(given, folder.get(), outcome, comm);

  on_root(comm,
          [&]
          {
            warn_of_rounding(given.solver, outcome.results);
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
