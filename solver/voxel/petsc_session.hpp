#pragma once

#include <string>

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

/// What PETSc says about its last error.
std::string petsc_words(int error);

/// From now on PETSc's monitors write to standard error, so that standard output stays free for
/// results. Of the whole process; call it before the first solve, with MPI running.
void petsc_writes_to_stderr();

} // namespace calcar::voxel
