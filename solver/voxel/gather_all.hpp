#pragma once

#include "base/parallel.hpp"

#include <mpi.h>

#include <cstddef>
#include <type_traits>
#include <vector>

namespace calcar::voxel
{

/// All ranks' lists of plain values one after the other, on every rank; for the few thousand
/// unknowns of a coarsest level. Collective.
template <typename T>
std::vector<T> gather_all(const std::vector<T>& own, MPI_Comm comm)
{
  static_assert(std::is_trivially_copyable_v<T>);
  const auto ranks = static_cast<std::size_t>(size(comm));
  const int bytes = static_cast<int>(own.size() * sizeof(T));
  std::vector<int> counts(ranks), starts(ranks, 0);
  MPI_Allgather(&bytes, 1, MPI_INT, counts.data(), 1, MPI_INT, comm);
  for (std::size_t r = 1; r < ranks; ++r)
    starts[r] = starts[r - 1] + counts[r - 1];
  std::vector<T> all(static_cast<std::size_t>(starts.back() + counts.back()) / sizeof(T));
  MPI_Allgatherv(own.data(), bytes, MPI_BYTE, all.data(), counts.data(), starts.data(), MPI_BYTE,
                 comm);
  return all;
}

} // namespace calcar::voxel
