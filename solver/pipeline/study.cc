#include "pipeline/study.hpp"

#include "base/log.hpp"
#include "base/parallel.hpp"
#include "material/criteria.hpp"
#include "pipeline/memory_limit.hpp"
#include "pipeline/prediction.hpp"
#include "pipeline/study_problem.hpp"
#include "report/fields.hpp"

#include <algorithm>
#include <chrono>

namespace calcar::pipeline
{
namespace
{
report::StudyResults measure(const model::VoxelBody& body, const voxel::Solution& solution)
{
  report::StudyResults study;
  const double volume = body.grid.voxel_volume();
  std::vector<double> effective;
  effective.reserve(body.voxels.size());
  for (std::size_t v = 0; v < body.voxels.size(); ++v)
  {
    const SymTensor& strain = solution.strain[v];
    const auto principal = eigenvalues(strain);
    study.largest_principal_strain = std::max(study.largest_principal_strain, principal[0]);
    study.smallest_principal_strain = std::min(study.smallest_principal_strain, principal[2]);
    effective.push_back(material::effective_strain(
        strain, material::hooke(strain, body.youngs[v], body.poisson[v]), body.youngs[v]));
  }
  study.effective_strain_98 =
      material::volume_utilisation(effective, std::vector<double>(effective.size(), volume), 0.02);
  for (const Vec3& u : solution.displacement)
    study.largest_displacement_mm = std::max(study.largest_displacement_mm, norm(u));
  study.strain_energy_Nmm = solution.strain_energy;
  study.volume_mm3 = volume * static_cast<double>(body.voxels.size());
  return study;
}

void record(const StudyProblem& problem, const voxel::Solution& solution, report::Results& results)
{
  results.solver.right_hand_sides = 1;
  results.solver.iterations = results.solver.iterations_total = solution.report.iterations;
  results.solver.relative_residual = solution.report.relative_residual;
  results.solver.at_rounding_limit = solution.report.at_rounding_limit;
  results.solver.aggregation = solution.report.aggregation;
  results.solver.aggregation_left_out = solution.report.aggregation_left_out;
  results.solver.check = solution.report.check;
  for (std::size_t s = 0; s < problem.supports.names.size(); ++s)
    results.supports.push_back({problem.supports.names[s], "as is", "", solution.reaction[s]});
  results.study = measure(problem.body, solution);
  report::VariantResults variant;
  variant.name = "as is";
  variant.solver = results.solver;
  variant.volume_mm3 = results.study->volume_mm3;
  results.variants.push_back(std::move(variant));
}

void write_fields(const StudyProblem& problem, const std::vector<model::NodeIndex>& nodes,
                  voxel::Solution solution, const OutputOptions& options, ResultsFolder& folder)
{
  if (!options.fields && !options.nifti)
    return;
  analysis::Response response;
  response.strain = std::move(solution.strain);
  response.displacement = std::move(solution.displacement);
  auto fields = report::fields_of(problem.body, response, nodes, "ijk", true);
  response = {};
  fields.push_back({"youngs_modulus_MPa", problem.body.youngs});
  if (options.fields)
    report::write_vti(folder.path() / "fields" / "study.vti", problem.body, fields);
  if (options.nifti)
    report::write_niftis(folder.path() / "fields", "", problem.body, fields);
}

/// Displacement 3, principal strains 2, von Mises stress, energy density, tensors 12, modulus.
constexpr int study_fields = 20;

/// One right-hand side; its fields with all tensor components, and the modulus.
Work work_of(const Case& given)
{
  Work work;
  work.coarse_space = given.solver.coarse_space;
  work.petsc = given.solver.petsc;
  if (given.output.fields || given.output.nifti)
    work.fields = study_fields;
  return work;
}

/// What is left of the solve when the engine has given back its memory.
struct Solved
{
  voxel::Solution solution;
  std::vector<model::NodeIndex> nodes;
};

Solved solve(const StudyProblem& problem, const voxel::Options& options, report::Results& results,
             MPI_Comm comm)
{
  const auto start = std::chrono::steady_clock::now();
  voxel::Engine engine(problem.body, problem.supports, comm, options);
  Solved solved;
  solved.solution = std::move(engine.solve({problem.forces}, {1.0}).front());
  solved.nodes = engine.nodes();
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  results.solver.unknowns = engine.unknowns();
  results.solver.elements = problem.body.voxels.size();
  results.solver.levels = engine.levels();
  results.solver.seconds = seconds.count();
  return solved;
}
} // namespace

void run_study(const Case& given, ResultsFolder* folder, Outcome& outcome, MPI_Comm comm)
{
  report::Results& results = outcome.results;
  StudyProblem problem;
  {
    Stage stage("read", results.timings);
    on_root(comm,
            [&]
            {
              problem = prepare_study(*given.study);
              append(results.warnings, problem.warnings);
              for (const Source& source : problem.sources)
                results.sources.push_back(source);
            });
  }
  int dry_run = folder == nullptr;
  MPI_Bcast(&dry_run, 1, MPI_INT, 0, comm);
  voxel::Options options = given.solver;
  options.may_aggregate =
      predict_and_limit([&](const Work& work) { return predict(problem.body, work); },
                        work_of(given), given.memory_GB, dry_run != 0, outcome, comm);
  if (dry_run)
    return;
  Solved solved;
  {
    Stage stage("solve", results.timings);
    solved = solve(problem, options, results, comm);
  }
  {
    Stage stage("write", results.timings);
    on_root(comm,
            [&]
            {
              record(problem, solved.solution, results);
              write_fields(problem, solved.nodes, std::move(solved.solution), given.output,
                           *folder);
            });
  }
  record_peak_memory(outcome, comm);
}

} // namespace calcar::pipeline
