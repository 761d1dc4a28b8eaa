#pragma once

#include "petsc/handle.hpp"
#include "voxel/level.hpp"

#include <vector>

namespace calcar::voxel
{

/// A PETSc vector with the three components of each owned node of this rank, rank after rank.
petsc::Vector make_vector(const Nodes& nodes, MPI_Comm comm);

/// The owned part of `values` (three per local node, copies equal).
void to_petsc(const Nodes& nodes, const std::vector<double>& values, Vec vector);

/// The reverse, copies on sharing ranks included. Collective.
void from_petsc(const Nodes& nodes, Vec vector, std::vector<double>& values);

} // namespace calcar::voxel
