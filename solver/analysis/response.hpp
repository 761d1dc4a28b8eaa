#pragma once

#include "analysis/equilibrium.hpp"
#include "base/symmetric_tensor.hpp"
#include "base/vec3.hpp"
#include "voxel/engine.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace calcar::analysis
{

/// Force of a support on the body, N, in LPS (study mode: along the image's index axes).
struct Reaction
{
  std::string support;
  Vec3 force;
};

/// How a body answers to one load case. Arrays as in the model's body; lives on rank 0. Vectors and
/// tensors are in the body's own axes: those of the grid for voxels, LPS for a mesh.
struct Response
{
  std::string name;                     ///< of the load case
  std::vector<SymTensor> strain;        ///< at voxel centres; means over the cells of a mesh
  std::vector<SymTensor> strain_points; ///< at the integration points of a mesh, cell after cell
  /// At the nodes, mm; without the body's mean motion where inertia balances the forces.
  std::vector<Vec3> displacement;
  /// On each contact voxel in the given order, MPa, not negative; empty without contact.
  std::vector<double> contact_pressure;
  std::vector<Reaction> reactions;
  Equilibrium equilibrium;
  double strain_energy =
      0; ///< N mm, from these strains: where they vary inside elements a little low
  double external_work = 0; ///< of the forces, f . u / 2, N mm; springs of supports take their part
};

/// Which body was solved.
enum class Method
{
  voxel,
  mesh
};

/// "voxel", "mesh".
const std::string& to_string(Method method);

/// What the solves of a variant took.
struct SolverSummary
{
  Method method = Method::voxel;
  std::uint64_t unknowns = 0;
  std::uint64_t elements = 0;      ///< voxels, or cells of the mesh
  int levels = 0;                  ///< of the voxel engine's multigrid; 0 for a mesh
  std::string preconditioner = {}; ///< of a mesh: "BoomerAMG", "GAMG", "MUMPS"
  int right_hand_sides = 0;
  int iterations = 0;             ///< of the right-hand side that took most
  int iterations_total = 0;       ///< of all right-hand sides
  int newton_total = 0;           ///< with contact: linear systems of all right-hand sides
  double relative_residual = 0;   ///< the largest
  bool at_rounding_limit = false; ///< one could not be made smaller in double precision
  std::string fallback = {};      ///< of a mesh: which method failed and what solved instead
  bool aggregation = false;       ///< aggregates gave the coarse space of one, at least in the end
  bool aggregation_left_out = false; ///< they would have, but there was no memory for them
  double seconds = 0;                ///< set-up and solves
  std::optional<voxel::SolverCheck> check = {}; ///< the largest differences, where asked for
};

/// The larger ones of two comparisons, their seconds summed; one of them when the other is not
/// there.
std::optional<voxel::SolverCheck> merge(const std::optional<voxel::SolverCheck>& a,
                                        const std::optional<voxel::SolverCheck>& b);

/// The summary of two sets of solves on one body (two rigs).
SolverSummary merge(const SolverSummary& a, const SolverSummary& b);

} // namespace calcar::analysis
