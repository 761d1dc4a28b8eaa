#pragma once

#include "base/parallel.hpp"

#include <mpi.h>

#include <cstddef>
#include <type_traits>
#include <vector>

namespace calcar::solid
{

/// T as one item of a message, so that messages may be longer than 2 GB.
template <typename T>
class ItemType
{
public:
  ItemType()
  {
    static_assert(std::is_trivially_copyable_v<T>);
    MPI_Type_contiguous(static_cast<int>(sizeof(T)), MPI_BYTE, &type_);
    MPI_Type_commit(&type_);
  }
  ~ItemType() { MPI_Type_free(&type_); }
  ItemType(const ItemType&) = delete;
  ItemType& operator=(const ItemType&) = delete;
  operator MPI_Datatype() const { return type_; } // NOLINT: stands for it

private:
  MPI_Datatype type_ = MPI_DATATYPE_NULL;
};

/// How many items each rank has, on rank 0, and where its first one stands.
struct Counts
{
  std::vector<int> of_rank;
  std::vector<int> first;
};

inline Counts counts_of(std::size_t mine, MPI_Comm comm)
{
  Counts counts;
  if (is_root(comm))
    counts.of_rank.resize(static_cast<std::size_t>(size(comm)));
  const int number = static_cast<int>(mine);
  MPI_Gather(&number, 1, MPI_INT, counts.of_rank.data(), 1, MPI_INT, 0, comm);
  int sum = 0;
  for (const int n : counts.of_rank)
  {
    counts.first.push_back(sum);
    sum += n;
  }
  return counts;
}

/// All ranks' items on rank 0, rank after rank; empty elsewhere. Collective.
template <typename T>
std::vector<T> gather(const std::vector<T>& mine, MPI_Comm comm)
{
  const ItemType<T> type;
  const Counts counts = counts_of(mine.size(), comm);
  std::vector<T> all;
  if (is_root(comm))
    all.resize(static_cast<std::size_t>(counts.first.back()) +
               static_cast<std::size_t>(counts.of_rank.back()));
  MPI_Gatherv(mine.data(), static_cast<int>(mine.size()), type, all.data(), counts.of_rank.data(),
              counts.first.data(), type, 0, comm);
  return all;
}

/// The inverse: each rank's `mine` items of those on rank 0. Collective.
template <typename T>
std::vector<T> scatter(const std::vector<T>& all, std::size_t mine, MPI_Comm comm)
{
  const ItemType<T> type;
  const Counts counts = counts_of(mine, comm);
  std::vector<T> own(mine);
  MPI_Scatterv(all.data(), counts.of_rank.data(), counts.first.data(), type, own.data(),
               static_cast<int>(mine), type, 0, comm);
  return own;
}

/// Rank 0's items on every rank. Collective.
template <typename T>
void broadcast_items(std::vector<T>& items, MPI_Comm comm)
{
  const ItemType<T> type;
  int count = static_cast<int>(items.size());
  MPI_Bcast(&count, 1, MPI_INT, 0, comm);
  items.resize(static_cast<std::size_t>(count));
  MPI_Bcast(items.data(), count, type, 0, comm);
}

} // namespace calcar::solid
