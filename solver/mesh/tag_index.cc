#include "mesh/tag_index.hpp"

#include <algorithm>

namespace calcar::mesh
{

TagIndex::TagIndex(std::span<const std::uint64_t> tags)
{
  const std::uint64_t largest = tags.empty() ? 0 : *std::max_element(tags.begin(), tags.end());
  if (largest < 4 * tags.size() + 1024)
  {
    table_.assign(largest + 1, none);
    for (std::uint32_t n = 0; n < tags.size(); ++n)
    {
      if (table_[tags[n]] != none && !given_twice_)
        given_twice_ = tags[n];
      table_[tags[n]] = n;
    }
    return;
  }
  sorted_.reserve(tags.size());
  for (std::uint32_t n = 0; n < tags.size(); ++n)
    sorted_.emplace_back(tags[n], n);
  std::sort(sorted_.begin(), sorted_.end());
  const auto twice = std::adjacent_find(sorted_.begin(), sorted_.end(),
                                        [](auto& a, auto& b) { return a.first == b.first; });
  if (twice != sorted_.end())
    given_twice_ = twice->first;
}

std::optional<std::uint32_t> TagIndex::find(std::uint64_t tag) const
{
  if (!table_.empty())
  {
    if (tag >= table_.size() || table_[tag] == none)
      return {};
    return table_[tag];
  }
  const auto at = std::lower_bound(sorted_.begin(), sorted_.end(),
                                   std::pair<std::uint64_t, std::uint32_t>{tag, 0});
  if (at == sorted_.end() || at->first != tag)
    return {};
  return at->second;
}

} // namespace calcar::mesh
