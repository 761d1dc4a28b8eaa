#include "image/patient_check.hpp"

#include "base/files.hpp"
#include "base/table.hpp"
#include "base/text.hpp"
#include "image/phantomless.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace calcar::image
{
namespace
{
struct Expected
{
  double hounsfield = 0, tolerance = 0; ///< HU
  double density_tolerance = 0;         ///< g/cm3
};

struct Rules
{
  std::map<std::string, Expected> tissue;
  double other_phantom = 1;
  double kvp_tolerance = 0, kvp_relative = 0;
  double contrast_least = 0, contrast_most = 0; ///< HU
  Source file;
};

Rules read_rules()
{
  const Table table =
      Table::read(data_file("materials/calibrations", "patient_check", "calibration", ""));
  table.known({"name", "words", "source", "status", "note"});
  Rules rules;
  for (const char* name : {"air", "fat", "muscle"})
  {
    const Table tissue = table.table(name);
    rules.tissue[name] = {tissue.number("HU"), tissue.number("HU_tolerance"),
                          tissue.number("mg_cm3_tolerance") / 1000};
  }
  const Table phantom = table.table("other_phantom");
  rules.other_phantom = phantom.number("tolerance_factor");
  const Table kvp = table.table("other_kvp");
  rules.kvp_tolerance = kvp.number("tolerance_kV");
  rules.kvp_relative = kvp.number("relative_deviation");
  const Table contrast = table.table("contrast");
  const std::vector<double> rise = contrast.numbers("HU_rise");
  contrast.require(rise.size() == 2, "HU_rise", "two numbers");
  rules.contrast_least = rise.empty() ? 0 : rise.front();
  rules.contrast_most = rise.empty() ? 0 : rise.back();
  for (const Table* part : {&phantom, &kvp, &contrast})
    part->known({"status", "source"});
  table.check(Fault::data);
  rules.file = table.source();
  return rules;
}

/// The span of a tissue's density over all references, g/cm3.
std::array<double, 2> reference_span(const std::string& tissue)
{
  std::array<double, 2> span = {1e9, -1e9};
  for (const std::string& name : tissue_reference_names())
  {
    const double rho = tissue_reference(name, "").g_cm3.at(tissue);
    span = {std::min(span[0], rho), std::max(span[1], rho)};
  }
  return span;
}

void doubt(const std::string& text, const std::string& place, CalibrationResult& result)
{
  result.patient_doubts.push_back(text);
  result.warnings.push_back({"patient_check", text, place});
}

void check_hounsfield(const std::string& name, const TissueSample& seen, const Expected& expected,
                      const std::string& place, CalibrationResult& result)
{
  if (std::abs(seen.hounsfield - expected.hounsfield) > expected.tolerance)
    doubt("the patient's " + name + " reads " + format_number(std::round(seen.hounsfield)) +
              " HU instead of " + format_number(expected.hounsfield) + " within " +
              format_number(expected.tolerance),
          place, result);
}

void check_density(const std::string& name, const TissueSample& seen, double tolerance,
                   const std::string& place, CalibrationResult& result)
{
  const double rho = result.curve().at(seen.hounsfield);
  const std::array<double, 2> span = reference_span(name);
  if (rho < span[0] - tolerance || rho > span[1] + tolerance)
    doubt("by this calibration the patient's " + name + " has " +
              format_number(std::round(1000 * rho)) + " mg/cm3 instead of " +
              format_number(1000 * span[0]) + " to " + format_number(1000 * span[1]) + " within " +
              format_number(1000 * tolerance),
          place, result);
}
} // namespace

void check_patient(const TissuePeaks& peaks, const std::string& place, CalibrationResult& result)
{
  const Rules rules = read_rules();
  result.sources.push_back(rules.file);
  const bool by_tissues =
      !result.reference.empty(); // its densities are the tissues' by construction
  const double factor = result.phantom == PhantomKind::cha ? 1 : rules.other_phantom;
  for (const auto& [name, seen] : peaks.found)
  {
    const Expected& expected = rules.tissue.at(name);
    check_hounsfield(name, seen, expected, place, result);
    if (!by_tissues)
      check_density(name, seen, factor * expected.density_tolerance, place, result);
  }
  if (!by_tissues)
    result.tissues = peaks.found;
  std::string missing;
  for (const auto& [name, reason] : peaks.missing)
    missing += (missing.empty() ? "" : "; ") + name + ": " + reason;
  if (!missing.empty())
    result.warnings.push_back(
        {"patient_check_incomplete",
         "the patient's own tissues could not all be compared (" + missing + ")", place});
}

void widen_for_acquisition(const Acquisition& acquisition, std::optional<double> calibration_kvp,
                           CalibrationResult& result)
{
  const Rules rules = read_rules();
  const auto widen = [&result](const char* code, const Widening& widening)
  {
    result.widenings.push_back(widening);
    result.warnings.push_back({code, widening.words, "[calibration]"});
  };
  if (acquisition.kvp && calibration_kvp &&
      std::abs(*acquisition.kvp - *calibration_kvp) > rules.kvp_tolerance)
    widen("other_kvp", {"scanned at " + format_number(*acquisition.kvp) + " kV, calibrated at " +
                            format_number(*calibration_kvp) + " kV: density is uncertain by " +
                            format_number(100 * rules.kvp_relative) + " %",
                        rules.kvp_relative, 0});
  if (acquisition.contrast_agent)
  {
    const double rise =
        rules.contrast_most * (result.name == "density" ? 1e-3 : slope_in_bone(result));
    widen("contrast_agent",
          {"a contrast agent was given: bone reads " + format_number(rules.contrast_least) +
               " to " + format_number(rules.contrast_most) + " HU more, density is uncertain by " +
               format_number(1000 * rise, 2) + " mg/cm3",
           0, rise});
  }
}

} // namespace calcar::image
