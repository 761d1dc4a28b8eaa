#pragma once

namespace calcar::voxel
{

/**
 * Makes sure that PETSc is initialised: without argv, without its signal handler, for this process
 * alone (so that one rank may call it), and finalised when MPI is. Does nothing when somebody else
 * has initialised it.
 */
void start_petsc();

/// Throws SolveError naming the step when a PETSc call returned an error.
void check_petsc(int error, const char* step);

} // namespace calcar::voxel
