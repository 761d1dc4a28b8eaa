#include "image/internal_calibration.hpp"

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/text.hpp"
#include "image/intensity.hpp"
#include "image/label_input.hpp"
#include "image/line_fit.hpp"
#include "image/mask.hpp"
#include "image/phantomless.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::image
{
namespace
{
/// Rules of materials/calibrations/internal.toml.
struct Rules
{
  double step_kev = 0, least_area_mm2 = 0, water = 0, least_cortical = 0, most_blood = 0;
  double share = 0; ///< of a region's width, to which its mean is known
  std::string words;
  Source file;
};

Rules read_rules()
{
  const Table table =
      Table::read(data_file("materials/calibrations", "internal", "calibration", ""));
  table.known({"name", "phantom", "source", "status", "note", "rules_status"});
  Rules rules;
  rules.words = table.text("words");
  rules.step_kev = table.number("energy_step_keV");
  rules.least_area_mm2 = table.number("least_area_mm2");
  rules.water = table.number("water_g_cm3");
  rules.least_cortical = table.number("least_cortical_HU");
  rules.most_blood = table.number("most_blood_HU");
  rules.share = table.number("position_share_of_width");
  table.require(rules.step_kev > 0, "energy_step_keV", "a positive step");
  table.check(Fault::data);
  rules.file = table.source();
  return rules;
}

[[noreturn]] void refuse(const std::string& place, const std::string& given,
                         const std::string& allowed, const std::string& remedy)
{
  throw InputError(Fault::data, {place, given, allowed, remedy, ""});
}

/// The columns of the regression at one energy.
struct Columns
{
  std::vector<double> hounsfield;
  std::vector<std::string> tissue;

  std::vector<double> attenuation(const MassAttenuation& table, double kev) const
  {
    std::vector<double> values;
    for (const std::string& name : tissue)
      values.push_back(table.at(name, kev));
    return values;
  }
  double r_squared(const MassAttenuation& table, double kev) const
  {
    return fit_line(hounsfield, attenuation(table, kev)).r_squared;
  }
};

/// The largest R2 over the table: on the grid, then by golden section between its neighbours.
double best_energy(const Columns& columns, const MassAttenuation& table, double step,
                   const std::string& place)
{
  const int steps = static_cast<int>(std::lround((table.highest() - table.lowest()) / step));
  const auto energy = [&](int n) { return std::min(table.lowest() + n * step, table.highest()); };
  int best = 0;
  for (int n = 1; n <= steps; ++n)
    if (columns.r_squared(table, energy(n)) > columns.r_squared(table, energy(best)))
      best = n;
  if (best == 0 || best == steps)
    refuse(place,
           "the tissues fit best at the end of the table of mass attenuation (" +
               format_number(energy(best)) + " keV)",
           format_number(table.lowest()) + " to " + format_number(table.highest()) + " keV",
           "check that each region shows its tissue and the image is in HU; give cortical_bone "
           "where it is thick");
  double low = energy(best - 1), high = energy(best + 1);
  const double golden = 0.5 * (std::sqrt(5.0) - 1);
  while (high - low > 1e-4)
  {
    const double a = high - golden * (high - low), b = low + golden * (high - low);
    (columns.r_squared(table, a) < columns.r_squared(table, b) ? low : high) =
        columns.r_squared(table, a) < columns.r_squared(table, b) ? a : b;
  }
  return 0.5 * (low + high);
}

InternalFit fit(const Columns& columns, const MassAttenuation& table, const Rules& rules,
                const std::string& place)
{
  InternalFit result;
  result.energy_kev = best_energy(columns, table, rules.step_kev, place);
  const std::vector<double> m = columns.attenuation(table, result.energy_kev);
  const double water = table.at("water", result.energy_kev) * rules.water;
  std::vector<double> density;
  for (std::size_t i = 0; i < m.size(); ++i)
    density.push_back((columns.hounsfield[i] / 1000 + 1) * water / m[i]);
  result.attenuation = fit_line(columns.hounsfield, m);
  result.mass = fit_line(columns.hounsfield, density);
  result.triglyceride = table.at("triglyceride", result.energy_kev);
  result.k2hpo4 = table.at("K2HPO4", result.energy_kev);
  const double span = result.k2hpo4 - result.triglyceride;
  const double a = result.attenuation.slope / span;
  const double b = (result.attenuation.intercept - result.triglyceride) / span;
  const LineFit& mass = result.mass;
  result.curve = {mass.intercept * b, mass.intercept * a + mass.slope * b, mass.slope * a};
  return result;
}

Columns columns_of(const std::map<std::string, double>& hounsfield, const std::string& place)
{
  Columns columns;
  for (const auto& [name, hu] : hounsfield)
  {
    columns.tissue.push_back(name);
    columns.hounsfield.push_back(hu);
  }
  if (hounsfield.size() < 3 || !hounsfield.contains("cortical_bone"))
    refuse(place, "internal calibration has " + join(columns.tissue) + " to go by",
           "at least three of " + join(internal_tissues()) + ", one of them cortical_bone",
           "give regions in tissues = { cortical_bone = { file = \"...\", label = 1 }, ... }");
  const auto ends = std::ranges::minmax(columns.hounsfield);
  if (ends.max - ends.min < 100)
    refuse(place, "the tissues read nearly the same", "HU that differ by 100 and more",
           "check that each region shows its tissue");
  return columns;
}

/// Mean, spread and size of a region.
TissueSample sample(const std::string& name, const TissueRegion& region, const Volume& ct,
                    const Rules& rules, CalibrationResult& result)
{
  const LabelInput input = read_mask_on({ct.grid, {}}, region.file, region.label);
  append(result.warnings, input.warnings);
  result.sources.push_back(input.mask.source);
  const InsideMask inside = values_inside(ct, input.mask);
  const Vec3 s = ct.grid.spacing;
  const double thickest = std::max({s.x, s.y, s.z});
  const double area = static_cast<double>(inside.voxels) * ct.grid.voxel_volume() / thickest;
  if (area < rules.least_area_mm2)
    refuse(region.place,
           "the region of " + name + " covers " + format_number(area, 3) + " mm2 of the image",
           format_number(rules.least_area_mm2) + " mm2 and more", "draw it larger");
  const double n = static_cast<double>(inside.voxels);
  return {inside.mean, std::hypot(inside.deviation / std::sqrt(n), rules.share * inside.deviation),
          inside.deviation, n * ct.grid.voxel_volume() / 1000, true};
}

/// Air, adipose and muscle that nobody gave a region for.
void sample_automatically(const Volume& ct, const Mask* bone, CalibrationResult& result)
{
  const std::map<std::string, std::string> peak_of = {
      {"air", "air"}, {"adipose", "fat"}, {"muscle", "muscle"}};
  if (std::ranges::all_of(peak_of, [&](const auto& p) { return result.tissues.contains(p.first); }))
    return;
  const TissuePeaks peaks = find_tissue_peaks(ct, bone);
  append(result.warnings, peaks.warnings);
  for (const auto& [tissue, peak] : peak_of)
    if (!result.tissues.contains(tissue) && peaks.found.contains(peak))
      result.tissues[tissue] = peaks.found.at(peak);
}

/// Thin cortex reads low and makes all densities high: by how much, if it were as it should be,
/// widens the interval.
void widen_for_thin_cortex(const Columns& columns, const MassAttenuation& table, const Rules& rules,
                           const Calibration& c, CalibrationResult& result)
{
  Columns thick = columns;
  const auto bone = std::ranges::find(columns.tissue, "cortical_bone") - columns.tissue.begin();
  double& read = thick.hounsfield[static_cast<std::size_t>(bone)];
  if (read >= rules.least_cortical)
    return;
  const std::string words = "cortical bone reads " + format_number(read) + " HU (below " +
                            format_number(rules.least_cortical) +
                            "): thin cortex in large voxels reads low, and all densities come out "
                            "too high";
  read = rules.least_cortical;
  const double rho = told_densities()[1];
  const double otherwise = fit(thick, table, rules, c.place).curve.at(result.curve().value_of(rho));
  result.widenings.push_back({words, std::abs(otherwise / rho - 1), 0});
  result.warnings.push_back(
      {"cortical_bone_reads_low",
       words + ", by " + format_number(100 * std::abs(otherwise / rho - 1), 2) + " % or so",
       c.place});
}

void warn_of_contrast(const Rules& rules, const std::string& place, CalibrationResult& result)
{
  const auto& tissues = result.tissues;
  if (tissues.contains("blood") && tissues.at("blood").hounsfield > rules.most_blood)
    result.warnings.push_back({"contrast_in_blood",
                               "blood reads " + format_number(tissues.at("blood").hounsfield) +
                                   " HU (above " + format_number(rules.most_blood) +
                                   "): contrast agent; leave blood out of the calibration",
                               place});
}
} // namespace

const std::vector<std::string>& internal_tissues()
{
  static const std::vector<std::string> names = {"adipose", "air", "blood", "cortical_bone",
                                                 "muscle"};
  return names;
}

double scatter_variance(const InternalFit& f, const std::vector<double>& hounsfield, double h)
{
  const double span = f.k2hpo4 - f.triglyceride;
  const double mass = f.mass.intercept + f.mass.slope * h;
  const double above_fat = f.attenuation.intercept + f.attenuation.slope * h - f.triglyceride;
  return std::pow(mass / span, 2) * line_variance(f.attenuation, hounsfield, h) +
         std::pow(above_fat / span, 2) * line_variance(f.mass, hounsfield, h);
}

InternalFit fit_internal(const std::map<std::string, double>& hounsfield,
                         const MassAttenuation& table, const std::string& place)
{
  return fit(columns_of(hounsfield, place), table, read_rules(), place);
}

void calibrate_internally(const Calibration& c, const Volume& ct, const Mask* bone,
                          CalibrationResult& result)
{
  const Rules rules = read_rules();
  const MassAttenuation table = MassAttenuation::read();
  result.phantom = PhantomKind::k2hpo4;
  result.reference = rules.words;
  result.sources.push_back(rules.file);
  for (const auto& [name, region] : c.tissues)
    result.tissues[name] = sample(name, region, ct, rules, result);
  sample_automatically(ct, bone, result);
  std::map<std::string, double> hounsfield;
  std::vector<double> deviation;
  for (const auto& [name, tissue] : result.tissues)
  {
    hounsfield[name] = tissue.hounsfield;
    deviation.push_back(tissue.deviation);
  }
  const Columns columns = columns_of(hounsfield, c.place);
  const InternalFit found = fit(columns, table, rules, c.place);
  result.intercept = found.curve.intercept;
  result.slope = found.curve.slope;
  result.curvature = found.curve.curvature;
  result.effective_energy_kev = found.energy_kev;
  result.r_squared = found.attenuation.r_squared;

  std::vector<double> told;
  for (const double rho : told_densities())
    told.push_back(found.curve.value_of(rho));
  double energy_variance = 0;
  std::vector<double> energies; // up and down in turn, tissue by tissue
  const std::vector<double> variance = propagated_variance(
      columns.hounsfield, deviation,
      [&](const std::vector<double>& h)
      {
        const InternalFit moved = fit({h, columns.tissue}, table, rules, c.place);
        energies.push_back(moved.energy_kev);
        return moved.curve;
      },
      told);
  for (std::size_t i = 0; i + 1 < energies.size(); i += 2)
    energy_variance += std::pow(0.5 * (energies[i] - energies[i + 1]), 2);
  for (std::size_t t = 0; t < told.size(); ++t)
    result.uncertainty.push_back(
        {told_densities()[t],
         std::sqrt(variance[t] + scatter_variance(found, columns.hounsfield, told[t])),
         {}});
  result.intercept_deviation =
      std::sqrt(variance[told.size()] + scatter_variance(found, columns.hounsfield, 0));
  result.slope_deviation = std::sqrt(variance[told.size() + 1]);
  result.effective_energy_deviation_kev = std::sqrt(energy_variance);
  widen_for_thin_cortex(columns, table, rules, c, result);
  warn_of_contrast(rules, c.place, result);
}

} // namespace calcar::image
