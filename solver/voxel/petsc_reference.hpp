#pragma once

#include "petsc/handle.hpp"
#include "voxel/conjugate_gradients.hpp"

#include <vector>

namespace calcar::voxel
{

/**
 * Bodies with more unknowns are not compared. Factoring grows with the square of their number:
 * 27 783 unknowns took 8 s and 0.5 GB, 89 373 took 72 s and 1.4 GB (processor time of one rank,
 * memory of the process, Debian's reference BLAS).
 */
constexpr std::uint64_t largest_checked = 100000;

/// Throws InputError when a body is too large to be compared.
void refuse_large_check(std::uint64_t unknowns);

/**
 * The largest difference that passes: 1e-5, and 1e3 times the relative residual when that is
 * larger. A solve that stops at a relative residual eps is wrong in the displacements by eps times
 * a factor of the body: the residual at the start lies in the stiffest components, a bending motion
 * in the softest. That factor is below 30 on the bodies of the tests and was 107 on a cube of 30^3
 * voxels with moduli from 50 to 20000 MPa, pressed by its end faces. A wrong stiffness, spring or
 * support shows as 1e-3 and more.
 */
double allowed_difference(double relative_residual);

/// What MUMPS says of its last factoring, the same on all ranks: negative errors are failures.
struct MumpsState
{
  int error = 0;
  int detail = 0;
};

/**
 * The assembled matrix of the finest level and its factors by MUMPS, to judge the matrix-free
 * solver. The element matrices are Gauss-integrated, the products and the elimination are PETSc's,
 * the solution is direct: shared with the engine are the moduli, the numbering of the nodes, and
 * the constraints.
 */
class SolverReference
{
public:
  /// Assembles and factors, in `room_percent` more memory than MUMPS estimates, and in more when
  /// that does not suffice. Throws SolveError when MUMPS fails. Collective, as all of them.
  SolverReference(const Level& level, MPI_Comm comm, int room_percent = 100);

  /// The solution for these forces and the displacements that `start` has in the fixed components.
  std::vector<double> solve(const Level& level, const std::vector<LocalForce>& forces,
                            const std::vector<double>& start) const;

  /**
   * Compares the solution `u` that was found from `start` (see solve): displacements by the largest
   * component; reactions by the largest difference over the largest reaction or force; energy
   * 1/2 u K u, springs included. Reactions and energy that vanish (a rigid motion) are compared
   * with a hundredth of the largest component of the right-hand side instead, which is what the
   * solver's residual relates to.
   *
   * Throws SolveError with the differences when one is larger than allowed_difference.
   */
  SolverCheck check(const Level& level, const std::vector<LocalForce>& forces,
                    const std::vector<double>& start, const std::vector<double>& u,
                    double relative_residual) const;

private:
  MumpsState factor(int room_percent);

  MPI_Comm comm_;
  double seconds_ = 0; ///< assembling and factoring
  petsc::Matrix full_;
  petsc::Matrix eliminated_;
  petsc::Solver solver_;
};

} // namespace calcar::voxel
