#include "pipeline/fixation_stage.hpp"

#include "base/files.hpp"
#include "base/log.hpp"
#include "base/parallel.hpp"
#include "base/text.hpp"
#include "pipeline/fixation_bench.hpp"
#include "pipeline/fixation_summary.hpp"
#include "report/fixation.hpp"

#include <algorithm>
#include <chrono>
#include <set>

namespace calcar::pipeline
{
namespace
{
using Clock = std::chrono::steady_clock;
using risk::BoneState;

/// Utilisation to a part in 10^5 is more than an operation that was not done deserves.
constexpr double relative_residual = 1e-6;
/// Where implant and bone touch and part: what is then out of balance is a newton or less of a
/// whole body's weight, at voxels that barely touch.
constexpr double contact_residual = 3e-3;

/// How many linear solves the sets of pressed voxels take before they settle.
constexpr int solves_of_contact = 6;

double seconds_since(Clock::time_point start)
{
  return std::chrono::duration<double>(Clock::now() - start).count();
}

/// The jobs of rank 0, on all ranks.
std::vector<FixationJob> shared(std::vector<FixationJob> jobs, MPI_Comm comm)
{
  int bytes = static_cast<int>(jobs.size() * sizeof(FixationJob));
  MPI_Bcast(&bytes, 1, MPI_INT, 0, comm);
  jobs.resize(static_cast<std::size_t>(bytes) / sizeof(FixationJob));
  MPI_Bcast(jobs.data(), bytes, MPI_BYTE, 0, comm);
  return jobs;
}

std::string name_of(const FixationGround& ground, const FixationJob& job)
{
  const FixationInput& input = *ground.given.patient->fixations;
  const std::string state = words_of(input.states[static_cast<std::size_t>(job.state)]);
  if (job.option < 0)
    return "no fixation, " + state;
  const PlacedOption& option = ground.plan.options[static_cast<std::size_t>(job.option)];
  return option.fixation->name + ", " + state + ", " +
         implant::to_string(option.hardware[static_cast<std::size_t>(job.hardware)].to_bone);
}

/// What is solved in a job; on rank 0.
struct JobBody
{
  model::VoxelModel body;
  model::VoxelContact contact; ///< empty: everything is bonded
};

JobBody body_of(const FixationGround& ground, const FixationJob& job, FixationBench& bench,
                report::Results& results)
{
  const FixationInput& input = *ground.given.patient->fixations;
  if (bench.bone_state != job.state)
  {
    bench.bone.reset();
    bench.bone =
        body_in(input.states[static_cast<std::size_t>(job.state)], input, ground.plan.gap,
                ground.plan.lesions, ground.as_is, ground.setting.inputs, results.warnings);
    bench.bone_state = job.state;
  }
  log_info("fixations: " + name_of(ground, job));
  const RigBody& rig_body = ground.bodies[static_cast<std::size_t>(job.rig)];
  JobBody made;
  made.body = layered(bench.bone->model, rig_body).value_or(bench.bone->model);
  if (job.option < 0)
    return made;
  const PlacedOption& option = ground.plan.options[static_cast<std::size_t>(job.option)];
  const auto& hardware = option.hardware[static_cast<std::size_t>(job.hardware)].voxels;
  made.body = model::with_hardware(made.body, hardware);
  made.contact = model::contact_on(made.body.body, hardware);
  return made;
}

/// Solves and judges one job. Collective.
void solve_job(const FixationGround& ground, const FixationJob& job, const voxel::Options& options,
               const ResultsFolder* folder, FixationBench& bench, report::Results& results,
               MPI_Comm comm)
{
  const RigCases no_cases;
  const model::Surface no_surface;
  const RigCases* rig = &no_cases;
  const model::Surface* surface = &no_surface;
  JobBody made;
  on_root(comm,
          [&]
          {
            made = body_of(ground, job, bench, results);
            rig = &bench.rigs[static_cast<std::size_t>(job.rig)];
            surface = &ground.bodies[static_cast<std::size_t>(job.rig)].shape->surface;
          });
  const analysis::SolvedRig solved =
      analysis::solve_cases(made.body.body, *surface, rig->rig, rig->cases, comm, options,
                            analysis::BasisChoice::fewest, &made.contact);
  on_root(comm, [&] { judge_job(ground, job, {made.body, solved}, *folder, bench, results); });
}

/// An option that cannot be solved: told in its place, and the others go on.
void record_failure(const FixationGround& ground, const FixationJob& job, const std::string& reason,
                    FixationBench& bench, report::Results& results)
{
  const std::string words = name_of(ground, job) + ": " + reason;
  results.warnings.push_back({"fixation_failed", words, ground.given.patient->fixations->place});
  if (job.option < 0)
    return;
  report::FixationResults& option = bench.found.options[static_cast<std::size_t>(job.option)];
  option.refusal = words;
  option.states.clear();
}

/// All jobs but those of options that have failed. What fails one solve is thrown on every rank,
/// so that all leave out the same. Collective.
void solve_jobs(const FixationGround& ground, const std::vector<FixationJob>& jobs,
                const voxel::Options& options, const ResultsFolder* folder, FixationBench& bench,
                report::Results& results, MPI_Comm comm)
{
  std::set<int> failed;
  for (const FixationJob& job : jobs)
  {
    if (failed.contains(job.option))
      continue;
    const auto start = Clock::now();
    std::string reason;
    try
    {
      solve_job(ground, job, options, folder, bench, results, comm);
    }
    catch (const SolveError& error)
    {
      reason = error.what();
    }
    catch (const InputError& error) // loose hardware, no bone left to judge
    {
      if (error.fault() != Fault::data)
        throw;
      reason = error.what();
    }
    if (!reason.empty())
      failed.insert(job.option);
    on_root(comm,
            [&]
            {
              if (!reason.empty())
                record_failure(ground, job, reason, bench, results);
              if (job.option >= 0)
                bench.found.options[static_cast<std::size_t>(job.option)].seconds +=
                    seconds_since(start);
            });
  }
}

void write(const FixationGround& ground, const report::Results& results,
           const ResultsFolder& folder)
{
  std::vector<implant::Fixation> placed;
  for (const PlacedOption& option : ground.plan.options)
    if (option.fixation)
      placed.push_back(*option.fixation);
  write_text(folder.path() / "fixations.csv", report::fixations_csv(*results.fixations));
  const PatientInputs& in = ground.setting.inputs;
  report::write_fixation_pictures(folder.path(), results,
                                  {in.envelope, in.bone, ground.plan.lesions, placed});
}
} // namespace

int fixation_solves(const PatientCase& given, const FixationPlan& plan)
{
  if (!given.fixations)
    return 0;
  const FixationInput& input = *given.fixations;
  int bodies = 0;
  for (const BoneState state : input.states)
  {
    bodies += state == BoneState::grown ? 1 : 0;
    const bool both = state == BoneState::as_is || input.both_everywhere;
    for (const PlacedOption& option : plan.options)
      for (std::size_t h = 0;
           h < (both ? option.hardware.size() : std::min<std::size_t>(1, option.hardware.size()));
           ++h)
        bodies += option.hardware[h].voxels.contact.empty() ? 1 : solves_of_contact;
  }
  return bodies * static_cast<int>(input.activities.empty() ? given.activities.size()
                                                            : input.activities.size());
}

void compare_fixations(const FixationGround& ground, voxel::Options options,
                       const ResultsFolder* folder, report::Results& results, MPI_Comm comm)
{
  int asked = ground.given.patient && ground.given.patient->fixations ? 1 : 0;
  MPI_Bcast(&asked, 1, MPI_INT, 0, comm);
  if (!asked)
    return;
  Stage stage("compare fixations", results.timings);
  const auto start = Clock::now();
  options.relative_residual = std::max(options.relative_residual, relative_residual);
  options.contact_residual = contact_residual;
  if (!options.petsc.empty())
    log_info("fixations: solved by the voxel engine, as PETSc's solvers know no contact");
  options.petsc.clear();
  FixationBench bench;
  on_root(comm, [&] { bench = make_bench(ground, results); });
  solve_jobs(ground, shared(bench.jobs, comm), options, folder, bench, results, comm);
  on_root(comm,
          [&]
          {
            finish(ground, bench);
            bench.found.seconds = seconds_since(start);
            results.fixations = std::move(bench.found);
            write(ground, results, *folder);
          });
}

} // namespace calcar::pipeline
