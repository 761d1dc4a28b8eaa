#include "model/load_path.hpp"

#include "base/log.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::model
{
namespace
{
/// The preconditioner is made anew after so many steps, or when the linear iterations have grown by
/// half.
constexpr std::size_t steps_to_renewal = 5;
/// A step whose load falls too fast is halved down to this share of the largest step.
constexpr double finest_fall = 1.0 / 64;
} // namespace

bool is_slow(const std::vector<double>& residuals, double wanted)
{
  constexpr std::size_t looked_at = 4, beginning = 2;
  constexpr double most_to_go = 8;
  if (residuals.size() <= beginning + looked_at)
    return false;
  const double now = residuals.back();
  const double rate = std::log(now / residuals[residuals.size() - 1 - looked_at]) / looked_at;
  return !(rate < 0) || std::log(wanted / now) / rate > most_to_go;
}

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

void PathProgress::add(PathStep step)
{
  const PathStep before = record.steps.empty() ? PathStep{} : last();
  step.work = before.work + 0.5 * (before.factor + step.factor) *
                                (step.displacement - before.displacement) * work_per_mm;
  record.steps.push_back(step);
  if (step.factor > peak())
    record.peak = record.steps.size() - 1;
  log_info("step " + std::to_string(record.steps.size()) + ": load factor " +
           format_number(step.factor, 5) + " at " + format_number(step.displacement, 4) + " mm; " +
           format_number(step.yielded_mm3, 3) + " mm3 yielded, " +
           format_number(step.softened_mm3, 3) + " mm3 softened; " + std::to_string(step.newton) +
           " iterations, " + std::to_string(step.linear) + " linear");
}

void PathProgress::find_peak()
{
  for (std::size_t n = 0; n < record.steps.size(); ++n)
    if (record.steps[n].factor > peak())
      record.peak = n;
  if (last().growth > 0)
  {
    growth = last().growth;
    adapt();
  }
}

bool PathProgress::ended()
{
  if (last().factor < control.end_at * peak())
    record.end = PathEnd::past_peak;
  else if (last().displacement >= control.most_displacement * (1 - 1e-12))
    record.end = PathEnd::displacement;
  else if (static_cast<int>(record.steps.size()) >= control.most_steps)
    record.end = PathEnd::steps;
  else
    return false;
  return true;
}

bool PathProgress::falls_fast(const PathStep& step) const
{
  return record.peak + 1 == record.steps.size() &&
         last().factor - step.factor > control.most_fall * peak() &&
         growth > control.growth * finest_fall;
}

double PathProgress::short_of_fall(double stride) const
{
  constexpr double least_share = 0.125;
  const std::vector<PathStep>& steps = record.steps;
  if (steps.size() < 3)
    return stride;
  const PathStep &a = steps[steps.size() - 3], &b = steps[steps.size() - 2], &c = last();
  const double slope_ab = (b.factor - a.factor) / (b.drive - a.drive);
  const double slope_bc = (c.factor - b.factor) / (c.drive - b.drive);
  const double bend = (slope_bc - slope_ab) / (c.drive - a.drive);
  const double slope = slope_bc + bend * (c.drive - b.drive);
  // The first length at which -length (slope + bend length) = most.
  const double most = control.most_fall * peak();
  const double root = slope * slope - 4 * bend * most;
  const double length = root < 0 ? 0 : 2 * most / (-slope + std::sqrt(root));
  return length > 0 ? std::clamp(length, least_share * stride, stride) : stride;
}

bool PathProgress::adapt()
{
  // By no count of iterations: rounding, and so the number of ranks, must not choose the steps.
  growth = std::min(1.5 * growth, control.growth);
  const double linear = static_cast<double>(last().linear) / std::max(last().newton, 1);
  const bool anew = linear > 1.5 * linear_when_new || record.steps.size() % steps_to_renewal == 0;
  if (anew)
    linear_when_new = std::max(linear, 10.0);
  return anew;
}

} // namespace calcar::model
