#pragma once

#include "model/voxel_body.hpp"
#include "model/voxel_contact.hpp"
#include "voxel/coarse_choice.hpp"

#include <mpi.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace calcar::voxel
{

struct Options
{
  double relative_residual =
      1e-8; ///< ||f - K u|| / ||f|| in the free components (f includes prescribed motion)
  int max_iterations = 1000;
  std::string petsc = {}; ///< options of PETSc's Krylov solver ("-ksp_monitor"); empty: our own
  bool check = false;     ///< compare each solution with an assembled matrix and MUMPS
  CoarseSpace coarse_space = CoarseSpace::automatic; ///< not used by PETSc's Krylov solvers
  /// False: there is no memory for aggregates, and the automatic choice stays with the V-cycle.
  bool may_aggregate = true;
  /// The least relative residual where surfaces touch and part (VoxelContact): which of thousands
  /// of voxels barely touch need not be found to the last.
  double contact_residual = 0;
};

/// How far a solution is from that of the assembled matrix; each relative to its largest value.
struct SolverCheck
{
  double displacement_difference = 0;
  double reaction_difference = 0; ///< of the forces at prescribed components
  double energy_difference = 0;
  std::uint64_t unknowns = 0;
  double seconds = 0; ///< assembling and factoring (once for a body), solving and comparing
};

/// What one solve took.
struct SolveReport
{
  int iterations = 0;        ///< of the linear solver; with contact of all its systems
  int newton = 0;            ///< with contact: systems solved, one for each set of pressed voxels
  int most_iterations = 0;   ///< with contact: of the system that took most
  std::uint64_t pressed = 0; ///< contact voxels that are pressed in the end
  double relative_residual = 0; ///< the true one, recomputed in double precision at the end
  double whole = 0;             ///< the norm that relative residuals refer to, N
  /// 1 from zero. Earlier solutions make it less as a rule; on slender bodies their rounding can
  /// make it more, while the start is still nearer in energy.
  double starting_residual = 1;
  double seconds = 0;
  bool aggregation = false; ///< aggregates gave the coarse space, at least in the end
  /// Aggregates would have taken over, had Options::may_aggregate let them.
  bool aggregation_left_out = false;
  /// The residual asked for lies below what double precision resolves on this body; what was
  /// reached (below `accepted_rounding_limit`) stands in relative_residual.
  bool at_rounding_limit = false;
  std::optional<SolverCheck> check = {}; ///< when Options asked for it
};

/// A solve that stops at the limit of double precision is accepted up to this relative residual.
constexpr double accepted_rounding_limit = 1e-7;

/// With contact a smaller relative residual is not asked for: what is loose is softer than metal by
/// 1e6, and single voxels change sides over less.
constexpr double least_contact_residual = 1e-7;

/**
 * One solution gathered on rank 0 (empty elsewhere). All in grid axes (i, j, k); index a voxel as
 * in VoxelBody.
 */
struct Solution
{
  std::vector<SymTensor> strain;  ///< per active voxel, at its centre (mean gradient of the voxel)
  std::vector<Vec3> displacement; ///< per node of Engine::nodes(), mm
  std::vector<Vec3> reaction;     ///< per support: force of the support on the body, N
  std::vector<double> contact_pressure; ///< per contact voxel in the given order, MPa, not negative
  double strain_energy = 0;             ///< 1/2 u K u over the voxels, N mm
  SolveReport report;
};

/**
 * The matrix-free voxel engine: trilinear hexahedra on the active voxels of a grid,
 * multigrid-preconditioned conjugate gradients, spread over the ranks of a communicator. Construct
 * and call collectively; the body, supports and forces are read on rank 0 only, and a failure there
 * is thrown on every rank.
 */
class Engine
{
public:
  /// Spreads the body, builds the levels and checks it. Throws InputError (data) for bad moduli,
  /// for a body without enough support (naming the free motion), and SolveError when the set-up
  /// fails.
  ///
  /// `contact` says which voxels are contact; their moduli in the body do not count, and what is
  /// pressed is limited by the tissue (limited_by_tissue). The layer should be one voxel thick:
  /// nodes with contact all around have nothing but `loose` to hold them across the normal. With
  /// any, each right-hand side is a problem of its own (solve_contact), solutions must not be
  /// superposed, residuals are not asked below `least_contact_residual`, and PETSc's Krylov solvers
  /// are refused.
  Engine(const model::VoxelBody& body, const model::VoxelSupports& supports, MPI_Comm comm,
         Options options = {}, const model::VoxelContact& contact = {});
  ~Engine();
  Engine(Engine&&) noexcept;

  /// Solves for several right-hand sides, in order. `scale_prescribed[n]` multiplies the prescribed
  /// displacements in the n-th (0 for a unit load, 1 where the supports' displacements drive).
  /// Throws SolveError when one does not converge.
  std::vector<Solution> solve(const std::vector<std::vector<model::NodalForce>>& forces,
                              const std::vector<double>& scale_prescribed);

  /// Nodes of the active voxels on rank 0, ascending by lattice offset k, j, i; empty elsewhere.
  std::vector<model::NodeIndex> nodes() const;
  /// Unknowns of the whole body: three per node, fixed ones included.
  std::uint64_t unknowns() const;
  int levels() const;

private:
  struct State;
  std::unique_ptr<State> state_;
};

} // namespace calcar::voxel
