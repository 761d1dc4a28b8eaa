#include "voxel/aggregation_exchange.hpp"

#include "base/parallel.hpp"
#include "voxel/exchange.hpp"
#include "voxel/message_count.hpp"

#include <algorithm>
#include <cstring>

namespace calcar::voxel
{

std::vector<std::uint64_t> first_of_ranks(std::int32_t owned, MPI_Comm comm)
{
  const auto ranks = static_cast<std::size_t>(size(comm));
  std::vector<std::int32_t> counts(ranks);
  MPI_Allgather(&owned, 1, MPI_INT32_T, counts.data(), 1, MPI_INT32_T, comm);
  std::vector<std::uint64_t> first(ranks + 1, 0);
  for (std::size_t r = 0; r < ranks; ++r)
    first[r + 1] = first[r] + static_cast<std::uint64_t>(counts[r]);
  return first;
}

BlockExchange::BlockExchange(const std::vector<std::uint64_t>& first,
                             const std::vector<std::uint64_t>& ghosts, MPI_Comm comm)
    : comm_(comm)
{
  const auto ranks = static_cast<std::size_t>(size(comm));
  const auto own = static_cast<std::size_t>(rank(comm));
  owned_ = static_cast<std::int32_t>(first[own + 1] - first[own]);
  if (ranks == 1)
    return;
  std::vector<std::vector<std::uint64_t>> wanted(ranks);
  for (const std::uint64_t ghost : ghosts)
  {
    const auto owner = static_cast<std::size_t>(
                           std::upper_bound(first.begin(), first.end(), ghost) - first.begin()) -
                       1;
    wanted[owner].push_back(ghost);
  }
  const auto asked = all_to_all(wanted, comm);
  std::int32_t next = 0;
  for (std::size_t r = 0; r < ranks; ++r)
  {
    if (asked[r].empty() && wanted[r].empty())
      continue;
    Neighbour neighbour{static_cast<int>(r), {}, next, static_cast<std::int32_t>(wanted[r].size())};
    next += neighbour.count;
    for (const std::uint64_t item : asked[r])
      neighbour.wanted.push_back(static_cast<std::int32_t>(item - first[own]));
    neighbours_.push_back(std::move(neighbour));
  }
}

void BlockExchange::fill_bytes(std::byte* items, std::size_t bytes) const
{
  constexpr int tag = 23;
  std::size_t wanted = 0;
  for (const Neighbour& neighbour : neighbours_)
    wanted += neighbour.wanted.size();
  out_.resize(std::max(out_.size(), wanted * bytes));
  requests_.clear();
  std::byte* out = out_.data();
  for (const Neighbour& neighbour : neighbours_)
  {
    std::byte* ghosts = items + static_cast<std::size_t>(owned_ + neighbour.first) * bytes;
    MPI_Irecv(ghosts, message_count(static_cast<std::size_t>(neighbour.count) * bytes), MPI_BYTE,
              neighbour.rank, tag, comm_, &requests_.emplace_back());
    const std::byte* first = out;
    for (const std::int32_t item : neighbour.wanted)
    {
      std::memcpy(out, items + static_cast<std::size_t>(item) * bytes, bytes);
      out += bytes;
    }
    MPI_Isend(first, message_count(neighbour.wanted.size() * bytes), MPI_BYTE, neighbour.rank, tag,
              comm_, &requests_.emplace_back());
  }
  MPI_Waitall(static_cast<int>(requests_.size()), requests_.data(), MPI_STATUSES_IGNORE);
}

} // namespace calcar::voxel
