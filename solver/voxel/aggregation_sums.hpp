#pragma once

#include "voxel/aggregate_modes.hpp"
#include "voxel/aggregation_matrix.hpp"
#include "voxel/aggregation_pattern.hpp"

#include <mpi.h>

#include <cstdint>
#include <unordered_map>
#include <vector>

namespace calcar::voxel
{

/**
 * Collects the sums that make up a block matrix, in its own memory: first note() which blocks there
 * are, then allocate(), then add to values(). Aggregates are named by local numbers: own ones from
 * 0, others as index_of hands them out.
 */
class BlockSums
{
public:
  /// `first`: [rank + 1] global number of each rank's first aggregate.
  BlockSums(std::vector<std::uint64_t> first, MPI_Comm comm);

  std::int32_t index_of(std::uint64_t global);

  /// Something will be added to block (row, column), row <= column.
  void note(std::int32_t row, std::int32_t column) { noted_.note(row, column); }

  /// Makes room for the noted blocks, also for what other ranks will send. Collective.
  void allocate();

  /// Which block (row, column), row <= column, is, and so by symmetry its mirror image.
  std::size_t index(std::int32_t row, std::int32_t column) const;

  /// The 36 values, with two more behind, of a block.
  float* values(std::size_t index) { return matrix_.values.data() + 36 * index; }

  /// The sums of block (row, column) become left(row)^T sum right(column).
  void transform(const std::vector<RigidModes>& modes);

  /// Sends what was added to rows of other ranks to them. Collective.
  void send_foreign();

  /// The matrix. Modes that do not exist get a diagonal entry of their aggregate's mean stiffness.
  BlockMatrix finish();

private:
  std::uint64_t global(std::int32_t index) const;
  std::size_t owner(std::uint64_t number) const;
  void exchange_pattern();
  void add_received(const std::vector<std::uint64_t>& message);
  void name_ghosts();
  void mend_diagonal(std::size_t row);
  template <typename Visit>
  void for_foreign(std::int32_t row, std::int32_t column, Visit&& visit) const;

  std::vector<std::uint64_t> first_;
  MPI_Comm comm_;
  std::size_t rank_;
  std::int32_t own_;
  std::vector<std::uint64_t> foreign_;
  std::unordered_map<std::uint64_t, std::int32_t> number_; ///< of `foreign_`
  BlockPattern noted_;                                     ///< until allocate()
  BlockMatrix matrix_; ///< with rows of other ranks behind the own ones
};

} // namespace calcar::voxel
