#pragma once

#include <mpi.h>

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <vector>

namespace calcar::voxel
{

/// [rank + 1] the global number of each rank's first item, when every rank has `owned` of its own.
/// Collective.
std::vector<std::uint64_t> first_of_ranks(std::int32_t owned, MPI_Comm comm);

/**
 * Brings values of items that other ranks own ("ghosts"). A rank's array holds its own items first,
 * then the ghosts in the order of their global numbers.
 */
class BlockExchange
{
public:
  BlockExchange() = default; ///< no ghosts

  /// `first` as from first_of_ranks; `ghosts` ascending global numbers owned elsewhere. Collective.
  BlockExchange(const std::vector<std::uint64_t>& first, const std::vector<std::uint64_t>& ghosts,
                MPI_Comm comm);

  /// Fills the ghosts of an array of plain values. Collective over the neighbours.
  template <typename T>
  void fill(T* items) const
  {
    static_assert(std::is_trivially_copyable_v<T>);
    fill_bytes(reinterpret_cast<std::byte*>(items), sizeof(T));
  }

  /// The same for `bytes` bytes an item. Throws std::length_error when a neighbour's ghosts take
  /// more than 2^31 - 1 bytes.
  void fill_bytes(std::byte* items, std::size_t bytes) const;

private:
  struct Neighbour
  {
    int rank;
    std::vector<std::int32_t> wanted; ///< own items that it has as ghosts
    std::int32_t first = 0;           ///< its items among the ghosts here: first, count
    std::int32_t count = 0;
  };

  MPI_Comm comm_ = MPI_COMM_NULL;
  std::int32_t owned_ = 0;
  std::vector<Neighbour> neighbours_; ///< ascending by rank
  // Kept from one exchange to the next: cycles make many.
  mutable std::vector<std::byte> out_;
  mutable std::vector<MPI_Request> requests_;
};

} // namespace calcar::voxel
