#pragma once

#include "risk/follow_up.hpp"

#include <optional>
#include <string>
#include <vector>

namespace calcar::report
{

/// A lesion at a date, in one bound.
struct FollowUpLesionState
{
  double months = 0;
  double grown_mm = 0;       ///< of the outline, outwards
  double volume_mm3 = 0;     ///< in the body that was solved
  double gain_HU = 0;        ///< inside it
  double ash_gain_g_cm3 = 0; ///< what that is
  double lost_share = 0;     ///< of its mineral
};

struct FollowUpLesion
{
  std::string name;
  std::string kind;
  bool in_ct = false;
  double mm_per_month = 0;
  std::vector<FollowUpLesionState> worse, better;
};

/// A sentence with its standing.
struct FollowUpLine
{
  std::string text;
  std::string source;
  std::string doubt; ///< "" or "unconfirmed: ..."
};

struct FollowUpTreatment
{
  std::string name;
  std::string words;
  double start_months = 0;
  std::string start_date;           ///< empty: the scan's date is not known
  std::vector<std::string> lesions; ///< empty: the whole bone
  std::vector<std::string> effects; ///< what it does in the two bounds
  std::string source;
  std::string note;
  std::vector<std::string> doubts;
  std::vector<FollowUpLine> told;
};

/// The bone over the months after the scan.
struct FollowUpResults
{
  double threshold = 1;           ///< of utilisation
  std::string criterion;          ///< the protocol's headline
  std::vector<double> months;     ///< the scan (0) and the dates
  std::vector<std::string> dates; ///< of them; empty when the scan's date is not known
  risk::Credit credit;
  std::optional<double> g_cm3_per_HU; ///< where a gain in HU was turned into density
  std::vector<double> whole_bone_left_worse, whole_bone_left_better; ///< share, of each date
  std::vector<FollowUpLesion> lesions;
  std::vector<FollowUpTreatment> treatments;
  std::vector<risk::FollowUpActivity> activities;
  std::vector<std::string> assumptions;
  std::vector<std::string> advice;
  int solves = 0;
  double seconds = 0;
};

/// "scan", "2 wk", "3 mo": a date as a heading.
std::string date_heading(double months);

/// Months after the scan in words: "2.1 months", with the date where the scan's is known.
std::string months_in_words(const FollowUpResults& results, double months);

/// The date so many months (of 30.4375 days) after one in ISO form; empty for an empty one.
std::string date_after(const std::string& iso_date, double months);

} // namespace calcar::report
