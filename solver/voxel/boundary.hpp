#pragma once

#include "model/voxel_body.hpp"
#include "voxel/conjugate_gradients.hpp"
#include "voxel/level.hpp"

#include <mpi.h>

#include <vector>

/// What acts on a body from outside, on this rank's nodes: supports and forces, and their balance.
namespace calcar::voxel
{

/// A prescribed component on this rank, and the support that its reaction belongs to.
struct Prescribed
{
  std::size_t component; ///< 3 node + axis
  double displacement;
  int support;
};

/// A spring at an owned node, and its support.
struct Foundation
{
  Spring spring;
  int support;
};

struct Held
{
  std::vector<Prescribed> prescribed; ///< ascending, each component once
  std::vector<Foundation> foundations;
};

/// This rank's part of the supports, which are read on rank 0. Collective.
Held locate_supports(const Level& level, const model::VoxelSupports& supports, MPI_Comm comm);

/// The same, and makes them the level's constraints. Collective.
Held hold(Level& level, const model::VoxelSupports& supports, MPI_Comm comm);

/// This rank's part of the forces, which are read on rank 0. Collective.
std::vector<LocalForce> locate_forces(const Level& level,
                                      const std::vector<model::NodalForce>& forces, MPI_Comm comm);

/// True when nothing is displaced at the supports. Collective.
bool is_homogeneous(const std::vector<double>& u, const std::vector<Prescribed>& prescribed,
                    MPI_Comm comm);

/// Strain energy 1/2 u K u of the voxels, N mm, and the force of each support on the body, N.
struct Balance
{
  double strain_energy;
  std::vector<Vec3> reactions;
};

/// What holds a body with displacements u under the forces. The same on all ranks. Collective.
Balance balance_of(const Level& level, const Held& held, const std::vector<LocalForce>& forces,
                   const std::vector<double>& u, int supports, MPI_Comm comm);

} // namespace calcar::voxel
