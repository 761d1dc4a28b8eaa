#pragma once

#include "anatomy/region.hpp"

#include <optional>
#include <string>
#include <vector>

namespace calcar::report
{

/// Strength of the bone over that of the other side, for one activity.
struct SideRatio
{
  std::string activity;
  double utilisation = 0;            ///< of the other side
  std::optional<double> as_is, twin; ///< strength over the other side's, by the linear criterion
  std::optional<double> path;        ///< ultimate load of the path as is over the other side's
  std::string words;                 ///< of `as_is`
};

/// The same bone of the other side: [contralateral].
struct ContralateralResults
{
  std::string side;
  double mirror_rms_mm = 0;     ///< distance of the surfaces where they lie on each other
  double mirror_matched = 0;    ///< share of the surface that does
  double bone_mm3 = 0;          ///< of the mask
  std::size_t filled = 0;       ///< voxels of lesions that were filled for the twin
  std::size_t filled_alike = 0; ///< of them with the other side's density behind them
  std::string grade;
  std::string doubt; ///< about the difference by nature; empty when it is confirmed
  std::vector<std::string> suspicions; ///< where it may have a lesion itself, in words
  std::vector<SideRatio> ratios;
};

/// A region that may be a lesion.
struct CandidateResults
{
  int label = 0; ///< in candidates.nii.gz
  std::string kind;
  double volume_mm3 = 0;
  double share_of_bone = 0;
  double difference_g_cm3 = 0;
  anatomy::Location centre;
  std::string words;
};

struct CandidatesResults
{
  std::string against; ///< "contralateral" or "template"
  std::string trust;   ///< how far they can be trusted, in words
  std::vector<CandidateResults> found;
};

/// A mean density then and now, g/cm^3.
struct DensityChange
{
  double then = 0;
  double now = 0;
  double change() const { return now - then; }
};

/// A lesion between two scans.
struct LesionChange
{
  std::string name;
  DensityChange density;
  double against_control = 0;  ///< change less that of the bone outside the lesions, g/cm^3
  std::optional<double> noise; ///< of patches of its size elsewhere, and of resampling, g/cm^3
  bool beyond_noise = false;
  double volume_now_mm3 = 0;
  std::optional<double> volume_then_mm3;
  std::optional<double> growth_mm_per_month; ///< of the radius of the ball of its volume
  std::optional<double> growth_uncertainty;  ///< mm per month
  std::string words;
};

/// What changed since an earlier scan: [earlier_scan].
struct EarlierResults
{
  std::string date, date_now;
  double months = 0;
  double turn_deg = 0, shift_mm = 0; ///< of the bone between the scans
  double correlation = 0;            ///< of both densities, outside the lesions
  double overlap = 0;                ///< Dice's coefficient of the two masks
  double inside = 0;                 ///< share of the bone that the earlier scan shows
  std::size_t starts = 0, agreeing = 0;
  DensityChange control; ///< bone outside the lesions
  bool control_differs = false;
  std::string control_words;
  std::vector<LesionChange> lesions;
  std::vector<std::string> where; ///< regions of most change, in words, largest first
};

/// What other scans of the bone told.
struct OtherScansResults
{
  std::optional<ContralateralResults> contralateral;
  std::optional<CandidatesResults> candidates;
  std::optional<EarlierResults> earlier;
};

} // namespace calcar::report
