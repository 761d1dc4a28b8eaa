#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace calcar::model
{

/// How far and in what steps a body's path under a growing load is followed.
struct PathControl
{
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

/// An equilibrium on the path.
struct PathStep
{
  double factor = 0;       ///< of the load; driven by displacements: the load, N
  double displacement = 0; ///< mm: that along the load
  double work = 0;         ///< done by the load so far, N mm
  double yielded_mm3 = 0;  ///< of the body that has flowed
  double softened_mm3 = 0; ///< of it: where the yield stress has fallen
  double drive = 0;        ///< what the step is driven to
  int newton = 0;          ///< iterations, with those of attempts that were given up
  int linear = 0;          ///< iterations of conjugate gradients in all, likewise
  double residual = 0;     ///< reached, relative
  double growth = 0;       ///< share of the drive before by which steps went on then
};

/// True when the residuals of an iteration so far fall so slowly that going on to `wanted` is
/// dearer than a shorter step: by the rate of the last iterations it would take too many more.
bool is_slow(const std::vector<double>& residuals, double wanted);

/// Why a path ended.
enum class PathEnd
{
  past_peak,    ///< the load has fallen as far as asked
  displacement, ///< the largest displacement was reached
  no_balance,   ///< no equilibrium was found beyond: the body gives way at once
  steps         ///< as many steps as allowed were made
};
std::string to_string(PathEnd end);

/// A path that was followed.
struct PathRecord
{
  std::vector<PathStep> steps; ///< the first is the end of the elastic part
  std::size_t peak = 0;        ///< the step with the largest load
  PathEnd end = PathEnd::past_peak;
  /// The load fell behind the peak: what stands at `peak` is the largest load.
  bool peak_reached = false;
  double seconds = 0;
};

/// A path on its way: what has been found and how far the next step goes.
struct PathProgress
{
  PathControl control;
  double work_per_mm = 1; ///< that the load at factor 1 does on a unit of displacement, N
  PathRecord record = {};
  double growth = 0;           ///< of the next step, as a share of the drive so far
  double linear_when_new = 10; ///< iterations a Newton step when the preconditioner was new

  const PathStep& last() const { return record.steps.back(); }
  double peak() const { return record.steps[record.peak].factor; }
  /// Adds an equilibrium: its work, the peak, a line of the log.
  void add(PathStep step);
  /// Looks for the peak anew and takes up the length of steps, after `record.steps` were given.
  void find_peak();
  /// Whether the path is at its end; `record.end` tells why.
  bool ended();
  /// The load falls so fast behind its peak that the step is to be made again, smaller: the peak
  /// itself may lie within it.
  bool falls_fast(const PathStep& step) const;
  /// The length after which the load will have fallen by as much as one step may, by the parabola
  /// through the last three equilibria; no more than `stride`, nor less than an eighth of it.
  /// Behind the peak a long step costs many more iterations than two short ones, or is not found at
  /// all.
  double short_of_fall(double stride) const;
  /// The length of the next step. True when the preconditioner is to be made anew.
  bool adapt();
};

} // namespace calcar::model
