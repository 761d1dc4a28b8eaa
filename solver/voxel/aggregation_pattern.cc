#include "voxel/aggregation_pattern.hpp"

#include <algorithm>

namespace calcar::voxel
{

void BlockPattern::note_further(std::int32_t row, std::int32_t column)
{
  if (further_.size() >= sort_at_)
  {
    sort_further();
    sort_at_ = std::max(sort_at_, 2 * further_.size());
  }
  further_.emplace_back(row, column);
}

void BlockPattern::sort_further()
{
  std::sort(further_.begin(), further_.end());
  further_.erase(std::unique(further_.begin(), further_.end()), further_.end());
}

/// Of rows whose sixteen places are taken.
std::pair<BlockPattern::Further::const_iterator, BlockPattern::Further::const_iterator>
BlockPattern::further_of(std::size_t row) const
{
  if (near_[row].back() == none)
    return {further_.end(), further_.end()};
  const auto number = static_cast<std::int32_t>(row);
  return {
      std::lower_bound(further_.begin(), further_.end(), std::pair{number, std::int32_t{0}}),
      std::lower_bound(further_.begin(), further_.end(), std::pair{number + 1, std::int32_t{0}})};
}

std::size_t BlockPattern::count(std::size_t row) const
{
  const Row& near = near_[row];
  const auto [first, last] = further_of(row);
  return static_cast<std::size_t>(std::find(near.begin(), near.end(), none) - near.begin()) +
         static_cast<std::size_t>(last - first);
}

void BlockPattern::append_columns(std::size_t row, std::vector<std::int32_t>& to) const
{
  const Row& near = near_[row];
  const auto old = static_cast<std::ptrdiff_t>(to.size());
  to.insert(to.end(), near.begin(), std::find(near.begin(), near.end(), none));
  const auto [first, last] = further_of(row);
  for (auto at = first; at != last; ++at)
    to.push_back(at->second);
  std::sort(to.begin() + old, to.end());
}

} // namespace calcar::voxel
