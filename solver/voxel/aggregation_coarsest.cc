#include "voxel/aggregation_coarsest.hpp"

#include "base/parallel.hpp"
#include "petsc/handle.hpp"
#include "petsc/session.hpp"
#include "voxel/gather_all.hpp"
#include "voxel/message_count.hpp"

#include <petscksp.h>

#include <algorithm>

namespace calcar::voxel
{
namespace
{

struct BlockPart
{
  std::uint64_t row;
  std::uint64_t column;
  float values[36];
};

/// The rank's stored blocks by global numbers.
std::vector<BlockPart> parts_of(const AggregationLevel& level, std::uint64_t own_first)
{
  std::vector<BlockPart> parts;
  for (std::size_t row = 0; row < static_cast<std::size_t>(level.matrix.rows); ++row)
    for (std::size_t b = level.matrix.start[row]; b < level.matrix.start[row + 1]; ++b)
    {
      const auto column = static_cast<std::size_t>(level.matrix.column[b]);
      const auto rows = static_cast<std::size_t>(level.matrix.rows);
      BlockPart part{own_first + row,
                     column < rows ? own_first + column : level.matrix.ghosts[column - rows],
                     {}};
      std::copy_n(level.matrix.block(b), 36, part.values);
      parts.push_back(part);
    }
  return parts;
}

/// Of a block between ranks both images are there: one of them goes.
std::vector<BlockPart> upper_parts(std::vector<BlockPart> parts)
{
  std::erase_if(parts, [](const BlockPart& part) { return part.row > part.column; });
  return parts;
}

/// [unknown] how many entries its row has.
std::vector<int> entries_of_rows(const std::vector<BlockPart>& parts, std::uint64_t aggregates)
{
  std::vector<int> entries(6 * aggregates, 0);
  const auto count = [&](std::uint64_t aggregate)
  {
    for (std::uint64_t c = 0; c < 6; ++c)
      entries[6 * aggregate + c] += 6;
  };
  for (const BlockPart& part : parts)
  {
    count(part.row);
    if (part.row != part.column)
      count(part.column);
  }
  return entries;
}

} // namespace

struct AggregationCoarsest::System
{
  MPI_Comm comm = MPI_COMM_NULL;
  std::vector<int> counts, starts; ///< values per rank, block_stride an aggregate
  std::vector<float> all;          ///< right-hand side of all ranks
  std::size_t own_first = 0;
  petsc::Matrix matrix;
  petsc::Vector right_side, solution;
  petsc::Solver solver;

  /// Both triangles: the ordering decides which one the factor reads. What is below the diagonal of
  /// a diagonal block is not used.
  void add(const BlockPart& part)
  {
    for (int r = 0; r < 6; ++r)
      for (int c = part.row == part.column ? r : 0; c < 6; ++c)
      {
        const int row = static_cast<int>(6 * part.row) + r;
        const int column = static_cast<int>(6 * part.column) + c;
        double value = static_cast<double>(part.values[6 * r + c]);
        if (row == column)
          value *= 1 + 1e-5; // singles rounding errors out of nearly singular blocks
        petsc::check(MatSetValue(matrix, row, column, value, INSERT_VALUES), "filling");
        petsc::check(MatSetValue(matrix, column, row, value, INSERT_VALUES), "filling");
      }
  }

  void factor()
  {
    PC preconditioner = nullptr;
    petsc::check(KSPCreate(MPI_COMM_SELF, solver.out()), "creating the solver of aggregates");
    petsc::check(KSPSetOperators(solver, matrix, matrix), "setting up the solver of aggregates");
    petsc::check(KSPSetType(solver, KSPPREONLY), "setting up the solver of aggregates");
    petsc::check(KSPGetPC(solver, &preconditioner), "setting up the solver of aggregates");
    petsc::check(PCSetType(preconditioner, PCCHOLESKY), "setting up the solver of aggregates");
    petsc::check(PCFactorSetMatOrderingType(preconditioner, MATORDERINGQMD), "ordering");
    petsc::check(PCFactorSetShiftType(preconditioner, MAT_SHIFT_POSITIVE_DEFINITE), "setting up");
    petsc::check(KSPSetUp(solver), "factoring the coarsest level of aggregates");
  }
};

AggregationCoarsest::AggregationCoarsest(const AggregationLevel& level, MPI_Comm comm)
    : system_(std::make_unique<System>())
{
  petsc::start();
  System& s = *system_;
  s.comm = comm;
  const auto ranks = static_cast<std::size_t>(size(comm));
  for (std::size_t r = 0; r < ranks; ++r)
  {
    s.counts.push_back(message_count(block_stride * (level.first[r + 1] - level.first[r])));
    s.starts.push_back(message_count(block_stride * level.first[r]));
  }
  s.all.resize(block_stride * level.first.back());
  s.own_first = level.first[static_cast<std::size_t>(rank(comm))];
  const int unknowns = message_count(6 * level.first.back());
  const std::vector<BlockPart> parts = upper_parts(gather_all(parts_of(level, s.own_first), comm));
  const std::vector<int> entries = entries_of_rows(parts, level.first.back());
  petsc::check(
      MatCreateSeqAIJ(MPI_COMM_SELF, unknowns, unknowns, 0, entries.data(), s.matrix.out()),
      "creating the matrix of aggregates");
  for (const BlockPart& part : parts)
    s.add(part);
  petsc::check(MatAssemblyBegin(s.matrix, MAT_FINAL_ASSEMBLY), "assembling aggregates");
  petsc::check(MatAssemblyEnd(s.matrix, MAT_FINAL_ASSEMBLY), "assembling aggregates");
  petsc::check(MatCreateVecs(s.matrix, s.solution.out(), s.right_side.out()), "creating vectors");
  s.factor();
}

AggregationCoarsest::~AggregationCoarsest() = default;
AggregationCoarsest::AggregationCoarsest(AggregationCoarsest&&) noexcept = default;
AggregationCoarsest& AggregationCoarsest::operator=(AggregationCoarsest&&) noexcept = default;

void AggregationCoarsest::solve(AggregationLevel& level) const
{
  System& s = *system_;
  const auto rows = static_cast<std::size_t>(level.matrix.rows);
  MPI_Allgatherv(level.b.data(), message_count(block_stride * rows), MPI_FLOAT, s.all.data(),
                 s.counts.data(), s.starts.data(), MPI_FLOAT, s.comm);
  double* right_side = nullptr;
  petsc::check(VecGetArrayWrite(s.right_side, &right_side), "filling the side of aggregates");
  for (std::size_t a = 0; a < s.all.size() / block_stride; ++a)
    for (std::size_t c = 0; c < 6; ++c)
      right_side[6 * a + c] = static_cast<double>(s.all[block_stride * a + c]);
  petsc::check(VecRestoreArrayWrite(s.right_side, &right_side), "filling the side of aggregates");
  petsc::check(KSPSolve(s.solver, s.right_side, s.solution), "solving for aggregates");
  const double* solution = nullptr;
  petsc::check(VecGetArrayRead(s.solution, &solution), "reading the motion of aggregates");
  for (std::size_t a = 0; a < rows; ++a)
    for (std::size_t c = 0; c < 6; ++c)
      level.x[block_stride * a + c] = static_cast<float>(solution[6 * (s.own_first + a) + c]);
  petsc::check(VecRestoreArrayRead(s.solution, &solution), "reading the motion of aggregates");
}

} // namespace calcar::voxel
