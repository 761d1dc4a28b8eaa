#pragma once

#include "base/parallel.hpp"
#include "voxel/message_count.hpp"

#include <mpi.h>

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <type_traits>
#include <vector>

namespace calcar::voxel
{

/// All ranks' lists of plain values one after the other, on every rank; for the few thousand
/// unknowns of a coarsest level. Throws std::length_error beyond 2^31 - 1 bytes in all. Collective.
template <typename T>
std::vector<T> gather_all(const std::vector<T>& own, MPI_Comm comm)
{
  static_assert(std::is_trivially_copyable_v<T>);
  const auto ranks = static_cast<std::size_t>(size(comm));
  const std::size_t bytes = own.size() * sizeof(T);
  std::vector<std::size_t> all_bytes(ranks);
  MPI_Allgather(&bytes, sizeof(bytes), MPI_BYTE, all_bytes.data(), sizeof(bytes), MPI_BYTE, comm);
  const std::size_t total = std::accumulate(all_bytes.begin(), all_bytes.end(), std::size_t{0});
  message_count(total); // the same on all ranks: all throw or none
  std::vector<int> counts(ranks), starts(ranks, 0);
  std::transform(all_bytes.begin(), all_bytes.end(), counts.begin(), message_count);
  std::partial_sum(counts.begin(), counts.end() - 1, starts.begin() + 1);
  std::vector<T> all(total / sizeof(T));
  MPI_Allgatherv(own.data(), message_count(bytes), MPI_BYTE, all.data(), counts.data(),
                 starts.data(), MPI_BYTE, comm);
  return all;
}

} // namespace calcar::voxel
