#include "image/phantomless.hpp"

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/text.hpp"
#include "image/line_fit.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::image
{
namespace
{
constexpr const char* folder = "materials/calibrations/references";
const std::vector<std::string> tissues = {"air", "fat", "muscle"};

/// "air: only 0 cm3 ...": all that is missing, with a remedy.
[[noreturn]] void refuse_missing(const TissuePeaks& peaks, const std::string& place)
{
  std::vector<std::string> words;
  for (const auto& [tissue, reason] : peaks.missing)
    words.push_back(tissue + " (" + reason + ")");
  const bool air = peaks.missing.contains("air");
  throw InputError(
      Fault::data,
      {place, "the image does not show " + join(words, " nor "), "peaks of air, fat and muscle",
       air ? "give the whole scan with air around the patient, not masked or cut to the body, or "
             "name = \"linear\" with a slope and intercept measured on this scanner"
           : "give a scan with more soft tissue around the bone, or name = \"linear\" with a slope "
             "and intercept measured on this scanner",
       ""});
}

std::vector<double> densities(const TissueReference& reference)
{
  std::vector<double> result;
  for (const std::string& tissue : tissues)
    result.push_back(reference.g_cm3.at(tissue));
  return result;
}

DensityCurve line(const std::vector<double>& hounsfield, const std::vector<double>& density)
{
  const LineFit fit = fit_line(hounsfield, density);
  return {fit.intercept, fit.slope, 0};
}

} // namespace

std::vector<std::string> tissue_reference_names()
{
  return data_names(folder);
}

TissueReference tissue_reference(const std::string& name, const std::string& place)
{
  const Table table =
      Table::read(data_file(folder, name, "reference of air, fat and muscle", place));
  TissueReference reference;
  reference.name = table.text("name");
  reference.words = table.text("words");
  reference.phantom =
      table.choice("phantom", {"K2HPO4", "CHA"}) == "CHA" ? PhantomKind::cha : PhantomKind::k2hpo4;
  for (const std::string& tissue : tissues)
    reference.g_cm3[tissue] = table.number(tissue + "_mg_cm3") / 1000;
  const std::string status = table.text("status");
  if (status != "verified")
    reference.doubt = "unconfirmed (" + status + "): " + table.text("note");
  table.known({"source", "note", "phantom_status"});
  table.check(Fault::data);
  reference.file = table.source();
  return reference;
}

const std::vector<double>& told_densities()
{
  static const std::vector<double> densities = {0.1, 0.3, 1.0};
  return densities;
}

std::vector<double>
propagated_variance(const std::vector<double>& hounsfield, const std::vector<double>& deviation,
                    const std::function<DensityCurve(const std::vector<double>&)>& fit,
                    const std::vector<double>& values)
{
  std::vector<double> variance(values.size() + 2);
  for (std::size_t i = 0; i < hounsfield.size(); ++i)
  {
    std::vector<double> up = hounsfield, down = hounsfield;
    up[i] += deviation[i];
    down[i] -= deviation[i];
    const DensityCurve a = fit(up), b = fit(down);
    for (std::size_t v = 0; v < values.size(); ++v)
      variance[v] += std::pow(0.5 * (a.at(values[v]) - b.at(values[v])), 2);
    variance[values.size()] += std::pow(0.5 * (a.intercept - b.intercept), 2);
    variance[values.size() + 1] += std::pow(0.5 * (a.slope - b.slope), 2);
  }
  return variance;
}

void calibrate_by_air_fat_muscle(const TissueReference& reference, const TissuePeaks& peaks,
                                 const std::string& place, CalibrationResult& result)
{
  if (!peaks.missing.empty())
    refuse_missing(peaks, place);
  std::vector<double> hounsfield, deviation;
  for (const std::string& tissue : tissues)
  {
    hounsfield.push_back(peaks.found.at(tissue).hounsfield);
    deviation.push_back(peaks.found.at(tissue).deviation);
  }
  const std::vector<double> density = densities(reference);
  const LineFit fit = fit_line(hounsfield, density);
  result.phantom = reference.phantom;
  result.reference = reference.name;
  result.doubt = reference.doubt;
  result.tissues = peaks.found;
  result.slope = fit.slope;
  result.intercept = fit.intercept;
  result.residual_g_cm3 = fit.residual;
  result.r_squared = fit.r_squared;
  append(result.warnings, peaks.warnings);
  result.sources.push_back(reference.file);

  std::vector<double> told;
  for (const double rho : told_densities())
    told.push_back(result.curve().value_of(rho));
  const std::vector<double> variance = propagated_variance(
      hounsfield, deviation, [&](const auto& h) { return line(h, density); }, told);
  const auto total = [&](double from_peaks, double h)
  { return std::sqrt(from_peaks + line_variance(fit, hounsfield, h)); };
  for (std::size_t t = 0; t < told.size(); ++t)
    result.uncertainty.push_back({told_densities()[t], total(variance[t], told[t]), {}});
  result.intercept_deviation = total(variance[told.size()], 0);
  result.slope_deviation = std::sqrt(variance[told.size() + 1] + slope_variance(fit, hounsfield));

  for (const std::string& name : tissue_reference_names())
  {
    if (name == reference.name)
      continue;
    const TissueReference other = tissue_reference(name, place);
    result.alternatives.push_back({name, other.words, line(hounsfield, densities(other))});
    result.sources.push_back(other.file);
    for (std::size_t t = 0; t < told.size(); ++t)
      result.uncertainty[t].other_reference[name] =
          result.alternatives.back().curve.at(told[t]) - told_densities()[t];
  }
}

} // namespace calcar::image
