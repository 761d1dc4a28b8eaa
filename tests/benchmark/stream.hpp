#pragma once

#include <mpi.h>

#include <cstddef>

namespace calcar::benchmark
{

/// What memory gives, in bytes per second of all ranks together; 24 bytes counted per step of the
/// triad, as STREAM does (a store that first reads its line moves 32).
struct Bandwidth
{
  double plain = 0;        ///< stores as the compiler writes them
  double non_temporal = 0; ///< stores past the cache; 0 where the processor has none
  std::size_t bytes = 0;   ///< of the three arrays of all ranks
};

/**
 * STREAM's triad (J. D. McCalpin, www.cs.virginia.edu/stream) on all ranks at once:
 *
 *   a[i] = b[i] + s c[i]
 *
 * in double precision, three arrays of `bytes` together over all ranks; the best of `repetitions`.
 * Collective; the result is the same on all ranks.
 */
Bandwidth stream_triad(std::size_t bytes, int repetitions, MPI_Comm comm);

} // namespace calcar::benchmark
