#pragma once

#include "mesh/mesh.hpp"
#include "model/voxel_body.hpp"
#include "pipeline/pipeline.hpp"
#include "voxel/memory.hpp"

#include <string>

namespace calcar::pipeline
{

/// What a rank holds before any data: the program with its libraries, MB. Measured.
constexpr double process_MB = 175;

/// What is to be done with a body, and what rank 0 holds when it is asked.
struct Work
{
  int solves = 1;            ///< right-hand sides in all
  int loads = 1;             ///< right-hand sides on one body and supports, held at once
  int responses = 0;         ///< made of their solutions, and held beside these
  int balanced_loads = 0;    ///< of the loads: those that inertia balances by forces on every node
  int fields = 0;            ///< written at once as one file; 0: none is written
  voxel::PathWork path = {}; ///< to fracture, after the solves
  int ranks = 1;             ///< that share the work
  voxel::CoarseSpace coarse_space = voxel::CoarseSpace::automatic; ///< asked for
  std::string petsc = {};      ///< options of PETSc's Krylov solver; empty: our own
  double held_MB = process_MB; ///< by rank 0 now, the body included
  double peak_MB = 0;          ///< of rank 0 so far
};

/**
 * Predicts size, memory and time of a solve, before anything is built. Voxels, nodes and bricks are
 * counted exactly; the bytes of each stand in voxel/memory.cc. Memory is the peak of the resident
 * set: rank 0's, that of each other rank, and of all together (1 MB = 10^6 bytes). When the work
 * asks for aggregation from the start, both peaks are the one with it.
 */
Prediction predict(const model::VoxelBody& body, const Work& work);

/// The same for a mesh, by the bytes an unknown that were measured for its elements. Choices of the
/// voxel engine in `work` mean nothing.
Prediction predict(const mesh::Mesh& mesh, const Work& work);

} // namespace calcar::pipeline
