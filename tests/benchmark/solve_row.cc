#include "base/parallel.hpp"
#include "benchmark/rank_memory.hpp"
#include "benchmark/rows.hpp"
#include "voxel/engine.hpp"

#include <iterator>

namespace calcar::benchmark
{
namespace
{
using Json = nlohmann::json;
using Forces = std::vector<std::vector<model::NodalForce>>;

/// What one engine took for its right-hand sides.
struct Run
{
  double set_up_s = 0;
  double solve_s = 0; ///< answers gathered
  std::uint64_t unknowns = 0;
  int levels = 0;
  std::vector<voxel::Solution> solutions; ///< rank 0; kept, as their user would
};

double since(double start)
{
  return MPI_Wtime() - start;
}

Run run(const LoadedBody& body, const Forces& loads, const std::vector<double>& scale,
        const SolveOptions& options, MPI_Comm comm)
{
  Run result;
  MPI_Barrier(comm);
  double start = MPI_Wtime();
  voxel::Options of_engine;
  of_engine.relative_residual = options.relative_residual;
  voxel::Engine engine(body.body, body.supports, comm, of_engine);
  MPI_Barrier(comm);
  result.set_up_s = since(start);
  start = MPI_Wtime();
  result.solutions = engine.solve(loads, scale);
  MPI_Barrier(comm);
  result.solve_s = since(start);
  result.unknowns = engine.unknowns();
  result.levels = engine.levels();
  return result;
}

/// All right-hand sides once: together, or each in an engine of its own (times added up).
Run repetition(const LoadedBody& body, std::size_t count, const SolveOptions& options,
               MPI_Comm comm)
{
  Forces loads = body.loads;
  loads.resize(count);
  std::vector<double> scale = body.scale;
  scale.resize(count);
  if (!options.alone)
    return run(body, loads, scale, options, comm);
  Run sum;
  for (std::size_t l = 0; l < count; ++l)
  {
    Run one = run(body, {loads[l]}, {scale[l]}, options, comm);
    sum.set_up_s += one.set_up_s;
    sum.solve_s += one.solve_s;
    sum.unknowns = one.unknowns;
    sum.levels = one.levels;
    std::move(one.solutions.begin(), one.solutions.end(), std::back_inserter(sum.solutions));
  }
  return sum;
}
} // namespace

nlohmann::json solve_row(const std::function<LoadedBody()>& make_body, const SolveOptions& options,
                         MPI_Comm comm)
{
  RankMemory memory(comm);
  LoadedBody body;
  on_root(comm, [&] { body = make_body(); });
  std::uint64_t count = body.loads.size();
  MPI_Bcast(&count, 1, MPI_UINT64_T, 0, comm);
  Json row = {{"ranks", size(comm)},
              {"right_hand_sides", count},
              {"alone", options.alone},
              {"relative_residual", options.relative_residual}};
  for (int r = 0; r < options.repetitions; ++r)
  {
    const Run taken = repetition(body, count, options, comm);
    if (r == 0)
      memory.end();
    row["set_up_s"].push_back(taken.set_up_s);
    row["solve_s"].push_back(taken.solve_s);
    row["unknowns"] = taken.unknowns;
    row["levels"] = taken.levels;
    row["iterations"] = Json::array();
    for (const voxel::Solution& solution : taken.solutions)
      row["iterations"].push_back(solution.report.iterations);
  }
  row["memory"] = memory.row(row["unknowns"]);
  row["voxels"] = body.body.voxels.size();
  return row;
}

} // namespace calcar::benchmark
