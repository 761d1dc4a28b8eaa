#pragma once

#include "base/error.hpp"
#include "base/text.hpp"
#include "model/load_path.hpp"

#include <mpi.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace calcar::model
{

/**
 * Follows the path of a body that yields, of whatever elements it is made. The body is driven by
 * one number and has
 *
 *   move(to)                   seeks the equilibrium at the drive `to` from the last one: found,
 *                              newton, linear, residual
 *   accept(), go_back()        takes the trial as the last equilibrium; goes back to that
 *   renew()                    makes the preconditioner anew
 *   drive()                    of the last equilibrium
 *   to_first_yield()           the drive at which the first point yields, 0 for never
 *   by_forces()                false: prescribed displacements drive
 *   factor(), work_displacement(), yielded_mm3(), softened_mm3()   of the trial.
 *
 * All of it collective. `taken(step)` is called after each equilibrium that is taken.
 */
template <typename Body, typename Taken>
class PathFollowing
{
public:
  PathFollowing(Body& body, PathProgress& progress, Taken taken)
      : body_(body), progress_(progress), taken_(std::move(taken))
  {
    if (!(progress_.growth > 0))
      progress_.growth = progress_.control.growth;
  }

  /// The step in which the first point yields. Throws SolveError when nothing can yield, or when
  /// not even this equilibrium is found.
  void begin()
  {
    const double first = body_.to_first_yield();
    if (!(first > 0))
      throw SolveError("nothing of the body can yield, so that no load breaks it; give its "
                       "material a law that yields");
    const auto report = body_.move(first);
    if (!report.found)
      throw SolveError("no equilibrium where the first point yields (residual " +
                       format_number(report.residual, 2) +
                       "); allow a larger residual, or look at the supports");
    take(measured(report));
  }

  /// To the peak and past it: steps grow while equilibria are found and are halved where they are
  /// not, or where the load falls fast behind its peak.
  void finish()
  {
    constexpr double fallen = 0.99;
    while (!progress_.ended() && go_on())
      if (progress_.adapt())
        body_.renew();
    if (progress_.record.end == PathEnd::no_balance)
      body_.go_back();
    progress_.record.peak_reached = progress_.last().factor < fallen * progress_.peak();
  }

private:
  template <typename Report>
  PathStep measured(const Report& report)
  {
    PathStep step;
    step.factor = body_.factor();
    step.displacement = body_.work_displacement() / progress_.work_per_mm;
    step.yielded_mm3 = body_.yielded_mm3();
    step.softened_mm3 = body_.softened_mm3();
    step.newton = report.newton;
    step.linear = report.linear;
    step.residual = report.residual;
    return step;
  }

  void take(PathStep step)
  {
    body_.accept();
    step.drive = body_.drive();
    step.growth = progress_.growth;
    progress_.add(step);
    taken_(progress_.last());
  }

  /// One step on; false when none can be made.
  bool go_on()
  {
    int newton = 0, linear = 0; // iterations of attempts that were given up
    while (progress_.growth >= progress_.control.smallest_step)
    {
      double stride = progress_.short_of_fall(progress_.growth * body_.drive());
      if (!body_.by_forces()) // ends on the last displacement exactly
        stride = std::min(stride, progress_.control.most_displacement - body_.drive());
      auto report = body_.move(body_.drive() + stride);
      report.newton += newton;
      report.linear += linear;
      if (report.found)
      {
        const PathStep step = measured(report);
        if (!progress_.falls_fast(step))
        {
          take(step);
          return true;
        }
      }
      newton = report.newton;
      linear = report.linear;
      progress_.growth /= 2;
      body_.go_back();
      body_.renew();
    }
    progress_.record.end = PathEnd::no_balance;
    return false;
  }

  Body& body_;
  PathProgress& progress_;
  Taken taken_;
};

/**
 * Puts a load on a body and follows it. `start(path, progress)` makes the first equilibrium, or
 * goes to where an earlier path stood. Load (`forces`, `size`) and options (a PathControl with
 * `equilibrium`) are read on rank 0; `on_step(step, body)` is called on every rank where it is
 * given. Result is a PathRecord with the body's fields `at_end`. Collective.
 */
template <typename Result, typename Body, typename Load, typename Options, typename OnStep,
          typename Start>
Result follow_path(Body& body, const Load& load, Options options, const OnStep& on_step,
                   const Start& start)
{
  const auto since = std::chrono::steady_clock::now();
  double size = load.size;
  MPI_Bcast(&options, sizeof options, MPI_BYTE, 0, body.comm());
  MPI_Bcast(&size, 1, MPI_DOUBLE, 0, body.comm());
  body.load(load.forces, options.equilibrium);
  PathProgress progress;
  progress.control = options;
  progress.work_per_mm = body.by_forces() ? size : 1;
  PathFollowing path(body, progress,
                     [&](const PathStep& step)
                     {
                       if (on_step)
                         on_step(step, body);
                     });
  start(path, progress);
  path.finish();
  Result result;
  static_cast<PathRecord&>(result) = std::move(progress.record);
  result.at_end = body.fields();
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - since).count();
  return result;
}

} // namespace calcar::model
