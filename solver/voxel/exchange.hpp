#pragma once

#include <mpi.h>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace calcar::voxel
{

/// Sends to_rank[r] to rank r; returns what each rank sent here. Collective.
std::vector<std::vector<std::uint64_t>>
all_to_all(const std::vector<std::vector<std::uint64_t>>& to_rank, MPI_Comm comm);

/// A node that several ranks store: its number in the list asked about, and all ranks that store
/// it, ascending.
struct SharedNode
{
  std::size_t index;
  std::vector<int> ranks;
};

/**
 * Finds which of the nodes `ids` (global, without repetition) other ranks list too. Every id is
 * sent to the rank that its hash names, which compares: no rank sees all of them. Result ascending
 * by index. Collective.
 */
std::vector<SharedNode> find_shared(const std::vector<std::uint64_t>& ids, MPI_Comm comm);

/**
 * Sums partial values of shared nodes. Each sharer adds the same numbers in the same order
 * (ascending rank), so that all copies are equal to the last bit.
 */
class Exchange
{
public:
  Exchange() = default; ///< nothing is shared

  /// `nodes[n]` is the local node of shared[n], `ids[n]` its global id.
  Exchange(const std::vector<SharedNode>& shared, const std::vector<std::int32_t>& nodes,
           const std::vector<std::uint64_t>& ids, MPI_Comm comm);

  /// A sum on its way: own values, what goes to and comes from each neighbour.
  template <typename T>
  struct Pending
  {
    std::vector<T> own;
    std::vector<std::vector<T>> out;
    std::vector<std::vector<T>> in;
    std::vector<MPI_Request> requests;
  };

  /// Starts to sum three components per node over all sharers; until finish() the values at shared
  /// nodes must stay as they are, all others are free. Collective over the sharers.
  Pending<float> start(const float* values) const;
  Pending<double> start(const double* values) const;

  /// Waits, and writes the sums.
  void finish(Pending<float>& pending, float* values) const;
  void finish(Pending<double>& pending, double* values) const;

  /// Both at once.
  void sum(float* values) const;
  void sum(double* values) const;

  /// The local nodes that other ranks store too.
  const std::vector<std::int32_t>& shared_nodes() const { return nodes_; }

  /// Bytes that this rank sends in one sum of `float` values.
  std::size_t bytes_sent() const;
  std::size_t neighbours() const { return neighbours_.size(); }

private:
  struct Neighbour
  {
    int rank;
    std::vector<std::int32_t> slots; ///< into nodes_, ascending by global id
  };

  template <typename T>
  Pending<T> start_values(const T* values, MPI_Datatype type) const;
  template <typename T>
  void finish_values(Pending<T>& pending, T* values) const;

  MPI_Comm comm_ = MPI_COMM_NULL;
  int rank_ = 0;
  std::vector<std::int32_t> nodes_;   ///< local shared nodes, ascending by global id
  std::vector<Neighbour> neighbours_; ///< ascending by rank
};

} // namespace calcar::voxel
