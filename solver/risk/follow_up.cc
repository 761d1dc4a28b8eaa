#include "risk/follow_up.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace calcar::risk
{
namespace
{
double months_of(const Crossing& crossing)
{
  return crossing.at_scan ? 0 : crossing.months.value_or(std::numeric_limits<double>::infinity());
}

double most(const FollowUpActivity& activity)
{
  double largest = 0;
  for (const FollowUpPoint& point : activity.worse)
    largest = std::max(largest, point.utilisation);
  return largest;
}

/// The daily activity that is first at the threshold, else the one that comes nearest to it.
const FollowUpActivity* first_of(const std::vector<FollowUpActivity>& activities)
{
  const FollowUpActivity* first = nullptr;
  const auto before = [](const FollowUpActivity& a, const FollowUpActivity& b)
  {
    const double ma = months_of(a.worse_crosses), mb = months_of(b.worse_crosses);
    return ma != mb ? ma < mb : most(a) > most(b);
  };
  for (const FollowUpActivity& activity : activities)
    if (activity.kind == load::ActivityKind::daily && (!first || before(activity, *first)))
      first = &activity;
  return first;
}

std::string percent(double share)
{
  return std::to_string(std::lround(100 * share)) + " %";
}

std::string fate(const FollowUpActivity& activity, double threshold, const InWords& in_words)
{
  const double last = activity.worse.back().months;
  const std::string worse = crossing_words(activity.worse_crosses, last, in_words);
  const std::string better = crossing_words(activity.better_crosses, last, in_words);
  if (!activity.worse_crosses.months && !activity.better_crosses.months)
    return activity.title + " stays below " + percent(threshold) + " of the strength for " +
           format_number(last, 3) + " months, in both bounds";
  return activity.title + " reaches " + percent(threshold) + " of the strength " +
         (worse == better ? worse + " in both bounds"
                          : worse + " in the worse bound, " + better + " in the better bound");
}
} // namespace

Crossing first_crossing(const std::vector<FollowUpPoint>& points, double threshold)
{
  Crossing crossing;
  if (points.empty())
    return crossing;
  crossing.at_scan = points.front().utilisation >= threshold;
  if (crossing.at_scan)
    crossing.months = points.front().months;
  for (std::size_t n = 1; n < points.size() && !crossing.months; ++n)
  {
    const FollowUpPoint& a = points[n - 1];
    const FollowUpPoint& b = points[n];
    if (b.utilisation >= threshold)
      crossing.months = a.months + (b.months - a.months) * (threshold - a.utilisation) /
                                       (b.utilisation - a.utilisation);
  }
  return crossing;
}

std::string crossing_words(const Crossing& crossing, double last_months, const InWords& in_words)
{
  if (crossing.at_scan)
    return "already at the scan";
  return crossing.months ? "at " + in_words(*crossing.months)
                         : "not within " + format_number(last_months, 3) + " months";
}

std::vector<std::string> follow_up_advice(const std::vector<FollowUpActivity>& activities,
                                          double threshold, const Credit& credit,
                                          const InWords& in_words)
{
  const FollowUpActivity* first = first_of(activities);
  if (!first)
    return {"no daily activity was followed: nothing is advised; accidents do not decide"};
  std::vector<std::string> advice = {fate(*first, threshold, in_words)};
  const Crossing& worse = first->worse_crosses;
  if (worse.at_scan)
    advice.push_back("the bone is at the threshold now: nothing that comes with time may be "
                     "waited for");
  else if (worse.months)
    advice.push_back("decide and check before " + in_words(*worse.months) +
                     ": the date is that of the worse bound");
  if (credit.is_promised)
    advice.push_back("no recovery is credited before " + in_words(credit.from_months) +
                     ": until then the worse bound alone counts, and after it only a new scan can "
                     "show that the better one has come true");
  return advice;
}

} // namespace calcar::risk
