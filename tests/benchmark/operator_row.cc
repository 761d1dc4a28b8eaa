#include "benchmark/rows.hpp"
#include "benchmark/stream.hpp"
#include "voxel/operator.hpp"
#include "voxel/spread.hpp"

#include <algorithm>
#include <limits>

namespace calcar::benchmark
{
namespace
{
voxel::Level level_of(const model::VoxelBody& body, MPI_Comm comm)
{
  voxel::Level level;
  voxel::Distribution distribution;
  level.bricks = voxel::spread(body, comm, distribution);
  level.nodes = voxel::number_nodes(level.bricks, comm);
  return level;
}

/// Seconds of one product, the best of several; the slowest rank counts.
template <typename T>
double time_product(const voxel::Level& level, int repetitions, MPI_Comm comm)
{
  std::vector<T> u(level.nodes.values());
  for (std::size_t n = 0; n + 3 < u.size(); ++n)
    u[n] = static_cast<T>(n % 7);
  std::vector<T> f(u.size());
  double best = std::numeric_limits<double>::max();
  for (int r = 0; r < repetitions; ++r)
  {
    MPI_Barrier(comm);
    const double start = MPI_Wtime();
    voxel::apply(level, u, f);
    double seconds = MPI_Wtime() - start;
    MPI_Allreduce(MPI_IN_PLACE, &seconds, 1, MPI_DOUBLE, MPI_MAX, comm);
    best = std::min(best, seconds);
  }
  return best;
}
} // namespace

nlohmann::json operator_row(int size, std::size_t stream_bytes, int repetitions, MPI_Comm comm)
{
  constexpr double bytes_per_unknown = 16;
  const Bandwidth triad = stream_triad(stream_bytes, repetitions, comm);
  const LoadedBody cube = make_cube("solid", size, Loads::one);
  const voxel::Level level = level_of(cube.body, comm);
  std::uint64_t unknowns = 3 * static_cast<std::uint64_t>(level.nodes.owned);
  MPI_Allreduce(MPI_IN_PLACE, &unknowns, 1, MPI_UINT64_T, MPI_SUM, comm);
  const double count = static_cast<double>(unknowns);
  const double single = count / time_product<float>(level, 5 * repetitions, comm);
  const double twice = count / time_product<double>(level, 5 * repetitions, comm);
  nlohmann::json row = {{"unknowns", unknowns},
                        {"float_per_s", single},
                        {"double_per_s", twice},
                        {"triad",
                         {{"arrays_bytes", triad.bytes},
                          {"plain_bytes_per_s", triad.plain},
                          {"non_temporal_bytes_per_s", triad.non_temporal}}}};
  row["of_bound"]["plain"] = single * bytes_per_unknown / triad.plain;
  row["of_bound"]["non_temporal"] =
      triad.non_temporal > 0 ? nlohmann::json(single * bytes_per_unknown / triad.non_temporal)
                             : nlohmann::json();
  return row;
}

} // namespace calcar::benchmark
