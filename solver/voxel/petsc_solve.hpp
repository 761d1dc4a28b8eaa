#pragma once

#include "voxel/conjugate_gradients.hpp"
#include "voxel/multigrid.hpp"

#include <string>

namespace calcar::voxel
{

/**
 * Like solve_system, but the outer iteration is PETSc's KSP in double precision on the matrix-free
 * product, preconditioned with the V-cycle. `petsc_options` are PETSc's own, without a prefix:
 * "-ksp_type cg -ksp_monitor". Without any the method is fcg with one stored direction, the same
 * iteration as solve_system.
 *
 * The convergence test is that of solve_system: ||f - K x|| over its value at the start in the free
 * components, not preconditioned. When PETSc says it converged, the true residual is computed; if
 * that is larger than `options` allow (rounding, or a looser -ksp_rtol), PETSc goes on from it
 * while that helps. -pc_type none and jacobi replace the V-cycle, for comparison.
 *
 * Throws InputError naming options that are malformed, unknown or refused by PETSc, and SolveError
 * with iterations, residual and PETSc's reason when it does not converge. Collective.
 */
SolveReport solve_with_petsc(Multigrid& multigrid, const std::vector<LocalForce>& forces,
                             std::vector<double>& x, const Options& options,
                             const std::string& petsc_options, MPI_Comm comm);

} // namespace calcar::voxel
