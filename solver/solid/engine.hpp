#pragma once

#include "solid/body.hpp"

#include <mpi.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace calcar::solid
{

/// How the linear systems are solved.
enum class Method
{
  automatic, ///< MUMPS for small bodies, otherwise conjugate gradients with BoomerAMG
  boomeramg, ///< PETSc's conjugate gradients with hypre's BoomerAMG
  gamg,      ///< the same with PETSc's GAMG; with BoomerAMG where that does not converge
  mumps      ///< factored
};

struct Options
{
  double relative_residual = 1e-8; ///< ||f - K u|| / ||f||, f with what prescribed motion does
  int max_iterations = 1000;
  Method method = Method::automatic;
};

struct SolveReport
{
  int iterations = 0;           ///< 0 when factored
  double relative_residual = 0; ///< the true one, at the end
  double seconds = 0;
  Method method = Method::automatic; ///< that solved
  /// Empty, or which method did not converge, why, and what solved instead.
  std::string fallback;
  /// The residual asked for lies below what double precision resolves on this body.
  bool at_rounding_limit = false;
  double backward_error = 0; ///< at the rounding limit: of the worst row
  double energy_error = 0;   ///< at the rounding limit: ||error|| / ||u||, in the energy norm
};

/// A solve that stops at the limit of double precision is accepted up to these; see refine().
constexpr double accepted_backward_error = 1e-13;
constexpr double accepted_energy_error = 1e-7;
constexpr double accepted_rounding_noise = 1e-4; ///< ||f - K u|| / ||f||: that of the stresses

/**
 * One solution gathered on rank 0 (empty elsewhere), in the mesh's axes.
 */
struct Solution
{
  std::vector<Vec3> displacement;       ///< of each node of mesh::nodes_of, mm
  std::vector<SymTensor> strain;        ///< mean over each cell
  std::vector<SymTensor> strain_points; ///< at each integration point, cell after cell
  std::vector<Vec3> reaction;           ///< per support: force of the support on the body, N
  double strain_energy = 0;             ///< 1/2 integral of stress : strain, N mm
  SolveReport report;
};

/**
 * Conforming finite elements on a mesh, spread over the ranks of a communicator: small-strain
 * isotropic elasticity, deal.II's elements (P1, P2, Q1, Q2), PETSc's solvers with the rigid motions
 * as near-nullspace. Construct and call collectively; body, supports and forces are read on rank 0
 * only, and a failure there is thrown on every rank.
 */
class Engine
{
public:
  /// Spreads the mesh, assembles and checks it. Throws InputError (data) for bad moduli, for cells
  /// of negative volume, and for a body without enough support (naming the free motion).
  Engine(const SolidBody& body, const Supports& supports, MPI_Comm comm, Options options = {});
  ~Engine();
  Engine(Engine&&) noexcept;

  /// Solves for several right-hand sides, in order. `scale_prescribed[n]` multiplies the prescribed
  /// displacements in the n-th. Throws SolveError when one does not converge.
  std::vector<Solution> solve(const std::vector<std::vector<NodalForce>>& forces,
                              const std::vector<double>& scale_prescribed);

  /// Three per node, fixed ones included.
  std::uint64_t unknowns() const;
  /// What `Method::automatic` chose, or what had to replace a method that did not converge.
  Method method() const;

private:
  struct State;
  std::unique_ptr<State> state_;
};

} // namespace calcar::solid
