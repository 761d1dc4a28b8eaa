#pragma once

#include "solid/engine.hpp"
#include "solid/linear_solver.hpp"

#include <functional>

namespace calcar::solid
{

/// The equations K u = f: K assembled in a solver, residuals from the elements.
struct Equations
{
  const Elements& elements;
  LinearSolver& solver;
  Method& method;   ///< that `solver` is prepared for; changes where `otherwise` has to help
  Method otherwise; ///< tried when the method does not converge; the same for none
  const Options& options;
  MPI_Comm comm;
  /// ||external - internal forces|| on the free components, which go to `free`; all of it in
  /// `whole`. Collective.
  std::function<double(Field& u, Field& free, Field& whole)> residual;
};

/**
 * Iterative refinement: u grows by corrections c, K c = r, r = f - K u taken anew from the
 * elements, until ||r|| <= options.relative_residual ||f||; f is the residual at the start. `whole`
 * is left as `residual` has it at the end.
 *
 * Where double precision stops r before that, u is accepted if
 *
 *   max_i |r_i| / (sum_j |K_ij| max_j |u_j| + |f_i|)  <=  accepted_backward_error,
 *   sqrt(c . r / c_0 . r_0)                            <=  accepted_energy_error,
 *   ||r|| / ||f||                                      <=  accepted_rounding_noise.
 *
 * The first is the backward error by rows (Rigal and Gaches 1967, Journal of the ACM 14, 543-548;
 * Arioli, Demmel and Duff 1989, https://doi.org/10.1137/0610013): r is rounding and nothing else.
 * It alone would accept displacements that are wrong by the condition number. The second is the
 * error in the energy norm,
 * ||e||^2 = e . K e = r . K^-1 r, over that at the start; the solver finds c = K^-1 r. On a stiff
 * block that rides on a soft layer r is large by the block's own stiffness, but in balance in each
 * element, so that it does little work: its energy error stays near sqrt(contrast) times the
 * rounding unit. The third bounds what is left: r is the nodal forces of the rounding of the
 * stresses.
 *
 * Throws SolveError with the remedy that fits the method. Collective.
 */
SolveReport refine(const Equations& equations, Field& u, Field& whole);

} // namespace calcar::solid
