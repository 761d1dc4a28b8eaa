#pragma once

#include "base/parallel.hpp"
#include "voxel/spread.hpp"

#include <algorithm>
#include <type_traits>
#include <vector>

namespace calcar::voxel
{

/// The values of the voxels in rank r's bricks, brick by brick, from those of the body. On rank 0.
template <typename T>
std::vector<T> values_of_rank(const std::vector<T>& of_body, const std::array<int, 3>& grid_size,
                              const Distribution& distribution, std::size_t rank)
{
  std::vector<T> part;
  for (std::size_t b = distribution.first[rank]; b < distribution.first[rank + 1]; ++b)
    for_voxels_in(grid_size, distribution.voxels, distribution.bricks[b],
                  [&](std::uint64_t voxel, int) { part.push_back(of_body[voxel]); });
  return part;
}

/// Plain values from rank 0 to a rank, in messages below the size that MPI counts.
template <typename T>
void send_values(const std::vector<T>& values, int to, int tag, MPI_Comm comm)
{
  static_assert(std::is_trivially_copyable_v<T>);
  constexpr std::size_t most = (std::size_t{1} << 30) / sizeof(T);
  const std::uint64_t count = values.size();
  MPI_Send(&count, 1, MPI_UINT64_T, to, tag, comm);
  for (std::size_t at = 0; at < count; at += most)
    MPI_Send(values.data() + at, static_cast<int>(std::min(most, count - at) * sizeof(T)), MPI_BYTE,
             to, tag, comm);
}

template <typename T>
std::vector<T> receive_values(int from, int tag, MPI_Comm comm)
{
  static_assert(std::is_trivially_copyable_v<T>);
  constexpr std::size_t most = (std::size_t{1} << 30) / sizeof(T);
  std::uint64_t count = 0;
  MPI_Recv(&count, 1, MPI_UINT64_T, from, tag, comm, MPI_STATUS_IGNORE);
  std::vector<T> values(count);
  for (std::size_t at = 0; at < count; at += most)
    MPI_Recv(values.data() + at, static_cast<int>(std::min(most, count - at) * sizeof(T)), MPI_BYTE,
             from, tag, comm, MPI_STATUS_IGNORE);
  return values;
}

/// One plain value for each of this rank's voxels, brick by brick; `of_body`, in the order of the
/// body that was spread, is read on rank 0 only. Collective.
template <typename T>
std::vector<T> spread_values(const std::vector<T>& of_body, const std::array<int, 3>& grid_size,
                             const Distribution& distribution, MPI_Comm comm)
{
  constexpr int tag = 24;
  if (!is_root(comm))
    return receive_values<T>(0, tag, comm);
  for (std::size_t r = 1; r + 1 < distribution.first.size(); ++r)
    send_values(values_of_rank(of_body, grid_size, distribution, r), static_cast<int>(r), tag,
                comm);
  return values_of_rank(of_body, grid_size, distribution, 0);
}

} // namespace calcar::voxel
