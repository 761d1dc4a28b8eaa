#include "voxel/exchange.hpp"

#include "base/parallel.hpp"
#include "voxel/message_count.hpp"

#include <algorithm>
#include <map>
#include <numeric>

namespace calcar::voxel
{
namespace
{

/// Spreads lattice numbers evenly over ranks (the finaliser of splitmix64).
std::uint64_t mixed(std::uint64_t value)
{
  value = (value ^ value >> 30) * 0xbf58476d1ce4e5b9;
  value = (value ^ value >> 27) * 0x94d049bb133111eb;
  return value ^ value >> 31;
}

/// Where each rank's part begins. Throws std::length_error when all together are too many for MPI.
std::vector<int> starts_of(const std::vector<int>& counts)
{
  std::vector<int> starts;
  std::size_t sum = 0;
  for (const int count : counts)
  {
    starts.push_back(message_count(sum));
    sum += static_cast<std::size_t>(count);
  }
  return starts;
}

/// For each asking rank the flat list (number in its question, count, ranks...) of the ids that
/// several ask about.
std::vector<std::vector<std::uint64_t>>
answers(const std::vector<std::vector<std::uint64_t>>& questions)
{
  struct Ask
  {
    std::uint64_t id;
    int rank;
    std::uint64_t number;
  };
  std::vector<Ask> asks;
  for (std::size_t r = 0; r < questions.size(); ++r)
    for (std::size_t n = 0; n < questions[r].size(); ++n)
      asks.push_back({questions[r][n], static_cast<int>(r), n});
  std::sort(asks.begin(), asks.end(),
            [](const Ask& a, const Ask& b)
            { return a.id != b.id ? a.id < b.id : a.rank < b.rank; });

  std::vector<std::vector<std::uint64_t>> result(questions.size());
  for (auto first = asks.begin(); first != asks.end();)
  {
    const auto last =
        std::find_if(first, asks.end(), [&](const Ask& ask) { return ask.id != first->id; });
    if (last - first > 1)
      for (auto ask = first; ask != last; ++ask)
      {
        auto& to = result[static_cast<std::size_t>(ask->rank)];
        to.push_back(ask->number);
        to.push_back(static_cast<std::uint64_t>(last - first));
        for (auto sharer = first; sharer != last; ++sharer)
          to.push_back(static_cast<std::uint64_t>(sharer->rank));
      }
    first = last;
  }
  return result;
}

} // namespace

std::vector<std::vector<std::uint64_t>>
all_to_all(const std::vector<std::vector<std::uint64_t>>& to_rank, MPI_Comm comm)
{
  const auto ranks = static_cast<std::size_t>(size(comm));
  std::vector<int> sent(ranks), received(ranks);
  for (std::size_t r = 0; r < ranks; ++r)
    sent[r] = message_count(to_rank[r].size());
  MPI_Alltoall(sent.data(), 1, MPI_INT, received.data(), 1, MPI_INT, comm);
  const std::vector<int> send_starts = starts_of(sent), receive_starts = starts_of(received);

  std::vector<std::uint64_t> out;
  for (const auto& part : to_rank)
    out.insert(out.end(), part.begin(), part.end());
  std::vector<std::uint64_t> in(static_cast<std::size_t>(receive_starts.back()) +
                                static_cast<std::size_t>(received.back()));
  MPI_Alltoallv(out.data(), sent.data(), send_starts.data(), MPI_UINT64_T, in.data(),
                received.data(), receive_starts.data(), MPI_UINT64_T, comm);

  std::vector<std::vector<std::uint64_t>> result(ranks);
  for (std::size_t r = 0; r < ranks; ++r)
    result[r].assign(in.begin() + receive_starts[r], in.begin() + receive_starts[r] + received[r]);
  return result;
}

std::vector<SharedNode> find_shared(const std::vector<std::uint64_t>& ids, MPI_Comm comm)
{
  const auto ranks = static_cast<std::size_t>(size(comm));
  if (ranks == 1)
    return {};
  std::vector<std::vector<std::uint64_t>> questions(ranks);
  std::vector<std::vector<std::size_t>> indices(ranks);
  for (std::size_t n = 0; n < ids.size(); ++n)
  {
    const std::size_t home = mixed(ids[n]) % ranks;
    questions[home].push_back(ids[n]);
    indices[home].push_back(n);
  }
  const auto replies = all_to_all(answers(all_to_all(questions, comm)), comm);

  std::vector<SharedNode> shared;
  for (std::size_t home = 0; home < ranks; ++home)
    for (std::size_t at = 0; at < replies[home].size();)
    {
      SharedNode node{indices[home][replies[home][at]], {}};
      const std::size_t count = replies[home][at + 1];
      for (std::size_t n = 0; n < count; ++n)
        node.ranks.push_back(static_cast<int>(replies[home][at + 2 + n]));
      shared.push_back(std::move(node));
      at += 2 + count;
    }
  std::sort(shared.begin(), shared.end(),
            [](const SharedNode& a, const SharedNode& b) { return a.index < b.index; });
  return shared;
}

Exchange::Exchange(const std::vector<SharedNode>& shared, const std::vector<std::int32_t>& nodes,
                   const std::vector<std::uint64_t>& ids, MPI_Comm comm)
    : comm_(comm), rank_(rank(comm))
{
  std::vector<std::size_t> order(shared.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return ids[a] < ids[b]; });
  std::map<int, std::vector<std::int32_t>> slots;
  for (const std::size_t n : order)
  {
    for (const int other : shared[n].ranks)
      if (other != rank_)
        slots[other].push_back(static_cast<std::int32_t>(nodes_.size()));
    nodes_.push_back(nodes[n]);
  }
  for (auto& [other, list] : slots)
    neighbours_.push_back({other, std::move(list)});
}

