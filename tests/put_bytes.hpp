#pragma once

#include <algorithm>
#include <cstring>
#include <string>

namespace calcar::test
{

/// Appends the bytes of a value as they lie in memory, or the other way round.
template <typename T>
void put(std::string& to, T value, bool swapped = false)
{
  char raw[sizeof(T)];
  std::memcpy(raw, &value, sizeof(T));
  if (swapped)
    std::reverse(raw, raw + sizeof(T));
  to.append(raw, sizeof(T));
}

} // namespace calcar::test
