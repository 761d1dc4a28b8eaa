#pragma once

#include <string>

namespace calcar::voxel
{

/**
 * How many vectors of unknowns PETSc's Krylov method with these options (Options::petsc) keeps at
 * most, beyond right-hand side and solution: what a method holds when it has filled its restart
 * length. Measured with PETSc 3.18, method by method; one that is not in the table counts as the
 * largest of those without restart.
 */
int petsc_vectors(const std::string& options);

} // namespace calcar::voxel
