#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <stdexcept>
#include <utility>
#include <vector>

namespace calcar
{

/// Disjoint sets of 0, 1, ..., count - 1 with path halving; the smallest number of a set leads it.
/// Throws std::length_error for more than 2^32 numbers.
class DisjointSets
{
public:
  explicit DisjointSets(std::size_t count) : leader_(count)
  {
    if (count > std::numeric_limits<std::uint32_t>::max())
      throw std::length_error("more than 2^32 numbers in disjoint sets");
    std::iota(leader_.begin(), leader_.end(), std::uint32_t{0});
  }

  std::uint32_t find(std::uint32_t n)
  {
    while (leader_[n] != n)
      n = leader_[n] = leader_[leader_[n]];
    return n;
  }

  /// False when they were in one set already.
  bool join(std::uint32_t a, std::uint32_t b)
  {
    a = find(a);
    b = find(b);
    leader_[std::max(a, b)] = std::min(a, b);
    return a != b;
  }

  /// Numbers the sets 0, 1, ... in the order of their leaders and returns the set of each number;
  /// what is left is empty.
  std::vector<std::uint32_t> number(std::uint32_t& sets)
  {
    sets = 0;
    for (std::uint32_t n = 0; n < leader_.size(); ++n) // a leader comes before those it leads
      leader_[n] = leader_[n] == n ? sets++ : leader_[leader_[n]];
    return std::move(leader_);
  }

private:
  std::vector<std::uint32_t> leader_;
};

} // namespace calcar
