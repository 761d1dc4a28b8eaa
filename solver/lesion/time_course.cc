#include "lesion/time_course.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::lesion
{
namespace
{
/// A bone agent that begins later than this after a course is not the one with which its gain was
/// measured: that was at 3 months.
constexpr double agent_within_months = 3;

/// The earliest bone agent's start; none without one.
std::optional<double> agent_start(const std::vector<Course>& courses)
{
  std::optional<double> first;
  for (const Course& course : courses)
    if (course.treatment.bone_agent)
      first = std::min(first.value_or(course.start_months), course.start_months);
  return first;
}

/// True when a bone agent raises the gain of a course that began at this date.
bool has_raising_agent(const std::vector<Course>& courses, double start_months)
{
  return std::any_of(courses.begin(), courses.end(),
                     [&](const Course& c) {
                       return c.treatment.raises_recovery &&
                              c.start_months <= start_months + agent_within_months;
                     });
}

double growing_months(const std::string& lesion, const std::vector<Course>& courses, Bound bound,
                      double months)
{
  if (bound == Bound::worse)
    return months;
  for (const Course& course : courses)
    if (course.treatment.stops_growth && course.acts_on(lesion))
      months = std::min(months, std::max(course.start_months, 0.0));
  return months;
}

/// A quantity that runs from the start of a course, less what it was at the scan.
template <typename Of>
double since_scan(const Course& course, double months, const Of& of)
{
  return of(months - course.start_months) - of(-course.start_months);
}

double gain_of(const Course& course, const std::vector<Course>& courses, double months)
{
  const bool agent = has_raising_agent(courses, course.start_months);
  return since_scan(course, months,
                    [&](double t) { return gained_HU(*course.treatment.recovery, t, agent); });
}

/// Of the mineral that the scan shows; nothing more where all was lost before it.
double loss_of(const Course& course, double months)
{
  MineralLoss loss = *course.treatment.loss;
  loss.share = course.loss_percent ? *course.loss_percent / 100 : loss.share;
  const double before = lost_share(loss, -course.start_months);
  return before >= 1 ? 0
                     : since_scan(course, months, [&](double t) { return lost_share(loss, t); }) /
                           (1 - before);
}

bool promises_gain(const Course& course)
{
  return course.treatment.recovery || course.treatment.stops_growth || course.treatment.bone_agent;
}

std::string named(const Course& course)
{
  return course.treatment.record.words;
}

void add_meetings(const Course& a, const Course& b, std::vector<std::string>& words)
{
  const Treatment& first = a.treatment;
  const Treatment& second = b.treatment;
  if (first.recovery && second.recovery)
    words.push_back(named(a) + " and " + named(b) +
                    ": gains of several courses are not published and are not added up; the "
                    "larger one counts");
  else if (!first.on_whole_bone && !second.on_whole_bone)
    words.push_back(named(a) + " and " + named(b) +
                    ": no data on the two together; each counts by itself, losses and gains are "
                    "not added up");
  if (first.bone_loss && second.bone_loss)
    words.push_back(named(a) + " and " + named(b) +
                    ": both take bone; the rates are taken one on top of the other, though the "
                    "causes may overlap");
}
} // namespace

bool Course::acts_on(const std::string& lesion) const
{
  return lesions.empty() || std::find(lesions.begin(), lesions.end(), lesion) != lesions.end();
}

double gained_HU(const Recovery& recovery, double months, bool bone_agent)
{
  const double factor = bone_agent ? recovery.with_bone_agent : recovery.without_bone_agent;
  const auto curve = [&](double t)
  {
    return std::min(factor * recovery.gain_HU * (1 - std::exp(-t / recovery.tau_months)),
                    recovery.cap_HU);
  };
  if (months <= recovery.early_months)
    return 0;
  if (months >= recovery.first_measured_months)
    return curve(months);
  const double way =
      (months - recovery.early_months) / (recovery.first_measured_months - recovery.early_months);
  return way * curve(recovery.first_measured_months);
}

double lost_share(const MineralLoss& loss, double months)
{
  return loss.share * std::clamp(months / loss.over_months, 0.0, 1.0);
}

double bone_left(double rate_percent_per_year, double months)
{
  return std::pow(1 - rate_percent_per_year / 100, std::max(months, 0.0) / 12);
}

LesionCourse lesion_at(const std::string& lesion, Kind kind, double mm_per_month,
                       const std::vector<Course>& courses, Bound bound, double months)
{
  LesionCourse at;
  at.grown_mm = mm_per_month * growing_months(lesion, courses, bound, months);
  if (kind != Kind::lytic)
    return at;
  for (const Course& course : courses)
  {
    if (!course.acts_on(lesion))
      continue;
    if (bound == Bound::better && course.treatment.recovery)
      at.gain_HU = std::max(at.gain_HU, gain_of(course, courses, months));
    if (bound == Bound::worse && course.treatment.loss)
      at.lost_share = std::max(at.lost_share, loss_of(course, months));
  }
  return at;
}

Remodelling remodelling_of(const LesionCourse& course, double ash_gain_g_cm3)
{
  static const LesionTissue woven =
      read_lesion_tissue(Table::parse("", "woven bone"), Kind::blastic, "");
  return {course.lost_share, ash_gain_g_cm3, woven.youngs_factor, woven.strength_factor};
}

double whole_bone_left(const std::vector<Course>& courses, Bound bound, double months)
{
  const std::optional<double> agent = agent_start(courses);
  if (bound == Bound::better && agent)
    months = std::min(months, std::max(*agent, 0.0));
  double left = 1;
  for (const Course& course : courses)
    if (const auto& loss = course.treatment.bone_loss)
    {
      const double rate =
          course.rate_percent_per_year.value_or(loss->rate_percent_per_year.value_or(0));
      left *= bone_left(rate, months - std::max(course.start_months, 0.0));
    }
  return left;
}

std::optional<double> credit_from_months(const std::vector<Course>& courses)
{
  std::optional<double> last;
  for (const Course& course : courses)
    if (promises_gain(course))
      last = std::max(last.value_or(course.start_months), course.start_months);
  return last ? std::optional(std::max(0.0, *last + no_credit_months)) : std::nullopt;
}

std::vector<std::string> interactions(const std::vector<Course>& courses)
{
  std::vector<std::string> words;
  for (std::size_t a = 0; a < courses.size(); ++a)
    for (std::size_t b = a + 1; b < courses.size(); ++b)
      add_meetings(courses[a], courses[b], words);
  const bool agent = agent_start(courses).has_value();
  const bool takes_bone = std::any_of(courses.begin(), courses.end(),
                                      [](const Course& c) { return c.treatment.bone_loss; });
  if (agent && takes_bone)
    words.push_back("a bone agent beside a treatment that takes bone: how much it keeps is not at "
                    "hand; the worse bound loses all of the rate, the better one nothing from "
                    "where the agent begins");
  const bool raised = std::any_of(courses.begin(), courses.end(),
                                  [](const Course& c) { return c.treatment.raises_recovery; });
  for (const Course& course : courses)
    if (const auto& recovery = course.treatment.recovery; recovery && !raised)
      words.push_back(named(course) + " without a bisphosphonate: the better bound gains " +
                      format_number(recovery->without_bone_agent, 3) +
                      " of the published mean, with one it would gain " +
                      format_number(recovery->with_bone_agent, 4) + " of it (" +
                      recovery->standing.source + ")");
  return words;
}

} // namespace calcar::lesion