std::size_t Exchange::bytes_sent() const
{
  std::size_t nodes = 0;
  for (const Neighbour& neighbour : neighbours_)
    nodes += neighbour.slots.size();
  return nodes * 3 * sizeof(float);
}

template <typename T>
Exchange::Pending<T> Exchange::start_values(const T* values, MPI_Datatype type) const
{
  constexpr int tag = 17;
  Pending<T> pending;
  pending.own.resize(3 * nodes_.size());
  for (std::size_t s = 0; s < nodes_.size(); ++s)
    std::copy_n(values + 3 * static_cast<std::ptrdiff_t>(nodes_[s]), 3, pending.own.data() + 3 * s);
  pending.out.resize(neighbours_.size());
  pending.in.resize(neighbours_.size());
  pending.requests.resize(2 * neighbours_.size());
  for (std::size_t n = 0; n < neighbours_.size(); ++n)
  {
    const auto& slots = neighbours_[n].slots;
    const int count = static_cast<int>(3 * slots.size());
    std::vector<T>& out = pending.out[n];
    out.reserve(3 * slots.size());
    for (const std::int32_t slot : slots)
      out.insert(out.end(), pending.own.begin() + 3 * slot, pending.own.begin() + 3 * slot + 3);
    pending.in[n].resize(3 * slots.size());
    MPI_Irecv(pending.in[n].data(), count, type, neighbours_[n].rank, tag, comm_,
              &pending.requests[2 * n]);
    MPI_Isend(out.data(), count, type, neighbours_[n].rank, tag, comm_,
              &pending.requests[2 * n + 1]);
  }
  return pending;
}

template <typename T>
void Exchange::finish_values(Pending<T>& pending, T* values) const
{
  MPI_Waitall(static_cast<int>(pending.requests.size()), pending.requests.data(),
              MPI_STATUSES_IGNORE);
  // From zero, by ascending rank with this one in its place: the same additions on every sharer.
  std::vector<T> total(pending.own.size(), 0);
  const auto add_own = [&]
  {
    for (std::size_t v = 0; v < total.size(); ++v)
      total[v] += pending.own[v];
  };
  bool added = false;
  for (std::size_t n = 0; n < neighbours_.size(); ++n)
  {
    if (!added && neighbours_[n].rank > rank_)
    {
      add_own();
      added = true;
    }
    for (std::size_t s = 0; s < neighbours_[n].slots.size(); ++s)
      for (std::size_t c = 0; c < 3; ++c)
        total[3 * static_cast<std::size_t>(neighbours_[n].slots[s]) + c] +=
            pending.in[n][3 * s + c];
  }
  if (!added)
    add_own();
  for (std::size_t s = 0; s < nodes_.size(); ++s)
    std::copy_n(total.data() + 3 * s, 3, values + 3 * static_cast<std::ptrdiff_t>(nodes_[s]));
}

Exchange::Pending<float> Exchange::start(const float* values) const
{
  return start_values(values, MPI_FLOAT);
}

Exchange::Pending<double> Exchange::start(const double* values) const
{
  return start_values(values, MPI_DOUBLE);
}

void Exchange::finish(Pending<float>& pending, float* values) const
{
  finish_values(pending, values);
}

void Exchange::finish(Pending<double>& pending, double* values) const
{
  finish_values(pending, values);
}

void Exchange::sum(float* values) const
{
  auto pending = start(values);
  finish(pending, values);
}

void Exchange::sum(double* values) const
{
  auto pending = start(values);
  finish(pending, values);
}

} // namespace calcar::voxel
