#pragma once

#include "lesion/lesion_tissue.hpp"
#include "lesion/treatment.hpp"

#include <optional>
#include <string>
#include <vector>

namespace calcar::lesion
{

/// A treatment of this patient.
struct Course
{
  Treatment treatment;
  double start_months = 0;                     ///< from the scan; negative: before it
  std::vector<std::string> lesions;            ///< empty: all
  std::optional<double> rate_percent_per_year; ///< of bone lost, in the place of the file's
  std::optional<double> loss_percent;          ///< of the lesion's mineral, likewise
  std::string place;

  bool acts_on(const std::string& lesion) const;
};

/// No recovery is credited in the advice earlier than this after a treatment begins.
constexpr double no_credit_months = 3;

/**
 * HU gained so many months after a treatment began:
 *
 *   0 up to the early phase, from the first measured point on
 *   factor gain (1 - exp(-t / tau)), at most the cap,
 *
 * and a straight line between the two. `bone_agent`: the patient has one that raises the gain.
 */
double gained_HU(const Recovery& recovery, double months, bool bone_agent);

/// Share of its mineral that a lesion has lost: evenly over the months of the loss, 0 before.
double lost_share(const MineralLoss& loss, double months);

/// Share of the bone's density left so many months after a loss of a steady rate began: (1 - rate /
/// 100)^(months / 12), 1 before.
double bone_left(double rate_percent_per_year, double months);

/// A lesion at a date, against what the scan shows.
struct LesionCourse
{
  double grown_mm = 0;   ///< of its outline, outwards
  double gain_HU = 0;    ///< inside it
  double lost_share = 0; ///< of the mineral inside it
};

/**
 * A lesion `months` after the scan. It grows by `mm_per_month`: in the worse bound all the time, in
 * the better one until a treatment that may stop it begins. Gain and loss are those of lytic
 * lesions; of several treatments the largest counts (sums are not published), and what had happened
 * before the scan is in the scan.
 */
LesionCourse lesion_at(const std::string& lesion, Kind kind, double mm_per_month,
                       const std::vector<Course>& courses, Bound bound, double months);

/// What that makes of the tissue, where the gain comes to this much ash density; new bone is woven,
/// with the factors of materials/lesions/blastic.toml.
Remodelling remodelling_of(const LesionCourse& course, double ash_gain_g_cm3);

/// Share of the whole bone's density left `months` after the scan. With a bone agent nothing is
/// lost in the better bound from where the agent begins.
double whole_bone_left(const std::vector<Course>& courses, Bound bound, double months);

/// The date from which recovery or protection may be credited in the advice: 3 months after the
/// last course that promises some began; none when no course does.
std::optional<double> credit_from_months(const std::vector<Course>& courses);

/// Words about courses that meet on one lesion or bone, and of figures that are not there; one
/// sentence each.
std::vector<std::string> interactions(const std::vector<Course>& courses);

} // namespace calcar::lesion
