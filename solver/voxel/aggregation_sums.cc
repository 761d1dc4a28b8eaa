#include "voxel/aggregation_sums.hpp"

#include "base/parallel.hpp"
#include "voxel/exchange.hpp"

#include <algorithm>
#include <numeric>

namespace calcar::voxel
{
namespace
{

/// A message: block (row, column) by global numbers and its values, two to a word.
constexpr std::size_t message_length = 20;

} // namespace

BlockSums::BlockSums(std::vector<std::uint64_t> first, MPI_Comm comm)
    : first_(std::move(first)), comm_(comm), rank_(static_cast<std::size_t>(rank(comm))),
      own_(static_cast<std::int32_t>(first_[rank_ + 1] - first_[rank_])),
      noted_(static_cast<std::size_t>(own_))
{
}

std::uint64_t BlockSums::global(std::int32_t index) const
{
  return index < own_ ? first_[rank_] + static_cast<std::uint64_t>(index)
                      : foreign_[static_cast<std::size_t>(index - own_)];
}

std::size_t BlockSums::owner(std::uint64_t number) const
{
  return static_cast<std::size_t>(std::upper_bound(first_.begin(), first_.end(), number) -
                                  first_.begin()) -
         1;
}

std::int32_t BlockSums::index_of(std::uint64_t number)
{
  if (number >= first_[rank_] && number < first_[rank_ + 1])
    return static_cast<std::int32_t>(number - first_[rank_]);
  const auto [at, added] =
      number_.try_emplace(number, own_ + static_cast<std::int32_t>(foreign_.size()));
  if (added)
  {
    foreign_.push_back(number);
    noted_.emplace_back();
  }
  return at->second;
}

void BlockSums::note(std::int32_t row, std::int32_t column)
{
  auto& columns = noted_[static_cast<std::size_t>(row)];
  if (std::find(columns.begin(), columns.end(), column) == columns.end())
    columns.push_back(column);
}

void BlockSums::note_sorted(std::int32_t row, std::int32_t column)
{
  note(std::min(row, column), std::max(row, column));
}

/// Calls visit(row, column, mirrored) for each rank other than this one that keeps a part of the
/// block: the owner of the row, and that of the column when it is another.
template <typename Visit>
void BlockSums::for_foreign(std::int32_t row, std::int32_t column, Visit&& visit) const
{
  if (column < own_)
    return;
  if (row >= own_)
    visit(row, column, false);
  if (row != column && owner(global(row)) != owner(global(column)))
    visit(column, row, true);
}

void BlockSums::exchange_pattern()
{
  std::vector<std::vector<std::uint64_t>> messages(first_.size() - 1);
  for (std::size_t row = 0; row < noted_.size(); ++row)
    for (const std::int32_t other : noted_[row])
      for_foreign(static_cast<std::int32_t>(row), other,
                  [&](std::int32_t to, std::int32_t column, bool)
                  {
                    auto& message = messages[owner(global(to))];
                    message.push_back(global(to));
                    message.push_back(global(column));
                  });
  for (const auto& message : all_to_all(messages, comm_))
    for (std::size_t at = 0; at < message.size(); at += 2)
    {
      const std::int32_t row = index_of(message[at]);
      note_sorted(row, index_of(message[at + 1]));
    }
}

void BlockSums::allocate()
{
  // The pattern is learned before room is made: other ranks' voxels bring blocks into own rows.
  for (std::int32_t row = 0; row < own_; ++row)
    note(row, row);
  exchange_pattern();
  std::size_t blocks = 0;
  for (const auto& columns : noted_)
    blocks += columns.size();
  matrix_.start.reserve(noted_.size() + 1);
  matrix_.start.push_back(0);
  matrix_.column.reserve(blocks);
  for (auto& columns : noted_)
  {
    std::sort(columns.begin(), columns.end());
    matrix_.column.insert(matrix_.column.end(), columns.begin(), columns.end());
    matrix_.start.push_back(matrix_.column.size());
    std::vector<std::int32_t>().swap(columns);
  }
  matrix_.values.assign(36 * blocks + 2, 0.0F);
}

float* BlockSums::slot(std::int32_t row, std::int32_t column)
{
  const auto r = static_cast<std::size_t>(row);
  std::size_t at = matrix_.start[r];
  while (matrix_.column[at] != column)
    ++at;
  return matrix_.values.data() + 36 * at;
}

void BlockSums::add(std::int32_t row, std::int32_t column, const LaneBlock& value)
{
  add_block(value, slot(row, column));
}

void BlockSums::transform(const std::vector<RigidModes>& modes)
{
  for (std::size_t row = 0; row + 1 < matrix_.start.size(); ++row)
  {
    if (row >= modes.size())
      continue; // only named by other ranks: nothing was added here
    const LaneBlock left = lane_block(modes[row].from_modes);
    for (std::size_t b = matrix_.start[row]; b < matrix_.start[row + 1]; ++b)
    {
      const auto column = static_cast<std::size_t>(matrix_.column[b]);
      if (column >= modes.size())
        continue;
      LaneBlock sum;
      float* values = matrix_.values.data() + 36 * b;
      load_block(values, sum);
      const LaneBlock result = sandwich(left, sum, lane_block(modes[column].from_modes));
      std::fill_n(values, 36, 0.0F);
      add_block(result, values);
    }
  }
}

void BlockSums::send_foreign()
{
  std::vector<std::vector<std::uint64_t>> messages(first_.size() - 1);
  for (std::size_t row = 0; row + 1 < matrix_.start.size(); ++row)
    for (std::size_t b = matrix_.start[row]; b < matrix_.start[row + 1]; ++b)
      for_foreign(static_cast<std::int32_t>(row), matrix_.column[b],
                  [&](std::int32_t to, std::int32_t column, bool mirrored)
                  {
                    LaneBlock value;
                    load_block(matrix_.block(b), value);
                    if (mirrored)
                      value = transposed(value);
                    auto& message = messages[owner(global(to))];
                    message.push_back(global(to));
                    message.push_back(global(column));
                    float values[36 + 2] = {};
                    add_block(value, values);
                    message.resize(message.size() + message_length - 2);
                    std::memcpy(&message[message.size() - (message_length - 2)], values,
                                36 * sizeof(float));
                  });
  for (const auto& message : all_to_all(messages, comm_))
    for (std::size_t at = 0; at < message.size(); at += message_length)
    {
      float values[36 + 2] = {};
      std::memcpy(values, &message[at + 2], 36 * sizeof(float));
      LaneBlock value;
      load_block(values, value);
      const std::int32_t row = index_of(message[at]), column = index_of(message[at + 1]);
      if (row <= column)
        add(row, column, value);
      else
        add(column, row, transposed(value));
    }
}

/// Ghosts get columns in the order of their global numbers. Rows keep their order of blocks: the
/// diagonal one is the first.
void BlockSums::name_ghosts()
{
  std::vector<std::size_t> order(foreign_.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return foreign_[a] < foreign_[b]; });
  std::vector<std::int32_t> column_of(foreign_.size());
  for (std::size_t n = 0; n < order.size(); ++n)
  {
    column_of[order[n]] = own_ + static_cast<std::int32_t>(n);
    matrix_.ghosts.push_back(foreign_[order[n]]);
  }
  for (std::int32_t& column : matrix_.column)
    if (column >= own_)
      column = column_of[static_cast<std::size_t>(column - own_)];
}

void BlockSums::mend_diagonal(std::size_t row)
{
  float* diagonal = matrix_.values.data() + 36 * matrix_.start[row];
  float mean = 0;
  for (std::size_t i = 0; i < 6; ++i)
    mean += diagonal[7 * i] / 6;
  for (std::size_t i = 0; i < 6; ++i)
    if (!(diagonal[7 * i] > 1e-6F * mean))
      diagonal[7 * i] = mean > 0 ? mean : 1;
}

BlockMatrix BlockSums::finish()
{
  const auto rows = static_cast<std::size_t>(own_);
  const std::size_t blocks = matrix_.start[rows];
  matrix_.rows = own_;
  matrix_.start.resize(rows + 1);
  matrix_.column.resize(blocks);
  matrix_.values.resize(36 * blocks + 2);
  std::fill_n(matrix_.values.data() + 36 * blocks, 2, 0.0F);
  name_ghosts();
  for (std::size_t row = 0; row < rows; ++row)
    mend_diagonal(row);
  return std::move(matrix_);
}

} // namespace calcar::voxel
