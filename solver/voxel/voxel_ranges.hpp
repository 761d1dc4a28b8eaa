#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <vector>

namespace calcar::voxel
{

/**
 * An ascending list of voxels (indices into VoxelBody::voxels), kept as ranges without gaps: 16
 * bytes each, however long. A body in one piece is one range.
 */
class VoxelRanges
{
  struct Range
  {
    std::uint64_t first;
    std::uint64_t end; ///< one past the last
  };

public:
  /// Goes through the voxels, ascending.
  class Iterator
  {
  public:
    using iterator_category = std::forward_iterator_tag;
    using value_type = std::uint64_t;
    using difference_type = std::ptrdiff_t;
    using pointer = const std::uint64_t*;
    using reference = std::uint64_t;

    Iterator() = default;
    Iterator(const Range* range, std::uint64_t voxel) : range_(range), voxel_(voxel) {}
    std::uint64_t operator*() const { return voxel_; }
    Iterator& operator++()
    {
      if (++voxel_ == range_->end)
        voxel_ = (++range_)->first;
      return *this;
    }
    Iterator operator++(int)
    {
      const Iterator before = *this;
      ++*this;
      return before;
    }
    bool operator==(const Iterator&) const = default;

  private:
    const Range* range_ = nullptr;
    std::uint64_t voxel_ = 0;
  };

  /// Appends `first` to `end` - 1, which follow all that are in.
  void append(std::uint64_t first, std::uint64_t end)
  {
    size_ += end - first;
    if (ranges_.size() > 1 && ranges_[ranges_.size() - 2].end == first)
    {
      ranges_[ranges_.size() - 2].end = end;
      return;
    }
    ranges_.back() = {first, end};
    ranges_.push_back(sentinel);
  }

  std::uint64_t size() const { return size_; }
  std::uint64_t front() const { return ranges_.front().first; }
  Iterator begin() const { return {ranges_.data(), ranges_.front().first}; }
  Iterator end() const { return {&ranges_.back(), sentinel.first}; }

  bool contains(std::uint64_t voxel) const
  {
    const auto after =
        std::upper_bound(ranges_.begin(), ranges_.end() - 1, voxel,
                         [](std::uint64_t v, const Range& range) { return v < range.end; });
    return after->first <= voxel; // no voxel is as large as the sentinel
  }

private:
  static constexpr Range sentinel = {~std::uint64_t{0}, ~std::uint64_t{0}};
  std::vector<Range> ranges_ = {sentinel}; ///< ascending; the last one is the sentinel
  std::uint64_t size_ = 0;
};

} // namespace calcar::voxel
