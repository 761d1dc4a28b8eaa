#include "solid/hanging.hpp"

#include "solid/spread.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>

namespace calcar::solid
{
namespace
{

/// Where a row stands among the hanging ones, or their number.
std::size_t place_of(const HangingRows& hanging, std::uint32_t row)
{
  const auto at = std::lower_bound(hanging.rows.begin(), hanging.rows.end(), row);
  return at != hanging.rows.end() && *at == row
             ? static_cast<std::size_t>(at - hanging.rows.begin())
             : hanging.rows.size();
}

void add_hanging(const HangingRows& from, std::size_t n, HangingRows& to)
{
  to.rows.push_back(from.rows[n]);
  for (std::uint32_t m = from.first[n]; m < from.first[n + 1]; ++m)
  {
    to.masters.push_back(from.masters[m]);
    to.weights.push_back(from.weights[m]);
  }
  to.first.push_back(static_cast<std::uint32_t>(to.masters.size()));
}

void keep_each_once(std::vector<std::uint32_t>& rows)
{
  std::sort(rows.begin(), rows.end());
  rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
}

/// The free rows of a cell, ascending.
std::vector<std::uint32_t> free_rows(std::span<const std::uint32_t> cell,
                                     const HangingRows& hanging)
{
  std::vector<std::uint32_t> rows;
  for (const std::uint32_t row : cell)
  {
    const std::size_t n = place_of(hanging, row);
    if (n == hanging.rows.size())
      rows.push_back(row);
    else
      rows.insert(rows.end(), hanging.masters.begin() + hanging.first[n],
                  hanging.masters.begin() + hanging.first[n + 1]);
  }
  keep_each_once(rows);
  return rows;
}

/// The first row of each rank, and the number of all.
std::vector<std::uint32_t> first_rows(OwnRows own, MPI_Comm comm)
{
  std::vector<std::uint32_t> counts(static_cast<std::size_t>(size(comm)));
  MPI_Allgather(&own.count, 1, MPI_UINT32_T, counts.data(), 1, MPI_UINT32_T, comm);
  std::vector<std::uint32_t> first = {0};
  for (const std::uint32_t count : counts)
    first.push_back(first.back() + count);
  return first;
}

/// Every rank's messages to every other one.
std::vector<std::uint32_t> send_all(const std::vector<std::vector<std::uint32_t>>& to_ranks,
                                    MPI_Comm comm)
{
  std::vector<int> out, in(to_ranks.size()), out_first, in_first;
  std::vector<std::uint32_t> sent;
  for (const auto& message : to_ranks)
  {
    out_first.push_back(static_cast<int>(sent.size()));
    out.push_back(static_cast<int>(message.size()));
    sent.insert(sent.end(), message.begin(), message.end());
  }
  MPI_Alltoall(out.data(), 1, MPI_INT, in.data(), 1, MPI_INT, comm);
  int sum = 0;
  for (const int count : in)
  {
    in_first.push_back(sum);
    sum += count;
  }
  std::vector<std::uint32_t> received(static_cast<std::size_t>(sum));
  MPI_Alltoallv(sent.data(), out.data(), out_first.data(), MPI_UINT32_T, received.data(), in.data(),
                in_first.data(), MPI_UINT32_T, comm);
  return received;
}

/// A node with the share of it that moves with a node of a cell.
struct Share
{
  std::uint32_t node; ///< place among the free nodes
  double weight;
};

} // namespace

HangingRows spread_hanging(const std::vector<HangingNode>& hanging,
                           const std::vector<std::uint32_t>& row_of_node, MPI_Comm comm)
{
  HangingRows all;
  if (is_root(comm))
  {
    std::vector<std::size_t> order(hanging.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(),
              [&](std::size_t a, std::size_t b)
              { return row_of_node[hanging[a].node] < row_of_node[hanging[b].node]; });
    for (const std::size_t n : order)
    {
      all.rows.push_back(row_of_node[hanging[n].node]);
      for (const std::uint32_t master : hanging[n].masters)
        all.masters.push_back(row_of_node[master]);
      all.weights.insert(all.weights.end(), hanging[n].weights.begin(), hanging[n].weights.end());
      all.first.push_back(static_cast<std::uint32_t>(all.masters.size()));
    }
  }
  broadcast_items(all.rows, comm);
  broadcast_items(all.first, comm);
  broadcast_items(all.masters, comm);
  broadcast_items(all.weights, comm);
  return all;
}

HangingRows those_among(const HangingRows& hanging, std::vector<std::uint32_t> rows)
{
  keep_each_once(rows);
  HangingRows result;
  for (const std::uint32_t row : rows)
    if (const std::size_t n = place_of(hanging, row); n < hanging.rows.size())
      add_hanging(hanging, n, result);
  return result;
}

RowLists couples_of(std::span<const std::uint32_t> cell_rows, std::size_t per_cell,
                    const HangingRows& hanging, OwnRows own, MPI_Comm comm)
{
  const std::vector<std::uint32_t> first = first_rows(own, comm);
  std::vector<std::vector<std::uint32_t>> to_ranks(first.size() - 1);
  for (std::size_t c = 0; c + per_cell <= cell_rows.size(); c += per_cell)
  {
    const auto rows = free_rows(cell_rows.subspan(c, per_cell), hanging);
    std::size_t last = to_ranks.size();
    for (const std::uint32_t row : rows) // ascending: each rank's stand together
    {
      const auto rank = static_cast<std::size_t>(std::upper_bound(first.begin(), first.end(), row) -
                                                 first.begin()) -
                        1;
      if (rank == last)
        continue;
      last = rank;
      to_ranks[rank].push_back(static_cast<std::uint32_t>(rows.size()));
      to_ranks[rank].insert(to_ranks[rank].end(), rows.begin(), rows.end());
    }
  }
  const std::vector<std::uint32_t> received = send_all(to_ranks, comm);
  RowLists lists;
  for (std::size_t at = 0; at < received.size(); at += 1 + received[at])
    lists.add({received.data() + at + 1, received[at]});
  for (const std::uint32_t row : hanging.rows)
    if (row - own.first < own.count) // unsigned: also when it comes before them
      lists.add({&row, 1});
  return lists;
}

void follow_masters(const Ties& ties, std::vector<double>& values)
{
  for (std::size_t n = 0; n < ties.nodes.size(); ++n)
    for (std::size_t axis = 0; axis < 3; ++axis)
    {
      double sum = 0;
      for (std::uint32_t m = ties.first[n]; m < ties.first[n + 1]; ++m)
        sum += ties.weights[m] * values[3 * std::size_t{ties.masters[m]} + axis];
      values[3 * std::size_t{ties.nodes[n]} + axis] = sum;
    }
}

void give_to_masters(const Ties& ties, std::vector<double>& forces)
{
  for (std::size_t n = 0; n < ties.nodes.size(); ++n)
    for (std::size_t axis = 0; axis < 3; ++axis)
    {
      double& force = forces[3 * std::size_t{ties.nodes[n]} + axis];
      for (std::uint32_t m = ties.first[n]; m < ties.first[n + 1]; ++m)
        forces[3 * std::size_t{ties.masters[m]} + axis] += ties.weights[m] * force;
      force = 0;
    }
}

NodeMatrix tied(const Ties& ties, std::span<const std::uint32_t> nodes,
                const std::vector<double>& matrix)
{
  NodeMatrix result;
  std::vector<std::vector<Share>> shares(nodes.size());
  const auto share = [&](std::size_t n, std::uint32_t node, double weight)
  {
    const auto at = std::find(result.nodes.begin(), result.nodes.end(), node);
    shares[n].push_back({static_cast<std::uint32_t>(at - result.nodes.begin()), weight});
    if (at == result.nodes.end())
      result.nodes.push_back(node);
  };
  for (std::size_t n = 0; n < nodes.size(); ++n)
    if (!ties.hangs(nodes[n]))
      share(n, nodes[n], 1);
    else
      for (std::uint32_t tie = ties.of_node[nodes[n]], m = ties.first[tie]; m < ties.first[tie + 1];
           ++m)
        share(n, ties.masters[m], ties.weights[m]);
  const std::size_t from = 3 * nodes.size(), to = 3 * result.nodes.size();
  result.matrix.assign(to * to, 0.0);
  for (std::size_t i = 0; i < nodes.size(); ++i)
    for (std::size_t j = 0; j < nodes.size(); ++j)
      for (const Share& a : shares[i])
        for (const Share& b : shares[j])
          for (std::size_t r = 0; r < 3; ++r)
            for (std::size_t c = 0; c < 3; ++c)
              result.matrix[(3 * a.node + r) * to + 3 * b.node + c] +=
                  a.weight * b.weight * matrix[(3 * i + r) * from + 3 * j + c];
  return result;
}

void check_hanging(const std::vector<HangingNode>& hanging, const std::vector<Vec3>& nodes)
{
  std::vector<bool> hangs(nodes.size());
  for (const HangingNode& tie : hanging)
  {
    if (tie.node >= nodes.size() || hangs[tie.node] || tie.masters.empty() ||
        tie.masters.size() != tie.weights.size())
      throw std::logic_error("hanging nodes are given wrongly");
    hangs[tie.node] = true;
  }
  for (const HangingNode& tie : hanging)
  {
    Vec3 place;
    double sum = 0, reach = 0;
    for (std::size_t m = 0; m < tie.masters.size(); ++m)
    {
      if (tie.masters[m] >= nodes.size() || hangs[tie.masters[m]])
        throw std::logic_error("a hanging node hangs on another one");
      const Vec3 from_here = nodes[tie.masters[m]] - nodes[tie.node];
      place += tie.weights[m] * from_here;
      sum += tie.weights[m];
      reach = std::max(reach, norm(from_here) + norm(nodes[tie.node]));
    }
    if (std::abs(sum - 1) > 1e-9 || norm(place) > 1e-9 * reach)
      throw std::logic_error("a hanging node does not lie where its masters put it");
  }
}

Supports on_free_nodes(Supports supports, const std::vector<HangingNode>& hanging)
{
  if (hanging.empty())
    return supports;
  std::vector<std::uint32_t> nodes;
  for (const HangingNode& tie : hanging)
    nodes.push_back(tie.node);
  std::sort(nodes.begin(), nodes.end());
  std::erase_if(supports.fixed, [&](const FixedComponent& fixed)
                { return std::binary_search(nodes.begin(), nodes.end(), fixed.node); });
  return supports;
}

} // namespace calcar::solid
