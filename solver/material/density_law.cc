#include "material/density_law.hpp"

#include "base/files.hpp"

namespace calcar::material
{

DensityLaw DensityLaw::read(const std::filesystem::path& file)
{
  const Table table = Table::read(file);
  DensityLaw law;
  law.record_ = read_record(table);
  law.curve_ = DensityCurve::read(table);
  table.check();
  return law;
}

DensityLaw DensityLaw::named(const std::string& name, const std::string& place)
{
  return read(data_file("materials/density_elasticity", name, "density law", place));
}

} // namespace calcar::material
