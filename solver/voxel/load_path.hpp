#pragma once

#include "voxel/yielding_body.hpp"

#include <functional>
#include <string>
#include <vector>

namespace calcar::voxel
{

/// How a body's path is followed.
struct PathOptions
{
  EquilibriumOptions equilibrium;
  int most_steps = 400;
  /// The next step goes on by at most this share of the drive so far.
  double growth = 0.1;
  /// The path ends when the load has fallen to this share of its peak ...
  double end_at = 0.85;
  /// ... or at this displacement, mm (for prescribed displacements: their factor).
  double most_displacement = 4;
  /// The fall of the load in one step, as a share of the peak, above which the step is made again
  /// in halves.
  double most_fall = 0.02;
  double smallest_step = 1e-4; ///< as a share of the drive so far
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

/// An equilibrium on the path.
struct PathStep
{
  double factor = 0;       ///< of the load; driven by displacements: the load, N
  double displacement = 0; ///< mm: see PathLoad
  double work = 0;         ///< done by the load so far, N mm
  double yielded_mm3 = 0;  ///< voxels that have flowed
  double softened_mm3 = 0; ///< of these: those whose yield stress has fallen
  double drive = 0;        ///< what the step is driven to
  int newton = 0;          ///< iterations
  int linear = 0;          ///< iterations of conjugate gradients in all
  double residual = 0;     ///< reached, relative
};

/// Why a path ended.
enum class PathEnd
{
  past_peak,    ///< the load has fallen as far as asked
  displacement, ///< the largest displacement was reached
  no_balance,   ///< no equilibrium was found beyond: the body gives way at once
  steps         ///< as many steps as allowed were made
};
std::string to_string(PathEnd end);

struct PathResult
{
  std::vector<PathStep> steps; ///< the first is the end of the elastic part
  std::size_t peak = 0;        ///< the step with the largest load
  PathEnd end = PathEnd::past_peak;
  /// The load fell behind the peak: what stands at `peak` is the largest load.
  bool peak_reached = false;
  double seconds = 0;
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
