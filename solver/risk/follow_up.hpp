#pragma once

#include "load/activity.hpp"
#include "load/load_case.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace calcar::risk
{

/// What a bone bears at a date.
struct FollowUpPoint
{
  double months = 0; ///< after the scan
  double utilisation = 0;
  std::optional<double> fracture_load; ///< of the reference load, in its unit; none where unloaded
  std::string where;                   ///< the weakest place in words
};

/// When utilisation first reaches a threshold.
struct Crossing
{
  bool at_scan = false;         ///< it is there already
  std::optional<double> months; ///< after the scan; none: not by the last date
};

/// The first crossing, on straight lines between the dates, which ascend from the scan at 0.
Crossing first_crossing(const std::vector<FollowUpPoint>& points, double threshold);

/// Puts months after the scan into words: "2.1 months (2026-12-01)".
using InWords = std::function<std::string(double months)>;

/// "already at the scan", "at 2.1 months (2026-12-01)", "not within 6 months".
std::string crossing_words(const Crossing& crossing, double last_months, const InWords& in_words);

/// An activity over the months, at both ends of what may come.
struct FollowUpActivity
{
  std::string activity;
  std::string title;
  load::ActivityKind kind = load::ActivityKind::daily;
  load::ReferenceLoad reference;
  std::string load_doubt; ///< "" or why the load is unconfirmed
  std::vector<FollowUpPoint> worse;
  std::vector<FollowUpPoint> better;
  Crossing worse_crosses;
  Crossing better_crosses;
};

/// Which bound advice may count on.
struct Credit
{
  bool is_promised = false; ///< some treatment promises recovery or protection
  double from_months = 0;   ///< before this the worse bound alone counts
};

/**
 * Advice on the daily activities (accidents never decide it): which reaches the threshold first by
 * the worse bound, and when. That date holds whatever the better bound says: before
 * `credit.from_months` no recovery is credited at all, and later only a new scan can show it.
 */
std::vector<std::string> follow_up_advice(const std::vector<FollowUpActivity>& activities,
                                          double threshold, const Credit& credit,
                                          const InWords& in_words);

} // namespace calcar::risk
