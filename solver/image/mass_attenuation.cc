#include "image/mass_attenuation.hpp"

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/table.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::image
{

MassAttenuation MassAttenuation::read()
{
  const Table table =
      Table::read(data_file("materials/calibrations", "mass_attenuation", "calibration", ""));
  table.known({"name", "words", "source", "status", "note"});
  MassAttenuation result;
  result.energy = table.numbers("energy_keV");
  table.require(result.energy.size() > 1 && std::ranges::is_sorted(result.energy), "energy_keV",
                "rising energies");
  for (const char* name : {"adipose", "air", "blood", "cortical_bone", "muscle", "water", "K2HPO4",
                           "CHA", "triglyceride"})
  {
    const std::vector<double> values = table.numbers(name);
    table.require(values.size() == result.energy.size() && std::ranges::min(values) > 0, name,
                  "one positive number for each energy");
    result.material[name] = values;
  }
  table.check(Fault::data);
  return result;
}

double MassAttenuation::at(const std::string& name, double kev) const
{
  if (!(kev >= lowest() && kev <= highest()))
    throw InputError(Fault::data,
                     {"mass_attenuation.toml",
                      "an energy of " + format_number(kev) + " keV is asked for",
                      format_number(lowest()) + " to " + format_number(highest()) + " keV",
                      "beyond the table nothing is assumed", ""});
  const std::vector<double>& values = material.at(name);
  const auto above = std::upper_bound(energy.begin() + 1, energy.end() - 1, kev) - energy.begin();
  const auto i = static_cast<std::size_t>(above);
  const double part = std::log(kev / energy[i - 1]) / std::log(energy[i] / energy[i - 1]);
  return values[i - 1] * std::pow(values[i] / values[i - 1], part);
}

} // namespace calcar::image
