#pragma once

#include "risk/fixation.hpp"

#include <string>
#include <vector>

namespace calcar::risk
{

/// What the ranking looks at, from 0 (nothing) to 1.
struct Preferences
{
  double strength = 1;     ///< least load factor over states and daily activities
  double lasting = 0.5;    ///< fatigue of the implant
  double bone_kept = 0.25; ///< little stress shielding
  double small = 0.25;     ///< little hardware and reaming: volume of bone taken away
};

/// An option as the comparison sees it: the worst of its verdicts.
struct OptionSummary
{
  std::string option; ///< name; "no fixation" for the bone alone
  bool placed = true;
  std::string refusal;          ///< why it could not be placed
  double least_load_factor = 0; ///< over the daily activities and the states that are judged
  std::string limited_by;       ///< "screw pull-out of screw 4, segment gone, stair climbing"
  double fatigue_safety = 0;    ///< least over daily activities and states; infinite without metal
  double shielding = 0;         ///< largest share lost, over regions, as_is
  double removed_mm3 = 0;       ///< bone taken away
  bool holds = false;           ///< load factor of at least `enough` in all states
  bool inadequate = false;      ///< told so by the placement ("ends_at_lesion")
  std::vector<std::string> because; ///< in words
};

/// The order of the options.
struct Comparison
{
  std::vector<OptionSummary> options; ///< best first; those not placed last
  std::vector<std::string>
      dominated;     ///< "X: Y is at least as good in everything and better in ..."
  double enough = 1; ///< load factor that counts as holding
  Preferences preferences;
  std::vector<std::string> words; ///< what a reader should take home, without advice to operate
};

/// Ranks: those that hold before those that do not, inadequate ones after; then by the weighted
/// mean of preferences over marks scaled to 0..1 among the options compared.
Comparison compare(std::vector<OptionSummary> options, const Preferences& preferences,
                   double enough);

} // namespace calcar::risk
