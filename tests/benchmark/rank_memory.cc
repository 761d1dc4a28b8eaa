#include "benchmark/rank_memory.hpp"

#include "base/parallel.hpp"

#include <unistd.h>

#include <utility>
#include <vector>

namespace calcar::benchmark
{
namespace
{
/// A number of each rank, on rank 0.
std::vector<std::uint64_t> of_all_ranks(std::uint64_t mine, MPI_Comm comm)
{
  std::vector<std::uint64_t> all(static_cast<std::size_t>(size(comm)));
  MPI_Gather(&mine, 1, MPI_UINT64_T, all.data(), 1, MPI_UINT64_T, 0, comm);
  return all;
}
} // namespace

RankMemory::RankMemory(MPI_Comm comm) : comm_(comm), floor_(peak_memory())
{
  std::vector<pid_t> processes;
  for (const std::uint64_t process : of_all_ranks(static_cast<std::uint64_t>(getpid()), comm))
    processes.push_back(static_cast<pid_t>(process));
  if (is_root(comm))
    watch_.emplace(std::move(processes));
}

void RankMemory::end()
{
  peak_ = peak_memory();
  together_ = watch_ ? watch_->most() - watch_->at_first() : 0;
}

nlohmann::json RankMemory::row(std::uint64_t unknowns) const
{
  const auto floors = of_all_ranks(floor_, comm_);
  const auto peaks = of_all_ranks(peak_, comm_);
  std::uint64_t above = 0;
  for (std::size_t r = 0; r < peaks.size(); ++r)
    above += peaks[r] - floors[r];
  return {{"floor_bytes", floors},
          {"peak_bytes", peaks},
          {"above_floor_bytes", above},
          {"bytes_per_unknown", static_cast<double>(above) / static_cast<double>(unknowns)},
          {"above_floor_at_once_bytes", together_}};
}

} // namespace calcar::benchmark
