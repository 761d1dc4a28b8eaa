#include "base/offset_set.hpp"

namespace calcar
{

void OffsetSet::insert_range(std::uint64_t first, std::uint64_t last)
{
  const std::uint64_t from = ~std::uint64_t{0} << first % 64;
  const std::uint64_t to = ~std::uint64_t{0} >> (63 - last % 64);
  if (first / 64 == last / 64)
  {
    bits_[first / 64] |= from & to;
    return;
  }
  bits_[first / 64] |= from;
  for (std::uint64_t word = first / 64 + 1; word < last / 64; ++word)
    bits_[word] = ~std::uint64_t{0};
  bits_[last / 64] |= to;
}

void OffsetSet::count()
{
  counts_.clear();
  size_ = 0;
  for (std::size_t word = 0; word < bits_.size(); ++word)
  {
    if (word % words_per_count == 0)
      counts_.push_back(size_);
    size_ += static_cast<std::uint64_t>(std::popcount(bits_[word]));
  }
}

} // namespace calcar
