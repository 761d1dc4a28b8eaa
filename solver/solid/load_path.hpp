#pragma once

#include "model/load_path.hpp"
#include "solid/yielding_body.hpp"

#include <functional>
#include <vector>

namespace calcar::solid
{

/// How a body's path is followed.
struct PathOptions : model::PathControl
{
  EquilibriumOptions equilibrium;
};

/// What moves a body along its path.
struct PathLoad
{
  /// Forces at load factor 1. Empty: the supports' prescribed displacements drive; the displacement
  /// of a step is then their factor, and its load the force along them (work over factor), N.
  std::vector<NodalForce> forces;
  /// Size of the load at factor 1 that a displacement is told for, N: displacement = forces . u /
  /// size.
  double size = 1;
};

struct PathResult : model::PathRecord
{
  YieldingFields at_end; ///< on rank 0
};

/// What follows an equilibrium, on every rank.
using OnStep = std::function<void(const model::PathStep&, YieldingBody&)>;

/**
 * The path of a body on a mesh under a growing load, to the peak and past it, as voxel::follow has
 * it (model/path_following.hpp). Throws SolveError when nothing can yield, or when not even the
 * first equilibrium is found. Collective.
 */
PathResult follow(YieldingBody& body, const PathLoad& load, const PathOptions& options,
                  const OnStep& on_step = {});

/// The same from where an earlier path stood, whose last step was `steps.back()`. `at` is read on
/// rank 0, `steps` on all.
PathResult resume(YieldingBody& body, const PathLoad& load, const PathOptions& options,
                  const Standing& at, std::vector<model::PathStep> steps,
                  const OnStep& on_step = {});

} // namespace calcar::solid
