#include "image/uptake.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "image/compressed.hpp"
#include "image/dicom.hpp"
#include "image/dicom_object.hpp"
#include "image/intensity.hpp"
#include "image/read.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>

namespace calcar::image
{
namespace
{
// What can be, by the project's own choice: beyond it the unit is wrong.
constexpr double least_dose_bq = 1e6, most_dose_bq = 1e11; ///< 370 MBq is usual
constexpr double least_weight_kg = 2, most_weight_kg = 400;
constexpr double most_decay_s = 86400;
constexpr double most_suv = 500; ///< bladder and injection site reach some 100

/// Seconds since a fixed day, of "20261102" and "101530.5"; nothing when they are not date and
/// time.
std::optional<double> moment(const std::string& date, const std::string& time)
{
  const auto digits = [](const std::string& text, std::size_t first, std::size_t count)
  {
    int value = 0;
    for (std::size_t i = first; i < first + count; ++i)
    {
      if (i >= text.size() || text[i] < '0' || text[i] > '9')
        return -1;
      value = 10 * value + (text[i] - '0');
    }
    return value;
  };
  const int y = digits(date, 0, 4), m = digits(date, 4, 2), d = digits(date, 6, 2);
  const int hour = digits(time, 0, 2), minute = digits(time, 2, 2), second = digits(time, 4, 2);
  if (y < 0 || m < 0 || d < 0 || hour < 0 || minute < 0 || second < 0)
    return std::nullopt;
  const std::chrono::year_month_day day{std::chrono::year(y),
                                        std::chrono::month(static_cast<unsigned>(m)),
                                        std::chrono::day(static_cast<unsigned>(d))};
  if (!day.ok() || hour > 23 || minute > 59 || second > 60)
    return std::nullopt;
  const double days = static_cast<double>(std::chrono::sys_days(day).time_since_epoch().count());
  return days * 86400 + hour * 3600 + minute * 60 + second;
}

[[noreturn]] void refuse(const std::string& place, const std::string& given,
                         const std::string& allowed, const std::string& remedy)
{
  throw InputError(Fault::data, {place, given, allowed, remedy, ""});
}

constexpr const char* convert_first =
    "convert the series to SUVbw with the software of the scanner, or to NIfTI declared as unit = "
    "\"SUVbw\"";

/// The one value that all slices share.
std::string shared(const std::vector<DicomTags>& slices, const std::string& keyword,
                   const std::string& place)
{
  const std::string first = slices.front().text(keyword);
  for (const DicomTags& slice : slices)
    if (slice.text(keyword) != first)
      refuse(place,
             "the slices differ in " + keyword + " (\"" + first + "\" and \"" +
                 slice.text(keyword) + "\")",
             "one value", convert_first);
  return first;
}

double number(DcmItem& item, const DcmTagKey& tag, const char* name, double least, double most,
              const std::string& place)
{
  const std::vector<double> numbers = numbers_of(item, tag);
  if (numbers.size() != 1)
    refuse(place, std::string("the PET series says no ") + name, "", convert_first);
  if (!(numbers[0] >= least && numbers[0] <= most))
    refuse(place, std::string(name) + " is " + format_number(numbers[0]),
           format_number(least) + " to " + format_number(most), convert_first);
  return numbers[0];
}

/// The time to which the voxels are corrected for decay: the start of the scan.
double scan_start(DcmItem& head, const std::vector<DicomTags>& slices, const std::string& place)
{
  std::optional<double> first;
  for (const DicomTags& s : slices)
  {
    const std::string date = s.text("AcquisitionDate");
    const auto at = moment(date.empty() ? s.text("SeriesDate") : date, s.text("AcquisitionTime"));
    if (at && (!first || *at < *first))
      first = at;
  }
  const auto series = moment(slices.front().text("SeriesDate"), slices.front().text("SeriesTime"));
  if (series && first && *series <= *first)
    return *series;
  if (text_of(head, DcmTagKey(0x0009, 0x0010)) == "GEMS_PETD_01")
  {
    const std::string ge = text_of(head, DcmTagKey(0x0009, 0x100d));
    if (const auto at = ge.size() >= 14 ? moment(ge.substr(0, 8), ge.substr(8)) : std::nullopt)
      return *at;
  }
  refuse(place,
         series && first ? "the series was made after the scan, so that the time it is "
                           "corrected to for decay is unknown"
                         : "the PET series says no valid series and acquisition times",
         "SeriesTime not after AcquisitionTime", convert_first);
}

/// From administration to the start of the scan, s.
double decay_time(DcmItem& drug, double scan, const std::string& series_date,
                  const std::string& place, Warnings& warnings)
{
  const std::string full = text_of(drug, DCM_RadiopharmaceuticalStartDateTime);
  auto start = full.size() >= 14 ? moment(full.substr(0, 8), full.substr(8)) : std::nullopt;
  if (!start)
  {
    start = moment(series_date, text_of(drug, DCM_RadiopharmaceuticalStartTime));
    if (start && *start > scan)
    {
      *start -= 86400;
      warnings.push_back({"dose_before_midnight",
                          "the dose was given later in the day than the scan began: taken as the "
                          "day before",
                          place});
    }
  }
  if (!start)
    refuse(place, "the PET series says no time of administration", "", convert_first);
  const double time = scan - *start;
  if (!(time >= 0 && time <= most_decay_s))
    refuse(place, "the scan begins " + format_number(time / 3600, 3) + " hours after the dose",
           "0 to 24 hours", convert_first);
  return time;
}

/// Bq/ml to SUVbw, from what the series says.
double factor_from_series(const std::vector<DicomTags>& slices, const std::string& place,
                          Uptake& uptake)
{
  const std::string corrected = slices.front().text("CorrectedImage");
  const std::string decay = shared(slices, "DecayCorrection", place);
  if (corrected.find("ATTN") == std::string::npos)
    refuse(place,
           "the PET series is not corrected for attenuation (CorrectedImage \"" + corrected + "\")",
           "ATTN and DECY", "give the corrected series");
  if (decay != "START" && decay != "ADMIN")
    refuse(place, "the PET series is corrected for decay to \"" + decay + "\"", "START, ADMIN",
           convert_first);
  DicomObject object(slices.front().file);
  DcmItem& head = object.data_set();
  DcmItem* drug = first_item(head, DCM_RadiopharmaceuticalInformationSequence);
  if (!drug)
    refuse(place, "the PET series says nothing about the radiopharmaceutical", "", convert_first);
  PetDose dose;
  dose.weight_kg = number(head, DCM_PatientWeight, "PatientWeight in kg", least_weight_kg,
                          most_weight_kg, place);
  dose.dose_bq = number(*drug, DCM_RadionuclideTotalDose, "RadionuclideTotalDose in Bq",
                        least_dose_bq, most_dose_bq, place);
  dose.half_life_s =
      number(*drug, DCM_RadionuclideHalfLife, "RadionuclideHalfLife in s", 60, 1e9, place);
  if (decay == "START")
    dose.decay_time_s = decay_time(*drug, scan_start(head, slices, place),
                                   slices.front().text("SeriesDate"), place, uptake.warnings);
  uptake.words = "Bq/ml times " + format_number(suv_factor(dose), 6) + " (" +
                 format_number(dose.weight_kg) + " kg, " + format_number(dose.dose_bq / 1e6) +
                 " MBq, " + format_number(dose.decay_time_s / 60, 3) + " min before the scan)";
  return suv_factor(dose);
}

double factor_of(const std::vector<DicomTags>& slices, const std::string& place, Uptake& uptake)
{
  const std::string units = shared(slices, "Units", place);
  const std::string type = shared(slices, "SUVType", place);
  if (units == "BQML")
    return factor_from_series(slices, place, uptake);
  if (units == "GML" && (type.empty() || type == "BW"))
  {
    uptake.words = "SUVbw as the series says (GML)";
    return 1;
  }
  if (units == "GML")
    refuse(place, "the PET series is in SUV of type \"" + type + "\"", "BW (body weight)",
           convert_first);
  refuse(place, "the PET series is in \"" + units + "\"",
         "BQML with weight, dose and times, or GML (SUVbw)", convert_first);
}

void require_suv(const Volume& volume)
{
  const Spread s = spread_of(volume);
  if (s.low < -1 || s.high > most_suv || s.most <= 0)
    refuse(volume.source.path,
           "no SUV has such values: " + format_number(s.low) + " to " + format_number(s.high),
           "0 to about 100", "is the image in Bq/ml or counts? Convert it to SUVbw first");
}

bool is_series(const std::filesystem::path& file)
{
  return std::filesystem::is_directory(file) ||
         (std::filesystem::is_regular_file(file) && looks_like_dicom(first_bytes(file, 132)));
}
} // namespace

double suv_factor(const PetDose& dose)
{
  return dose.weight_kg * 1000 / (dose.dose_bq * std::exp2(-dose.decay_time_s / dose.half_life_s));
}

Uptake read_uptake(const std::filesystem::path& file,
                   const std::optional<std::string>& declared_unit)
{
  const std::string place = file.string();
  if (declared_unit && *declared_unit != "SUVbw")
    refuse(place, "the uptake image is declared in \"" + *declared_unit + "\"", "SUVbw",
           "convert it to SUV by body weight first");
  Uptake uptake;
  if (is_series(file))
  {
    DicomSeries series = read_dicom(file, "PT");
    const double factor = factor_of(series.slices, place, uptake);
    append(uptake.warnings, series.raw.warnings);
    uptake.acquisition = series.acquisition;
    uptake.values = to_volume(open_raw(std::move(series.raw)), place);
    uptake.values.source = {place, series.sha256};
    for (float& v : uptake.values.values)
      v = static_cast<float>(factor * static_cast<double>(v));
  }
  else
  {
    if (!declared_unit)
      refuse(place, "the image does not say the unit of its uptake", "unit = \"SUVbw\"",
             "write it when that is what the image holds, or give the DICOM series");
    Loaded<float> loaded = read_volume(file);
    uptake.values = std::move(loaded.image);
    uptake.warnings = std::move(loaded.warnings);
    uptake.words = "SUVbw as the case says";
  }
  require_suv(uptake.values);
  return uptake;
}

} // namespace calcar::image
