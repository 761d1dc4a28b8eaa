#include "pipeline/follow_up_input.hpp"

#include "base/text.hpp"
#include "image/acquisition.hpp"
#include "pipeline/case.hpp"
#include "pipeline/case_names.hpp"

#include <algorithm>

namespace calcar::pipeline
{
namespace
{
constexpr double days_per_month = 30.4375;
/// Nothing that is known of treatment or growth reaches farther.
constexpr double most_months = 24;
constexpr std::size_t most_dates = 12;

/// Complains of names at a key that are not among the known ones.
void require_known(const Table& table, const std::string& key, const std::string& what,
                   const std::vector<std::string>& given, const std::vector<std::string>& known)
{
  for (const std::string& name : given)
    if (std::find(known.begin(), known.end(), name) == known.end())
      table.complain(key, "unknown " + what + " \"" + name + "\"", join(known),
                     suggestion(name, known));
}

void read_dates(const Table& table, FollowUpInput& input)
{
  std::vector<double> months = table.numbers("at_months");
  for (const double weeks : table.numbers("at_weeks"))
    months.push_back(7 * weeks / days_per_month);
  if (!table.has("at_months") && !table.has("at_weeks"))
    return;
  const char* key = table.has("at_months") ? "at_months" : "at_weeks";
  const bool in_range =
      std::all_of(months.begin(), months.end(), [](double m) { return m > 0 && m <= most_months; });
  table.require(!months.empty() && in_range, key,
                "dates after the scan, up to " + format_number(most_months) + " months",
                "the scan itself is always there, as month 0");
  std::sort(months.begin(), months.end());
  months.erase(std::unique(months.begin(), months.end()), months.end());
  table.require(months.size() <= most_dates, key,
                "at most " + std::to_string(most_dates) + " dates", "each is solved twice");
  if (!months.empty())
    input.months = months;
}

void read_follow_up_table(const Table& table, const PatientCase& patient, FollowUpInput& input)
{
  input.place = table.place();
  read_dates(table, input);
  input.threshold = table.number("threshold", input.threshold);
  table.require(input.threshold > 0 && input.threshold <= 2, "threshold",
                "greater than 0 and at most 2 (of utilisation: load over strength)");
  input.activities = table.texts("activities");
  require_known(table, "activities", "activity", input.activities, names_of(patient.activities));
  input.g_cm3_per_HU = table.maybe_number("g_cm3_per_HU");
  table.require(!input.g_cm3_per_HU || (*input.g_cm3_per_HU >= 1e-4 && *input.g_cm3_per_HU <= 3e-3),
                "g_cm3_per_HU", "0.0001 to 0.003 g/cm3 of the phantom per HU");
}

/// Months from the scan to where a treatment begins.
double read_start(const Table& table, const PatientCase& patient, const FollowUpInput& input)
{
  const auto date = table.maybe_date("start_date");
  const auto months = table.maybe_number("start_months");
  if (date && months)
    table.complain("start_date", "both start_months and start_date are given",
                   "start_months = 0.5, or start_date = 2026-12-01", "give one of them");
  double start = months.value_or(0);
  if (date && !patient.scan_date)
    table.complain("start_date", "start_date without the date of the scan",
                   "[patient] scan_date = 2026-11-02, or start_months = 0.5",
                   "state the scan's date");
  else if (date)
    start = image::days_between(*patient.scan_date, *date).value_or(0) / days_per_month;
  table.require(start >= -most_months && start < input.months.back(),
                date ? "start_date" : "start_months",
                "from " + format_number(most_months) +
                    " months before the scan to the last date of the follow-up",
                "what begins later changes nothing here: leave it out, or add a later date to "
                "[follow_up] at_months");
  return start;
}

void read_rates(const Table& table, const PatientCase& patient, lesion::Course& course)
{
  const lesion::Treatment& treatment = course.treatment;
  const std::string name = "\"" + treatment.record.name + "\"";
  course.rate_percent_per_year = table.maybe_number("rate_percent_per_year");
  course.loss_percent = table.maybe_number("loss_percent");
  table.require(!course.rate_percent_per_year ||
                    (*course.rate_percent_per_year >= 0 && *course.rate_percent_per_year <= 30),
                "rate_percent_per_year", "0 to 30 % of the density a year");
  table.require(!course.loss_percent || (*course.loss_percent >= 0 && *course.loss_percent <= 100),
                "loss_percent", "0 to 100 % of the mineral in the lesion");
  if (course.loss_percent && !treatment.loss)
    table.complain("loss_percent", "loss_percent has no meaning for " + name, "",
                   "remove it: this treatment has no scenario of loss");
  if (!treatment.bone_loss)
  {
    if (course.rate_percent_per_year)
      table.complain("rate_percent_per_year", "rate_percent_per_year has no meaning for " + name,
                     "", "remove it: this treatment does not take bone");
    return;
  }
  if (!course.rate_percent_per_year && !treatment.bone_loss->rate_percent_per_year)
    table.complain("rate_percent_per_year",
                   name + " needs rate_percent_per_year: no rate is at hand that could be defended",
                   "0 to 30 % of the density a year", "state what holds for this patient");
  const double from = treatment.bone_loss->from_age_years;
  if (from > 0 && !(patient.age_years && *patient.age_years >= from))
    table.complain("name",
                   name + (patient.age_years ? " for a patient of " +
                                                   format_number(*patient.age_years, 3) + " years"
                                             : " without the patient's age"),
                   "[patient] age_years of " + format_number(from) + " or more",
                   patient.age_years ? "remove it: bone is not lost with age before"
                                     : "state [patient] age_years");
}

std::optional<lesion::Course> read_course(const Table& table, const PatientCase& patient,
                                          const FollowUpInput& input)
{
  const auto known = lesion::treatment_names();
  const std::string name = table.choice("name", known);
  if (std::find(known.begin(), known.end(), name) == known.end())
  {
    table.known({"start_months", "start_date", "lesions", "rate_percent_per_year", "loss_percent"});
    return std::nullopt;
  }
  lesion::Course course;
  course.place = table.place();
  course.treatment = lesion::treatment(name, table.place("name"));
  course.start_months = read_start(table, patient, input);
  course.lesions = table.texts("lesions");
  require_known(table, "lesions", "lesion", course.lesions, names_of(patient.lesions));
  if (course.treatment.on_whole_bone && table.has("lesions"))
    table.complain("lesions", "\"" + name + "\" acts on the whole bone", "no lesions",
                   "remove the key");
  if (!course.treatment.on_whole_bone && patient.lesions.empty())
    table.complain("name", "\"" + name + "\" acts in lesions, and the case has none", "",
                   "add a [[lesion]], or remove the treatment");
  read_rates(table, patient, course);
  return course;
}

void read_growths(const Table& document, const PatientCase& patient, FollowUpInput& input)
{
  const std::vector<Table> tables = document.tables("lesion");
  for (std::size_t n = 0; n < std::min(tables.size(), patient.lesions.size()); ++n)
    if (const auto table = tables[n].maybe_table("growth"))
    {
      const lesion::Lesion& lesion = patient.lesions[n];
      if (!lesion::can_grow(lesion))
        tables[n].complain("growth",
                           "lesion \"" + lesion.name + "\" is a " + lesion.shape +
                               ", which does not grow",
                           "", "remove growth, or describe the tumour as a lesion of its own");
      input.growth[lesion.name] = lesion::read_growth(*table);
    }
}
} // namespace

std::optional<FollowUpInput> read_follow_up(const Table& document, const PatientCase& patient)
{
  FollowUpInput input;
  const auto table = document.maybe_table("follow_up");
  if (table)
    read_follow_up_table(*table, patient, input);
  for (const Table& course : document.tables("treatment"))
    if (auto read = read_course(course, patient, input))
      input.courses.push_back(std::move(*read));
  read_growths(document, patient, input);
  const bool changes = !input.growth.empty() || !document.tables("treatment").empty();
  if (!table && !changes)
    return std::nullopt;
  if (!changes)
    document.complain("follow_up", "[follow_up], but nothing changes in time",
                      "growth = { radial_mm_per_month = 1 } in a [[lesion]], or a [[treatment]]",
                      "add one of them, or remove the table");
  if (patient.method == analysis::Method::mesh)
    document.complain(
        table ? "follow_up" : "method",
        "the months to come ([follow_up], [[treatment]] or growth) with method = "
        "\"mesh\"",
        "method = \"voxel\"",
        "bones in time are solved on voxels in this version; take out one of the two");
  return input;
}

} // namespace calcar::pipeline
