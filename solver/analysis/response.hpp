#pragma once

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

/// How a body answers to one load case. Voxel arrays as in the model's body; lives on rank 0.
struct Response
{
  std::string name;               ///< of the load case
  std::vector<SymTensor> strain;  ///< at voxel centres, in the grid's axes
  std::vector<Vec3> displacement; ///< at the engine's nodes, in the grid's axes, mm
  std::vector<Reaction> reactions;
  double strain_energy = 0; ///< N mm, from the strains at voxel centres: in bending a little low
};

/// What the solves of a variant took.
struct SolverSummary
{
  std::uint64_t unknowns = 0;
  std::uint64_t voxels = 0;
  int levels = 0;
  int right_hand_sides = 0;
  int iterations = 0;             ///< of the right-hand side that took most
  int iterations_total = 0;       ///< of all right-hand sides
  double relative_residual = 0;   ///< the largest
  bool at_rounding_limit = false; ///< one could not be made smaller in double precision
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
