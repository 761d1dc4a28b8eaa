#pragma once

#include <cstddef>
#include <vector>

namespace calcar
{

/// Asks the system to back what lies from `data` on by large pages (2 MB instead of 4 kB) when it
/// is first touched. A wish: where the system has none, nothing changes.
void advise_large_pages(const void* data, std::size_t bytes);

/**
 * Makes room for `count` values on large pages; fill it afterwards. For vectors that are passed
 * over again and again: with small pages a good part of the time goes into looking up addresses.
 */
template <typename T>
void reserve_on_large_pages(std::vector<T>& vector, std::size_t count)
{
  if (vector.capacity() >= count)
    return;
  vector.reserve(count);
  advise_large_pages(vector.data(), vector.capacity() * sizeof(T));
}

/// The same, filled.
template <typename T>
void assign_on_large_pages(std::vector<T>& vector, std::size_t count, const T& value)
{
  reserve_on_large_pages(vector, count);
  vector.assign(count, value);
}

} // namespace calcar
