#include "material/catalogue.hpp"

#include "base/files.hpp"
#include "material/criteria.hpp"

namespace calcar::material
{

std::vector<Entry> entries(const std::string& folder)
{
  std::vector<Entry> lines;
  for (const std::string& name : data_names(folder))
  {
    const Table table = Table::read(data_file(folder, name, "entry", folder));
    table.known(table.keys());
    const DataRecord record = read_record(table);
    table.check();
    lines.push_back({record.name, record.words, record.source, doubt(record.status)});
  }
  return lines;
}

std::vector<Entry> list_laws()
{
  return entries("materials/density_elasticity");
}

std::vector<Entry> list_strengths()
{
  return entries("materials/strength");
}

std::vector<Entry> list_constitutive_laws()
{
  return entries("materials/constitutive");
}

std::vector<Entry> list_strain_limits()
{
  return entries("materials/strain_limits");
}

std::vector<Entry> list_ash_conversions()
{
  return entries("materials/ash_conversions");
}

std::vector<Entry> list_protocols()
{
  return entries("materials/protocols");
}

std::vector<Entry> list_tissues()
{
  return entries("materials/tissues");
}

std::vector<Entry> list_alloys()
{
  return entries("materials/alloy");
}

std::vector<Entry> list_criteria()
{
  std::vector<Entry> lines;
  for (const Criterion& row : criteria())
    lines.push_back({row.name, row.words, row.source, doubt(row.status)});
  return lines;
}

} // namespace calcar::material
