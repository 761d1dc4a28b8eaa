#pragma once

#include <array>
#include <cstdint>
#include <utility>
#include <vector>

namespace calcar::voxel
{

/// Which blocks a matrix will have: noted in any order and often, kept once. A row's first sixteen
/// columns have their place; the rare further ones are sorted from time to time.
class BlockPattern
{
public:
  explicit BlockPattern(std::size_t rows) : near_(rows, empty_row()) {}

  std::size_t rows() const { return near_.size(); }
  void add_row() { near_.push_back(empty_row()); }
  void note(std::int32_t row, std::int32_t column)
  {
    Row& columns = near_[static_cast<std::size_t>(row)];
    std::size_t at = 0;
    while (at < columns.size() && columns[at] != column && columns[at] != none)
      ++at;
    if (at < columns.size())
      columns[at] = column;
    else
      note_further(row, column);
  }

  /// To be called after the last note and before what follows.
  void sort_further();

  /// How many columns of a row were noted.
  std::size_t count(std::size_t row) const;

  /// Appends the noted columns of a row, ascending.
  void append_columns(std::size_t row, std::vector<std::int32_t>& to) const;

private:
  static constexpr std::int32_t none = -1;
  using Row = std::array<std::int32_t, 16>;
  static Row empty_row()
  {
    Row row{};
    row.fill(none);
    return row;
  }
  using Further = std::vector<std::pair<std::int32_t, std::int32_t>>; ///< (row, column)
  std::pair<Further::const_iterator, Further::const_iterator> further_of(std::size_t row) const;
  void note_further(std::int32_t row, std::int32_t column);

  std::vector<Row> near_;
  Further further_;
  std::size_t sort_at_ = 1024; ///< size at which `further_` is sorted
};

} // namespace calcar::voxel
