#pragma once

#include "model/load_path.hpp"
#include "voxel/yielding_body.hpp"

#include <functional>
#include <vector>

namespace calcar::voxel
{

using model::PathEnd;
using model::PathStep;
using model::to_string;

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
  std::vector<model::NodalForce> forces;
  /// Size of the load at factor 1 that a displacement is told for, N: displacement = forces . u /
  /// size. For forces that push in one direction it is their mean displacement along it.
  double size = 1;
};

struct PathResult : model::PathRecord
{
  YieldingFields at_end; ///< on rank 0
};

/// What follows an equilibrium: told on rank 0 after each; where the path stands then can be asked
/// for (collectively: on all ranks or none) by asking `standing`.
using OnStep = std::function<void(const PathStep&, YieldingBody&)>;

/**
 * The path of a body under a growing load, to the peak and past it. Begins with the step in which
 * the first point yields. Steps grow while equilibria are found easily and are halved where they
 * are not, or where the load falls fast behind its peak. `on_step` is called on every rank. Throws
 * SolveError when nothing can yield, or when not even the first equilibrium is found. Collective.
 */
PathResult follow(YieldingBody& body, const PathLoad& load, const PathOptions& options,
                  const OnStep& on_step = {});

/// The same from where an earlier path stood, whose last step was `steps.back()`: its steps are
/// those of the result up to there. `at` is read on rank 0, `steps` on all.
PathResult resume(YieldingBody& body, const PathLoad& load, const PathOptions& options,
                  const Standing& at, std::vector<PathStep> steps, const OnStep& on_step = {});

} // namespace calcar::voxel
