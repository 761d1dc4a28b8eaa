#include "material/tissue.hpp"

#include "base/files.hpp"

namespace calcar::material
{

double read_youngs(const Table& table)
{
  const double youngs = table.number("youngs_MPa");
  table.require(youngs > 0, "youngs_MPa", "more than 0 MPa");
  return youngs;
}

double read_poisson(const Table& table)
{
  const double poisson = table.number("poisson");
  table.require(poisson >= 0 && poisson < 0.5, "poisson", "0 to less than 0.5",
                "take 0.49 for a nearly incompressible material");
  return poisson;
}

std::optional<ModulusRange> read_modulus_range(const Table& table)
{
  if (!table.has("youngs_range_MPa"))
    return std::nullopt;
  const auto ends = table.numbers("youngs_range_MPa");
  const double youngs = table.number("youngs_MPa");
  const bool valid = ends.size() == 2 && ends[0] > 0 && ends[0] <= youngs && youngs <= ends[1];
  table.require(valid, "youngs_range_MPa", "two moduli around youngs_MPa, the lower one first");
  return valid ? std::optional<ModulusRange>({ends[0], ends[1]}) : std::nullopt;
}

Tissue read_tissue(const std::filesystem::path& file)
{
  const Table table = Table::read(file);
  Tissue result;
  result.record = read_record(table);
  result.youngs = read_youngs(table);
  result.poisson = read_poisson(table);
  result.range = read_modulus_range(table);
  table.check();
  return result;
}

Tissue tissue(const std::string& name, const std::string& place)
{
  return read_tissue(data_file("materials/tissues", name, "tissue", place));
}

} // namespace calcar::material
