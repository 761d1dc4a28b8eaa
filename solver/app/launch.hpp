#pragma once

#include <string>
#include <vector>

namespace calcar::app
{

/// True when an MPI launcher has started this process.
bool under_mpi();

/// Number of cores this process may use.
int cores();

/**
 * Replaces this process by `mpirun -n ranks` of itself with the same words. Returns only when there
 * is no mpirun, or it cannot be started; the caller then goes on alone.
 */
void restart_under_mpi(int ranks, const std::vector<std::string>& arguments);

} // namespace calcar::app
