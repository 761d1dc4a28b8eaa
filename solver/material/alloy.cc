#include "material/alloy.hpp"

#include "base/files.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::material
{
namespace
{
double read_strength(const Table& table, const std::string& key)
{
  const double strength = table.number(key);
  table.require(strength > 0, key, "more than 0 MPa");
  return strength;
}
} // namespace

Alloy read_alloy(const std::filesystem::path& file)
{
  const Table table = Table::read(file);
  Alloy result;
  result.record = read_record(table);
  result.youngs = read_youngs(table);
  result.poisson = read_poisson(table);
  result.range = read_modulus_range(table);
  result.yield = read_strength(table, "yield_MPa");
  result.ultimate_tension = read_strength(table, "ultimate_tension_MPa");
  result.ultimate_compression = read_strength(table, "ultimate_compression_MPa");
  result.endurance = read_strength(table, "endurance_MPa");
  if (table.has("endurance_notched_MPa"))
    result.endurance_notched = read_strength(table, "endurance_notched_MPa");
  table.check();
  return result;
}

Alloy alloy(const std::string& name, const std::string& place)
{
  return read_alloy(data_file("materials/alloy", name, "implant material", place));
}

double goodman_utilisation(const Alloy& alloy, double amplitude, double mean)
{
  return std::abs(amplitude) / alloy.endurance + std::max(mean, 0.0) / alloy.ultimate_tension;
}

} // namespace calcar::material
