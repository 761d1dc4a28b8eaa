#include "base/large_pages.hpp"

#include <sys/mman.h>

#include <cstdint>

namespace calcar
{

void advise_large_pages(const void* data, std::size_t bytes)
{
  constexpr std::uintptr_t large = std::uintptr_t{1} << 21;
  const auto begin = reinterpret_cast<std::uintptr_t>(data);
  // Whole large pages only, so that what lies before and after does not grow.
  const std::uintptr_t first = (begin + large - 1) / large * large;
  const std::uintptr_t last = (begin + bytes) / large * large;
  if (first < last)
    madvise(reinterpret_cast<void*>(first), last - first, MADV_HUGEPAGE);
}

} // namespace calcar
