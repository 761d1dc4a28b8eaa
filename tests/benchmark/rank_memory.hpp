#pragma once

#include "benchmark/process_memory.hpp"

#include <mpi.h>
#include <nlohmann/json.hpp>

#include <cstdint>
#include <optional>

namespace calcar::benchmark
{

/// The memory of the ranks of a communicator, which run on one computer, from now to end().
/// Everything is collective.
class RankMemory
{
public:
  explicit RankMemory(MPI_Comm comm);
  void end();

  /// On rank 0: of each rank its peak, and its peak before (the floor); the most that all ranks had
  /// in use at once above their floor. Rank 0 alone tells `unknowns`.
  nlohmann::json row(std::uint64_t unknowns) const;

private:
  MPI_Comm comm_;
  std::uint64_t floor_;
  std::uint64_t peak_ = 0;
  std::uint64_t together_ = 0;
  std::optional<MemoryWatch> watch_;
};

} // namespace calcar::benchmark
