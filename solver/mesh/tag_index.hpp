#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace calcar::mesh
{

/// Where a number of the file stands in a list of numbers: by a table when they are dense, else by
/// bisection.
class TagIndex
{
public:
  explicit TagIndex(std::span<const std::uint64_t> tags);

  /// Its place in the list; nothing when it is not there.
  std::optional<std::uint32_t> find(std::uint64_t tag) const;

  /// A number that is in the list twice.
  std::optional<std::uint64_t> given_twice() const { return given_twice_; }

private:
  static constexpr std::uint32_t none = 0xffffffff;
  std::vector<std::uint32_t> table_; ///< by number; empty when they are sparse
  std::vector<std::pair<std::uint64_t, std::uint32_t>> sorted_;
  std::optional<std::uint64_t> given_twice_;
};

} // namespace calcar::mesh
