#pragma once

#include "model/voxel_body.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace calcar::voxel
{

/// What one level of the hierarchy stores, of the whole body.
struct LevelCounts
{
  std::uint64_t voxels = 0;         ///< active ones
  std::uint64_t nodes = 0;          ///< corners of active voxels
  std::uint64_t bricks = 0;         ///< of 8^3 voxels with an active one
  std::uint64_t runs = 0;           ///< of active voxels along i
  std::uint64_t lattice_points = 0; ///< of the finest grid, on every level
};

/**
 * Counts what the engine will store for a body, finest level first, down to the level that is
 * solved exactly: the same levels as the engine builds. Exact, not by rule of thumb: porous bodies
 * have up to five times as many nodes and bricks a voxel as solid ones. Takes one bit a voxel of
 * the grid meanwhile.
 */
std::vector<LevelCounts> count_levels(const model::VoxelBody& body);

/// A part of the memory, for the log.
struct MemoryTerm
{
  std::string what;
  double bytes = 0;
};

/// Bytes that the engine adds to what a rank holds before, stage by stage.
struct EngineMemory
{
  std::vector<MemoryTerm> set_up; ///< while the body is checked and spread and the nodes numbered
  std::vector<MemoryTerm> solve;  ///< in the iterations
  std::vector<MemoryTerm> gather; ///< while the last solution comes to rank 0
  /// The larger of the two last stages when aggregates give the coarse space, at most.
  std::vector<MemoryTerm> aggregation;
  double engine = 0;               ///< what it holds between solves
  std::vector<MemoryTerm> outcome; ///< what the caller is given: rank 0 only

  double peak() const; ///< of the three stages
  double peak_with_aggregation() const;
};

/// Sum of the terms, bytes.
double total(const std::vector<MemoryTerm>& terms);

/**
 * Memory of one rank of `ranks` for a body and as many right-hand sides as `loads`, solved one
 * after the other. The ranks' shares are equal but for rank 0 (`root`), which keeps sets of all
 * voxels and nodes and gathers the results. The bytes stand in one table in memory.cc and follow
 * level.hpp, cycle_vectors.hpp, conjugate_gradients.cc, earlier_solutions.hpp and results.hpp.
 * `petsc`: the options of PETSc's Krylov solver when it is used (Options::petsc); its vectors are
 * an upper bound then.
 */
EngineMemory engine_memory(const std::vector<LevelCounts>& levels, int ranks, int loads, bool root,
                           const std::string& petsc = {});

/// What a path to fracture asks for.
struct PathWork
{
  int points = 0;    ///< of a voxel at which the law is asked; 0: no path is followed
  bool kept = false; ///< it is kept in a file after each equilibrium
};

/**
 * Bytes that following a path to fracture adds to what a rank holds before, at its peak; nothing
 * without points. It comes when the solves are done and forgotten. The share of the points that
 * have flowed by its end is a guess on the safe side.
 */
std::vector<MemoryTerm> path_memory(const std::vector<LevelCounts>& levels, int ranks, bool root,
                                    const PathWork& work);

} // namespace calcar::voxel
