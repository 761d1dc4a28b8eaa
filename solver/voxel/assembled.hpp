#pragma once

#include "petsc/handle.hpp"
#include "voxel/level.hpp"

#include <vector>

namespace calcar::voxel
{

/// First row of each local node's three in matrices and vectors that hold rank after rank's owned
/// nodes; copies included. Collective.
std::vector<PetscInt> first_rows(const Nodes& nodes, MPI_Comm comm);

/**
 * K of a level as a sparse matrix spread over the ranks by rows, from Gauss-integrated element
 * matrices and the springs; fixed components are not eliminated. N/mm. About 1 kB per unknown with
 * the space PETSc fills it in: for small bodies. Collective.
 */
petsc::Matrix assemble(const Level& level, MPI_Comm comm);

/// The same with unit rows and columns at the fixed components. Collective.
petsc::Matrix eliminate_fixed(const Level& level, Mat full, MPI_Comm comm);

} // namespace calcar::voxel
