#include "benchmark/stream.hpp"

#include <algorithm>
#include <limits>
#include <memory>
#include <new>
#include <stdexcept>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace calcar::benchmark
{
namespace
{
constexpr std::size_t line = 64;

struct Free
{
  void operator()(double* array) const { ::operator delete[](array, std::align_val_t{line}); }
};
using Array = std::unique_ptr<double[], Free>;

Array make_array(std::size_t count, double value)
{
  Array array(
      static_cast<double*>(::operator new[](count * sizeof(double), std::align_val_t{line})));
  std::fill_n(array.get(), count, value);
  return array;
}

void triad(double* __restrict a, const double* __restrict b, const double* __restrict c, double s,
           std::size_t count)
{
  for (std::size_t i = 0; i < count; ++i)
    a[i] = b[i] + s * c[i];
}

/// False where the processor has no such stores. `count` must be even.
bool triad_past_cache([[maybe_unused]] double* a, [[maybe_unused]] const double* b,
                      [[maybe_unused]] const double* c, [[maybe_unused]] double s,
                      [[maybe_unused]] std::size_t count)
{
#if defined(__SSE2__)
  const __m128d factor = _mm_set1_pd(s);
  for (std::size_t i = 0; i < count; i += 2)
    _mm_stream_pd(a + i, _mm_add_pd(_mm_load_pd(b + i), _mm_mul_pd(factor, _mm_load_pd(c + i))));
  _mm_sfence();
  return true;
#else
  return false;
#endif
}

/// Seconds that the slowest rank needs, the best of several.
template <typename Work>
double best_time(int repetitions, MPI_Comm comm, const Work& work)
{
  double best = std::numeric_limits<double>::max();
  for (int r = 0; r < repetitions; ++r)
  {
    MPI_Barrier(comm);
    const double start = MPI_Wtime();
    work();
    double seconds = MPI_Wtime() - start;
    MPI_Allreduce(MPI_IN_PLACE, &seconds, 1, MPI_DOUBLE, MPI_MAX, comm);
    best = std::min(best, seconds);
  }
  return best;
}
} // namespace

Bandwidth stream_triad(std::size_t bytes, int repetitions, MPI_Comm comm)
{
  int ranks = 1;
  MPI_Comm_size(comm, &ranks);
  const std::size_t count = bytes / (3 * sizeof(double) * static_cast<std::size_t>(ranks)) / 2 * 2;
  const Array a = make_array(count, 0);
  const Array b = make_array(count, 1);
  const Array c = make_array(count, 2);
  Bandwidth result;
  result.bytes = 3 * sizeof(double) * count * static_cast<std::size_t>(ranks);
  const double moved = static_cast<double>(result.bytes);
  // The factor changes with each call, so that no call can be left out.
  double s = 1;
  result.plain = moved / best_time(repetitions, comm,
                                   [&] { triad(a.get(), b.get(), c.get(), s += 1, count); });
  bool possible = true;
  const double seconds =
      best_time(repetitions, comm,
                [&] { possible = triad_past_cache(a.get(), b.get(), c.get(), s += 1, count); });
  if (possible)
    result.non_temporal = moved / seconds;
  const bool right = count == 0 || a[count - 1] == 1 + 2 * s || !possible;
  if (!right) // also keeps the compiler from leaving the work out
    throw std::runtime_error("the triad gave a wrong sum");
  return result;
}

} // namespace calcar::benchmark
