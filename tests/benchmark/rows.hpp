#pragma once

#include "benchmark/loaded_body.hpp"

#include <mpi.h>
#include <nlohmann/json.hpp>

#include <functional>

namespace calcar::benchmark
{

/**
 * The product K u on a full cube of `size` voxels an edge as the solver calls it (float and double,
 * result zeroed first, shared nodes summed over ranks), and STREAM's triad in the same process.
 * Collective; on rank 0 {unknowns, float_per_s, double_per_s, triad: {...}, of_bound: {...}} where
 * the bound moves 16 bytes per unknown in single precision.
 */
nlohmann::json operator_row(int size, std::size_t stream_bytes, int repetitions, MPI_Comm comm);

/// How a body is solved.
struct SolveOptions
{
  double relative_residual = 1e-6;
  int repetitions = 3;
  bool alone = false; ///< each right-hand side in an engine of its own, which knows no other
};

/**
 * Makes the body on rank 0, then builds the engine and solves, several times. Collective; on rank 0
 * the times of each repetition, the iterations of each right-hand side, and the memory of each
 * rank: its peak after the first repetition, and before the body was made (the floor); and the most
 * that all ranks had in use at once above their floor.
 */
nlohmann::json solve_row(const std::function<LoadedBody()>& make_body, const SolveOptions& options,
                         MPI_Comm comm);

/**
 * A bone-like body of quadratic tetrahedra by the finite elements on meshes (room solid): a block
 * of `boxes`^3 boxes of six tetrahedra, about 24 boxes^3 unknowns. Collective; the same entries as
 * solve_row, with cells instead of voxels and levels.
 */
nlohmann::json mesh_row(int boxes, const SolveOptions& options, MPI_Comm comm);

} // namespace calcar::benchmark
