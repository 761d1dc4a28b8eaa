#include "voxel/aggregation_sums.hpp"

#include "base/large_pages.hpp"
#include "base/parallel.hpp"
#include "voxel/aggregation_kernels.hpp"
#include "voxel/exchange.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <numeric>

namespace calcar::voxel
{
namespace
{

/// A message: block (row, column) by global numbers and its values, two to a word.
constexpr std::size_t message_length = 20;

using Values = std::array<float, 36>;

Values copied(const float* block, bool mirrored)
{
  Values values{};
  for (std::size_t r = 0; r < 6; ++r)
    for (std::size_t c = 0; c < 6; ++c)
      values[mirrored ? 6 * c + r : 6 * r + c] = block[6 * r + c];
  return values;
}

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
    noted_.add_row();
  }
  return at->second;
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
  noted_.sort_further();
  std::vector<std::int32_t> columns;
  for (std::size_t row = 0; row < noted_.rows(); ++row)
  {
    columns.clear();
    noted_.append_columns(row, columns);
    for (const std::int32_t other : columns)
      for_foreign(static_cast<std::int32_t>(row), other,
                  [&](std::int32_t to, std::int32_t column, bool)
                  {
                    auto& message = messages[owner(global(to))];
                    message.push_back(global(to));
                    message.push_back(global(column));
                  });
  }
  for (const auto& message : all_to_all(messages, comm_))
    for (std::size_t at = 0; at < message.size(); at += 2)
    {
      const std::int32_t row = index_of(message[at]), column = index_of(message[at + 1]);
      note(std::min(row, column), std::max(row, column));
    }
}

void BlockSums::allocate()
{
  // The pattern is learned before room is made: other ranks' voxels bring blocks into own rows.
  for (std::int32_t row = 0; row < own_; ++row)
    note(row, row);
  if (first_.size() > 2) // several ranks
    exchange_pattern();
  noted_.sort_further();
  matrix_.start.reserve(noted_.rows() + 1);
  matrix_.start.push_back(0);
  for (std::size_t row = 0; row < noted_.rows(); ++row)
    matrix_.start.push_back(matrix_.start.back() + noted_.count(row));
  matrix_.column.reserve(matrix_.start.back());
  for (std::size_t row = 0; row < noted_.rows(); ++row)
    noted_.append_columns(row, matrix_.column);
  noted_ = BlockPattern(0);
  assign_on_large_pages(matrix_.values, 36 * matrix_.column.size() + 2, 0.0F);
}

std::size_t BlockSums::index(std::int32_t row, std::int32_t column) const
{
  std::size_t at = matrix_.start[static_cast<std::size_t>(row)];
  while (matrix_.column[at] != column)
    ++at;
  return at;
}

void BlockSums::transform(const std::vector<RigidModes>& modes)
{
  std::vector<float> from_modes;
  reserve_on_large_pages(from_modes, 36 * modes.size() + 2);
  for (const RigidModes& one : modes)
    from_modes.insert(from_modes.end(), one.from_modes.begin(), one.from_modes.end());
  from_modes.insert(from_modes.end(), 2, 0.0F);
  // Rows and columns behind the known modes are only named by other ranks: nothing was added.
  const std::size_t rows = std::min(modes.size(), matrix_.start.size() - 1);
  std::vector<Sandwich> parts;
  for (std::size_t row = 0; row < rows; ++row)
  {
    parts.clear();
    for (std::size_t b = matrix_.start[row]; b < matrix_.start[row + 1]; ++b)
    {
      const auto column = static_cast<std::size_t>(matrix_.column[b]);
      float* values = matrix_.values.data() + 36 * b;
      if (column < modes.size())
        parts.push_back(
            {from_modes.data() + 36 * row, values, from_modes.data() + 36 * column, values});
    }
    aggregation_kernels().set_sandwiches(parts.data(), parts.size());
  }
}

void BlockSums::send_foreign()
{
  if (first_.size() == 2) // one rank
    return;
  std::vector<std::vector<std::uint64_t>> messages(first_.size() - 1);
  for (std::size_t row = 0; row + 1 < matrix_.start.size(); ++row)
    for (std::size_t b = matrix_.start[row]; b < matrix_.start[row + 1]; ++b)
      for_foreign(static_cast<std::int32_t>(row), matrix_.column[b],
                  [&](std::int32_t to, std::int32_t column, bool mirrored)
                  {
                    const Values sent = copied(matrix_.block(b), mirrored);
                    auto& message = messages[owner(global(to))];
                    message.push_back(global(to));
                    message.push_back(global(column));
                    message.resize(message.size() + message_length - 2);
                    std::memcpy(&message[message.size() - (message_length - 2)], sent.data(),
                                sizeof(sent));
                  });
  for (const auto& message : all_to_all(messages, comm_))
    add_received(message);
}

void BlockSums::add_received(const std::vector<std::uint64_t>& message)
{
  for (std::size_t at = 0; at < message.size(); at += message_length)
  {
    Values sent{};
    std::memcpy(sent.data(), &message[at + 2], sizeof(sent));
    const std::int32_t row = index_of(message[at]), column = index_of(message[at + 1]);
    const Values added = copied(sent.data(), row > column);
    float* to = values(index(std::min(row, column), std::max(row, column)));
    for (std::size_t q = 0; q < added.size(); ++q)
      to[q] += added[q];
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
