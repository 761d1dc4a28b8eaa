#include "voxel/load_path.hpp"

#include "base/error.hpp"
#include "base/log.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <chrono>

namespace calcar::voxel
{
namespace
{
/// The V-cycle is made anew after so many steps, or when the linear iterations have grown by half.
constexpr std::size_t steps_to_renewal = 5;
/// A step whose load falls too fast is halved down to this share of the largest step.
constexpr double finest_fall = 1.0 / 64;

/// A path on its way.
struct Following
{
  YieldingBody& body;
  PathOptions options;
  double size; ///< of the load, N
  const OnStep& on_step;
  PathResult result = {};
  double growth = 0;
  double linear_when_new = 10; ///< iterations a Newton step when the V-cycle was new

  const PathStep& last() const { return result.steps.back(); }
  double peak() const { return result.steps[result.peak].factor; }

  PathStep measured(const EquilibriumReport& report)
  {
    PathStep step;
    step.factor = body.factor();
    step.displacement = body.work_displacement() / (body.by_forces() ? size : 1);
    step.yielded_mm3 = body.yielded_mm3();
    step.softened_mm3 = body.softened_mm3();
    step.newton = report.newton;
    step.linear = report.linear;
    step.residual = report.residual;
    return step;
  }

  void take(PathStep step)
  {
    body.accept();
    step.drive = body.drive();
    const double force = body.by_forces() ? size : 1; // work of a unit of displacement at factor 1
    const PathStep before = result.steps.empty() ? PathStep{} : last();
    step.work = before.work + 0.5 * (before.factor + step.factor) *
                                  (step.displacement - before.displacement) * force;
    result.steps.push_back(step);
    if (step.factor > peak())
      result.peak = result.steps.size() - 1;
    log_info("step " + std::to_string(result.steps.size()) + ": load factor " +
             format_number(step.factor, 5) + " at " + format_number(step.displacement, 4) +
             " mm; " + format_number(step.yielded_mm3, 3) + " mm3 yielded, " +
             format_number(step.softened_mm3, 3) + " mm3 softened; " + std::to_string(step.newton) +
             " iterations, " + std::to_string(step.linear) + " linear");
    if (on_step)
      on_step(step, body);
  }

  bool ended()
  {
    if (last().factor < options.end_at * peak())
      result.end = PathEnd::past_peak;
    else if (last().displacement >= options.most_displacement * (1 - 1e-12))
      result.end = PathEnd::displacement;
    else if (static_cast<int>(result.steps.size()) >= options.most_steps)
      result.end = PathEnd::steps;
    else
      return false;
    return true;
  }

  /// The load falls so fast behind its peak that the step is to be made again, smaller.
  bool falls_fast(const PathStep& step) const
  {
    constexpr double at_peak = 0.98;
    return last().factor - step.factor > options.most_fall * peak() &&
           last().factor > at_peak * peak() && growth > options.growth * finest_fall;
  }

  /// One step on; false when none can be made.
  bool go_on()
  {
    while (growth >= options.smallest_step)
    {
      double stride = growth * body.drive();
      if (!body.by_forces()) // ends on the last displacement exactly
        stride = std::min(stride, options.most_displacement - body.drive());
      const EquilibriumReport report = body.move(body.drive() + stride);
      if (report.found)
      {
        const PathStep step = measured(report);
        if (!falls_fast(step))
        {
          take(step);
          return true;
        }
      }
      growth /= 2;
      body.go_back();
      body.renew();
    }
    result.end = PathEnd::no_balance;
    return false;
  }

  void adapt()
  {
    // By no count of iterations: rounding, and so the number of ranks, must not choose the steps.
    growth = std::min(1.5 * growth, options.growth);
    const PathStep& step = last();
    const double linear = static_cast<double>(step.linear) / std::max(step.newton, 1);
    if (linear > 1.5 * linear_when_new || result.steps.size() % steps_to_renewal == 0)
    {
      body.renew();
      linear_when_new = std::max(linear, 10.0);
    }
  }

  PathResult finish()
  {
    constexpr double fallen = 0.99;
    while (!ended() && go_on())
      adapt();
    if (result.end == PathEnd::no_balance)
      body.go_back();
    result.peak_reached = last().factor < fallen * peak();
    result.at_end = body.fields();
    return std::move(result);
  }
};

PathResult timed(Following& following, std::chrono::steady_clock::time_point start)
{
  PathResult result = following.finish();
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return result;
}

Following following_of(YieldingBody& body, const PathLoad& load, const PathOptions& options,
                       const OnStep& on_step)
{
  Following following{body, options, load.size, on_step};
  MPI_Bcast(&following.options, sizeof following.options, MPI_BYTE, 0, body.comm());
  MPI_Bcast(&following.size, 1, MPI_DOUBLE, 0, body.comm());
  following.growth = following.options.growth;
  body.load(load.forces, following.options.equilibrium);
  return following;
}
} // namespace

std::string to_string(PathEnd end)
{
  switch (end)
  {
  case PathEnd::past_peak:
    return "the load has fallen past its peak";
  case PathEnd::displacement:
    return "the largest displacement was reached";
  case PathEnd::no_balance:
    return "no equilibrium was found beyond";
  case PathEnd::steps:
    return "as many steps as allowed were made";
  }
  return "";
}

PathResult follow(YieldingBody& body, const PathLoad& load, const PathOptions& options,
                  const OnStep& on_step)
{
  const auto start = std::chrono::steady_clock::now();
  Following following = following_of(body, load, options, on_step);
  const double first = body.to_first_yield();
  if (!(first > 0))
    throw SolveError("nothing of the body can yield, so that no load breaks it; give its material "
                     "a law that yields");
  const EquilibriumReport report = body.move(first);
  if (!report.found)
    throw SolveError("no equilibrium where the first point yields (residual " +
                     format_number(report.residual, 2) +
                     "); allow a larger residual, or look at the supports");
  following.take(following.measured(report));
  return timed(following, start);
}

PathResult resume(YieldingBody& body, const PathLoad& load, const PathOptions& options,
                  const Standing& at, std::vector<PathStep> steps, const OnStep& on_step)
{
  const auto start = std::chrono::steady_clock::now();
  Following following = following_of(body, load, options, on_step);
  body.stand(at);
  following.result.steps = std::move(steps);
  for (std::size_t n = 0; n < following.result.steps.size(); ++n)
    if (following.result.steps[n].factor > following.peak())
      following.result.peak = n;
  return timed(following, start);
}

} // namespace calcar::voxel
