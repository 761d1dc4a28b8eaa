#include "pipeline/follow_up_words.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace calcar::pipeline
{
namespace
{
using lesion::Course;
using lesion::Treatment;

std::string percent(double share)
{
  return format_number(100 * share, 3) + " %";
}

std::string density_words(const GainScale& scale, double HU)
{
  return format_number(HU, 3) + " HU (" + format_number(HU * scale.g_cm3_per_HU, 3) + " g/cm3)";
}

void add_density_words(const Course& course, const GainScale& scale,
                       std::vector<std::string>& effects)
{
  const Treatment& t = course.treatment;
  if (t.recovery)
    effects.push_back("better bound: a lytic lesion gains nothing before " +
                      format_number(t.recovery->early_months, 2) + " months, then up to " +
                      density_words(scale, t.recovery->cap_HU) + " as woven bone");
  if (t.loss)
  {
    const double share = course.loss_percent ? *course.loss_percent / 100 : t.loss->share;
    effects.push_back("worse bound: a lytic lesion loses " + percent(share) +
                      " of the mineral in it within " + format_number(t.loss->over_months, 2) +
                      " months, for good");
  }
  if (t.loss && !t.recovery)
    effects.push_back("better bound: density unchanged");
  if (t.bone_loss)
    effects.push_back("the whole bone loses " +
                      format_number(course.rate_percent_per_year.value_or(
                                        t.bone_loss->rate_percent_per_year.value_or(0)),
                                    3) +
                      " % of its density a year" +
                      (course.rate_percent_per_year ? " (stated by the case)" : ""));
  if (t.bone_agent)
    effects.push_back(t.record.note);
  else if (t.leaves_density())
    effects.push_back("no mechanical data, density unchanged");
}

std::vector<std::string> effects_of(const Course& course, const GainScale& scale)
{
  std::vector<std::string> effects;
  add_density_words(course, scale, effects);
  if (course.treatment.stops_growth)
    effects.push_back(course.treatment.growth_note);
  return effects;
}

std::vector<report::FollowUpLine> told_of(const Treatment& treatment, const std::string& bone)
{
  std::vector<report::FollowUpLine> lines;
  for (const lesion::ToldLine& line : treatment.told)
    if (line.bone.empty() || line.bone == bone)
      lines.push_back({line.text, line.source, material::doubt(line.status)});
  return lines;
}

bool any_recovers(const FollowUpInput& input)
{
  return std::any_of(input.courses.begin(), input.courses.end(),
                     [](const Course& c) { return c.treatment.recovery.has_value(); });
}

std::string growth_words(const lesion::Lesion& lesion, double rate)
{
  const lesion::GrowthRates& known = lesion::growth_rates();
  return "lesion \"" + lesion.name + "\" grows by " + format_number(rate, 3) +
         " mm a month all around (a scenario of the case; " + known.record.source + "; " +
         material::doubt(known.record.status) + ")";
}
} // namespace

std::vector<report::FollowUpTreatment> treatment_results(const FollowUpInput& input,
                                                         const PatientSetting& setting,
                                                         const GainScale& scale,
                                                         const std::string& scan_date)
{
  std::vector<report::FollowUpTreatment> results;
  for (const Course& course : input.courses)
  {
    report::FollowUpTreatment result;
    result.name = course.treatment.record.name;
    result.words = course.treatment.record.words;
    result.start_months = course.start_months;
    result.start_date = report::date_after(scan_date, course.start_months);
    result.lesions = course.lesions;
    if (!course.treatment.on_whole_bone && result.lesions.empty())
      for (const lesion::PlacedLesion& placed : setting.lesions)
        result.lesions.push_back(placed.lesion.name);
    result.effects = effects_of(course, scale);
    result.source = course.treatment.record.source;
    result.note = course.treatment.record.note;
    result.doubts = lesion::doubts_of(course.treatment);
    result.told = told_of(course.treatment, anatomy::to_string(setting.inputs.bone.kind));
    results.push_back(std::move(result));
  }
  return results;
}

std::vector<std::string> assumptions(const FollowUpInput& input, const PatientSetting& setting,
                                     const GainScale& scale, const std::vector<double>& rates)
{
  std::vector<std::string> words = {
      "loads, activity and shape of the bone are those of the scan at every date; fracture by the "
      "linear criterion of the protocol; straight lines between the dates"};
  for (std::size_t n = 0; n < setting.lesions.size(); ++n)
    words.push_back(rates[n] > 0 ? growth_words(setting.lesions[n].lesion, rates[n])
                                 : "lesion \"" + setting.lesions[n].lesion.name +
                                       "\" does not grow: the case states no growth");
  if (std::any_of(setting.lesions.begin(), setting.lesions.end(),
                  [](const auto& placed) { return placed.lesion.both_ways; }))
    words.push_back("lesions that the CT cannot see are replaced in the worse bound and as dense "
                    "as the CT shows in the better one");
  if (any_recovers(input))
    words.push_back("bone that forms in a hole bears load and is not itself judged: it cannot make "
                    "the bone weaker than the hole");
  if (any_recovers(input))
    words.push_back("HU become density by " + format_number(scale.g_cm3_per_HU, 3) +
                    " g/cm3 per HU: " + scale.words +
                    (scale.doubt.empty() ? "" : " (" + scale.doubt + ")"));
  return words;
}

Warnings follow_up_warnings(const FollowUpInput& input, const PatientSetting& setting,
                            const std::vector<double>& rates)
{
  Warnings warnings;
  for (const std::string& words : lesion::interactions(input.courses))
    warnings.push_back({"treatments_meet", words, "[[treatment]]"});
  const bool has_figures =
      std::any_of(input.courses.begin(), input.courses.end(),
                  [](const Course& c) { return c.treatment.recovery || c.treatment.loss; });
  for (std::size_t n = 0; n < setting.lesions.size(); ++n)
  {
    const lesion::Lesion& lesion = setting.lesions[n].lesion;
    if (rates[n] > lesion::growth_rates().usual_mm_per_month)
      warnings.push_back({"growth_unusual",
                          "lesion \"" + lesion.name + "\" grows by " + format_number(rates[n], 3) +
                              " mm a month; up to " +
                              format_number(lesion::growth_rates().usual_mm_per_month) +
                              " are in use as a scenario",
                          lesion.place});
    if (has_figures && lesion.tissue.kind != lesion::Kind::lytic)
      warnings.push_back({"no_response_data",
                          "lesion \"" + lesion.name + "\" is " + lesion.kind +
                              ": gain and loss after treatment were measured in lytic lesions; its "
                              "density stays as it is in both bounds",
                          lesion.place});
  }
  if (any_recovers(input) && setting.inputs.bone.kind != anatomy::BoneKind::vertebra)
    warnings.push_back({"response_from_spine",
                        "the gain of density after radiotherapy was measured in vertebrae; here it "
                        "is taken over for another bone",
                        "[[treatment]]"});
  for (const Course& course : input.courses)
    for (const report::FollowUpLine& line :
         told_of(course.treatment, anatomy::to_string(setting.inputs.bone.kind)))
      warnings.push_back({"treatment_told",
                          course.treatment.record.words + ": " + line.text + " (" + line.source +
                              (line.doubt.empty() ? "" : "; " + line.doubt) + ")",
                          course.place});
  return warnings;
}

} // namespace calcar::pipeline
