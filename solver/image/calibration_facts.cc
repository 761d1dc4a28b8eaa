#include "image/calibration_facts.hpp"

#include "base/text.hpp"

namespace calcar::image
{

std::map<std::string, std::string> calibration_facts(const CalibrationResult& r)
{
  std::map<std::string, std::string> facts;
  const auto tell =
      [&facts](const std::string& name, const std::optional<double>& value, int digits)
  {
    if (value)
      facts[name] = format_number(*value, digits);
  };
  facts["name"] = r.name;
  facts["phantom"] = to_string(r.phantom);
  tell("slope_g_cm3_per_unit", r.slope, 8);
  tell("intercept_g_cm3", r.intercept, 8);
  if (r.curvature != 0)
    tell("curvature_g_cm3_per_unit2", r.curvature, 8);
  tell("residual_g_cm3", r.residual_g_cm3, 4);
  tell("r_squared", r.r_squared, 6);
  tell("slope_deviation_g_cm3_per_unit", r.slope_deviation, 3);
  tell("intercept_deviation_g_cm3", r.intercept_deviation, 3);
  tell("effective_energy_keV", r.effective_energy_kev, 4);
  tell("effective_energy_deviation_keV", r.effective_energy_deviation_kev, 2);
  if (!r.reference.empty())
    facts["reference"] = r.reference;
  if (!r.doubt.empty())
    facts["reference_doubt"] = r.doubt;
  for (const DensityDeviation& at : r.uncertainty)
  {
    const std::string where = "_at_" + format_number(at.density_g_cm3) + "_g_cm3";
    tell("deviation" + where, density_deviation(r, at.density_g_cm3), 3);
    tell("deviation_of_this_scan" + where, at.deviation_g_cm3, 3);
    for (const auto& [name, difference] : at.other_reference)
      tell("difference_to_" + name + where, difference, 3);
  }
  for (const OtherCalibration& other : r.alternatives)
  {
    tell("slope_by_" + other.name, other.curve.slope, 8);
    tell("intercept_by_" + other.name, other.curve.intercept, 8);
  }
  for (const auto& [name, tissue] : r.tissues)
  {
    tell("tissue_" + name + "_HU", tissue.hounsfield, 4);
    tell("tissue_" + name + "_deviation_HU", tissue.deviation, 3);
  }
  std::vector<std::string> widenings;
  for (const Widening& w : r.widenings)
    widenings.push_back(w.words);
  if (!widenings.empty())
    facts["widened_by"] = join(widenings, "; ");
  if (!r.patient_doubts.empty())
    facts["patient_doubts"] = join(r.patient_doubts, "; ");
  return facts;
}

} // namespace calcar::image
