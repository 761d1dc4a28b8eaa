#include "material/strain_limits.hpp"

#include "base/files.hpp"

namespace calcar::material
{
namespace
{
double read_strain(const Table& table, const std::string& key)
{
  const double strain = table.number(key);
  table.require(strain > 0 && strain < 0.1, key, "a strain between 0 and 0.1 (0.01 is 1 %)",
                "give the magnitude as a pure number, not in % or microstrain");
  return strain;
}
} // namespace

StrainLimits read_strain_limits(const std::filesystem::path& file)
{
  const Table table = Table::read(file);
  StrainLimits limits;
  limits.record = read_record(table);
  limits.effective = table.choice("strain", {"principal", "effective"}) == "effective";
  if (limits.effective)
  {
    limits.effective_strain = read_strain(table, "effective_strain");
    limits.critical_volume_fraction = table.number("critical_volume_fraction");
    table.require(limits.critical_volume_fraction > 0 && limits.critical_volume_fraction < 1,
                  "critical_volume_fraction", "between 0 and 1");
  }
  else
  {
    limits.tension = read_strain(table, "tension_strain");
    limits.compression = read_strain(table, "compression_strain");
  }
  table.check();
  return limits;
}

StrainLimits strain_limits(const std::string& name, const std::string& place)
{
  return read_strain_limits(data_file("materials/strain_limits", name, "strain limits", place));
}

} // namespace calcar::material
