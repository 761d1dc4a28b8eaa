#include "report/follow_up.hpp"

#include "base/text.hpp"
#include "report/json_values.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>

namespace calcar::report
{
namespace
{
constexpr double days_per_month = 30.4375;

Json or_null(const std::string& words)
{
  return words.empty() ? Json(nullptr) : Json(words);
}

Json crossing_json(const risk::Crossing& crossing, const FollowUpResults& results)
{
  const double last = results.months.back();
  Json json = {{"at_scan", crossing.at_scan},
               {"months", number(crossing.months)},
               {"words", risk::crossing_words(crossing, last,
                                              [&](double months)
                                              { return months_in_words(results, months); })}};
  const std::string scan = results.dates.empty() ? "" : results.dates.front();
  json["date"] = crossing.months ? or_null(date_after(scan, *crossing.months)) : Json(nullptr);
  return json;
}

Json points_json(const std::vector<risk::FollowUpPoint>& points)
{
  Json json = Json::array();
  for (const risk::FollowUpPoint& point : points)
    json.push_back({{"months", number(point.months)},
                    {"utilisation", number(point.utilisation)},
                    {"fracture_load", number(point.fracture_load)},
                    {"where", or_null(point.where)}});
  return json;
}

Json activities_json(const FollowUpResults& results)
{
  Json json = Json::array();
  for (const risk::FollowUpActivity& a : results.activities)
    json.push_back({{"name", a.activity},
                    {"title", a.title},
                    {"kind", a.kind == load::ActivityKind::daily ? "daily" : "accident"},
                    {"reference_load",
                     {{"what", a.reference.what},
                      {"value", number(a.reference.value)},
                      {"unit", a.reference.unit}}},
                    {"load_unconfirmed", or_null(a.load_doubt)},
                    {"worse",
                     {{"points", points_json(a.worse)},
                      {"reaches_threshold", crossing_json(a.worse_crosses, results)}}},
                    {"better",
                     {{"points", points_json(a.better)},
                      {"reaches_threshold", crossing_json(a.better_crosses, results)}}}});
  return json;
}

Json states_json(const std::vector<FollowUpLesionState>& states)
{
  Json json = Json::array();
  for (const FollowUpLesionState& s : states)
    json.push_back({{"months", number(s.months)},
                    {"grown_mm", number(s.grown_mm)},
                    {"volume_mm3", number(s.volume_mm3)},
                    {"gain_HU", number(s.gain_HU)},
                    {"ash_gain_g_cm3", number(s.ash_gain_g_cm3)},
                    {"lost_share", number(s.lost_share)}});
  return json;
}

Json lesions_json(const FollowUpResults& results)
{
  Json json = Json::array();
  for (const FollowUpLesion& lesion : results.lesions)
    json.push_back({{"name", lesion.name},
                    {"kind", lesion.kind},
                    {"in_ct", lesion.in_ct},
                    {"growth_mm_per_month", number(lesion.mm_per_month)},
                    {"worse", states_json(lesion.worse)},
                    {"better", states_json(lesion.better)}});
  return json;
}

Json told_json(const std::vector<FollowUpLine>& lines)
{
  Json json = Json::array();
  for (const FollowUpLine& line : lines)
    json.push_back(
        {{"text", line.text}, {"source", line.source}, {"unconfirmed", or_null(line.doubt)}});
  return json;
}

Json treatments_json(const FollowUpResults& results)
{
  Json json = Json::array();
  for (const FollowUpTreatment& t : results.treatments)
    json.push_back({{"name", t.name},
                    {"words", t.words},
                    {"start_months", number(t.start_months)},
                    {"start_date", or_null(t.start_date)},
                    {"lesions", t.lesions},
                    {"effects", t.effects},
                    {"source", t.source},
                    {"note", t.note},
                    {"unconfirmed", t.doubts},
                    {"told", told_json(t.told)}});
  return json;
}

std::string percent(double share)
{
  return std::to_string(std::lround(100 * share)) + " %";
}

std::string padded(const std::string& text, std::size_t width)
{
  return text + std::string(width > text.size() ? width - text.size() : 1, ' ');
}

std::string row(const std::string& name, const std::vector<risk::FollowUpPoint>& points,
                const risk::Crossing& crossing, const FollowUpResults& results)
{
  std::string text = padded(name, 44);
  for (const risk::FollowUpPoint& point : points)
    text += padded(percent(point.utilisation), 9);
  return text +
         risk::crossing_words(crossing, results.months.back(),
                              [&](double months) { return months_in_words(results, months); }) +
         "\n";
}

/// The doubts without their sources, which results.json has.
std::vector<std::string> short_doubts(const FollowUpTreatment& treatment)
{
  std::vector<std::string> doubts;
  for (const std::string& doubt : treatment.doubts)
    doubts.push_back(doubt.substr(0, doubt.find(" (")));
  return doubts;
}

void add_rows(std::string& text, const risk::FollowUpActivity& activity, const std::string& bound,
              const std::vector<risk::FollowUpPoint>& points, const FollowUpResults& results)
{
  for (std::size_t n = 0; n < points.size(); ++n)
  {
    const risk::FollowUpPoint& p = points[n];
    text += join({activity.activity, bound, format_number(p.months, 6),
                  results.dates.empty() ? "" : results.dates[n], format_number(p.utilisation, 6),
                  p.fracture_load ? format_number(*p.fracture_load, 6) : "",
                  activity.reference.unit, format_number(results.threshold, 6)},
                 ",") +
            "\n";
  }
}
} // namespace

std::string date_after(const std::string& iso_date, double months)
{
  int year = 0;
  unsigned month = 0, day = 0;
  if (std::sscanf(iso_date.c_str(), "%d-%u-%u", &year, &month, &day) != 3)
    return "";
  const std::chrono::sys_days from =
      std::chrono::year(year) / std::chrono::month(month) / std::chrono::day(day);
  const std::chrono::year_month_day date(from +
                                         std::chrono::days(std::lround(months * days_per_month)));
  char text[32];
  std::snprintf(text, sizeof text, "%04d-%02u-%02u", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  return text;
}

std::string date_heading(double months)
{
  if (months == 0)
    return "scan";
  const double weeks = months * days_per_month / 7;
  return months < 2 ? format_number(std::round(10 * weeks) / 10, 2) + " wk"
                    : format_number(months, 3) + " mo";
}

std::string months_in_words(const FollowUpResults& results, double months)
{
  const std::string date = results.dates.empty() ? "" : date_after(results.dates.front(), months);
  return format_number(std::round(10 * months) / 10, 3) + " months" +
         (date.empty() ? "" : " (" + date + ")");
}

Json follow_up_json(const FollowUpResults& results)
{
  Json json = {
      {"failure_model", "linear"},
      {"criterion", results.criterion},
      {"threshold", number(results.threshold)},
      {"months", results.months},
      {"dates", results.dates},
      {"no_credit_before_months",
       results.credit.is_promised ? number(results.credit.from_months) : Json(nullptr)},
      {"g_cm3_per_HU", number(results.g_cm3_per_HU)},
      {"whole_bone_left",
       {{"worse", results.whole_bone_left_worse}, {"better", results.whole_bone_left_better}}},
      {"lesions", lesions_json(results)},
      {"treatments", treatments_json(results)},
      {"activities", activities_json(results)},
      {"assumptions", results.assumptions},
      {"advice", results.advice},
      {"solves", results.solves},
      {"seconds", number(results.seconds)}};
  return json;
}

std::string follow_up_table(const Results& all)
{
  if (!all.follow_up || all.follow_up->activities.empty())
    return "";
  const FollowUpResults& results = *all.follow_up;
  std::string text = padded("Over the months (scenarios, linear)", 44);
  for (const double months : results.months)
    text += padded(date_heading(months), 9);
  text += "reaches " + percent(results.threshold) + "\n";
  for (const risk::FollowUpActivity& a : results.activities)
  {
    text += "  " + a.title + (a.load_doubt.empty() ? "" : " *") + "\n";
    text += row("    worse bound", a.worse, a.worse_crosses, results);
    text += row("    better bound", a.better, a.better_crosses, results);
  }
  for (const std::string& line : results.advice)
    text += "  - " + line + "\n";
  for (const FollowUpTreatment& t : results.treatments)
    if (!t.doubts.empty())
      text += "  ! " + t.words + ": " + join(short_doubts(t), "; ") + "\n";
  return text + "\n";
}

std::string follow_up_csv(const FollowUpResults& results)
{
  std::string text = "activity,bound,months,date,utilisation,fracture_load,unit,threshold\n";
  for (const risk::FollowUpActivity& activity : results.activities)
  {
    add_rows(text, activity, "worse", activity.worse, results);
    add_rows(text, activity, "better", activity.better, results);
  }
  return text;
}

} // namespace calcar::report
