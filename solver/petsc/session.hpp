#pragma once

#include <string>

namespace calcar::petsc
{

/**
 * Makes sure that PETSc is initialised: without argv, without its signal handler and resource
 * files, for this process alone (so that one rank may call it), and finalised when MPI is. Does
 * nothing when somebody else has initialised it.
 */
void start();

/// Throws SolveError naming the step when a PETSc call returned an error.
void check(int error, const char* step);

/// What PETSc says about its last error.
std::string words(int error);

/// From now on PETSc's monitors write to standard error, so that standard output stays free for
/// results. Of the whole process; call it before the first solve, with MPI running.
void write_to_stderr();

} // namespace calcar::petsc
