#include "base/parallel.hpp"
#include "benchmark/process_memory.hpp"
#include "benchmark/rows.hpp"
#include "voxel/engine.hpp"

#include <unistd.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

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

/// A number of each rank, on rank 0.
std::vector<std::uint64_t> of_all_ranks(std::uint64_t mine, MPI_Comm comm)
{
  std::vector<std::uint64_t> all(static_cast<std::size_t>(size(comm)));
  MPI_Gather(&mine, 1, MPI_UINT64_T, all.data(), 1, MPI_UINT64_T, 0, comm);
  return all;
}

/// The processes of all ranks, which run on one computer; on rank 0.
std::vector<pid_t> processes_of(MPI_Comm comm)
{
  std::vector<pid_t> processes;
  for (const std::uint64_t process : of_all_ranks(static_cast<std::uint64_t>(getpid()), comm))
    processes.push_back(static_cast<pid_t>(process));
  return processes;
}

Json memory(std::uint64_t floor, std::uint64_t peak, std::uint64_t unknowns, MPI_Comm comm)
{
  const auto floors = of_all_ranks(floor, comm);
  const auto peaks = of_all_ranks(peak, comm);
  std::uint64_t above = 0;
  for (std::size_t r = 0; r < peaks.size(); ++r)
    above += peaks[r] - floors[r];
  return {{"floor_bytes", floors},
          {"peak_bytes", peaks},
          {"above_floor_bytes", above},
          {"bytes_per_unknown", static_cast<double>(above) / static_cast<double>(unknowns)}};
}
} // namespace

nlohmann::json solve_row(const std::function<LoadedBody()>& make_body, const SolveOptions& options,
                         MPI_Comm comm)
{
  const std::uint64_t floor = peak_memory();
  std::optional<MemoryWatch> watch;
  if (auto processes = processes_of(comm); is_root(comm))
    watch.emplace(std::move(processes));
  LoadedBody body;
  on_root(comm, [&] { body = make_body(); });
  std::uint64_t count = body.loads.size();
  MPI_Bcast(&count, 1, MPI_UINT64_T, 0, comm);
  Json row = {{"ranks", size(comm)},
              {"right_hand_sides", count},
              {"alone", options.alone},
              {"relative_residual", options.relative_residual}};
  std::uint64_t peak = 0, together = 0;
  for (int r = 0; r < options.repetitions; ++r)
  {
    const Run taken = repetition(body, count, options, comm);
    if (r == 0)
    {
      peak = peak_memory();
      together = watch ? watch->most() - watch->at_first() : 0;
    }
    row["set_up_s"].push_back(taken.set_up_s);
    row["solve_s"].push_back(taken.solve_s);
    row["unknowns"] = taken.unknowns;
    row["levels"] = taken.levels;
    row["iterations"] = Json::array();
    for (const voxel::Solution& solution : taken.solutions)
      row["iterations"].push_back(solution.report.iterations);
  }
  row["memory"] = memory(floor, peak, row["unknowns"], comm);
  row["memory"]["above_floor_at_once_bytes"] = together;
  row["voxels"] = body.body.voxels.size();
  return row;
}

} // namespace calcar::benchmark
