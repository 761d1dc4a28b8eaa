#pragma once

#include "risk/fixation.hpp"

#include <optional>
#include <string>

/// Single numbers out of the verdict on an option in a state under an activity.
namespace calcar::report
{

/// The mode with the largest utilisation; null when there is none.
const risk::ModeUtilisation* largest_mode(const risk::FixationVerdict& verdict);

/// The largest utilisation of all modes; 0 when there is none.
double utilisation_of(const risk::FixationVerdict& verdict);

/// The mode with the largest utilisation that one load can cause: not fatigue. Null when there is
/// none.
const risk::ModeUtilisation* first_failure(const risk::FixationVerdict& verdict);

/// Least fatigue safety of metal and cement, and of what; nothing where none was loaded in cycles.
struct FatigueSafety
{
  double safety = 0; ///< 1 / fatigue utilisation
  std::string where; ///< component
};
std::optional<FatigueSafety> fatigue_safety_of(const risk::FixationVerdict& verdict);

/// Largest utilisation of screws by pull-out, and of cement by stress and by fatigue; nothing
/// without any.
std::optional<double> pull_out_of(const risk::FixationVerdict& verdict);
std::optional<double> cement_of(const risk::FixationVerdict& verdict);
std::optional<double> cement_fatigue_of(const risk::FixationVerdict& verdict);

/// Largest share of strain energy that a region has lost; nothing without regions.
std::optional<double> most_shielded(const risk::FixationVerdict& verdict);

/// A load factor to two places, cut off and not rounded so that none below 1 reads 1: "0.99";
/// "no load" for an infinite one.
std::string factor_words(double factor);

/// "the screw pulls out of the bone: screw 4"; empty without a mode.
std::string limit_words(const risk::FixationVerdict& verdict);

} // namespace calcar::report
