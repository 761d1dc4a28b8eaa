#include "material/ash_conversion.hpp"

#include "base/files.hpp"

namespace calcar::material
{

AshConversion read_ash_conversion(const std::filesystem::path& file)
{
  const Table table = Table::read(file);
  AshConversion conversion;
  conversion.record = read_record(table);
  const std::string phantom = table.choice("phantom", phantom_names());
  if (!phantom.empty())
    conversion.phantom = phantom_kind(phantom, table.place("phantom"));
  conversion.a = table.number("a_g_cm3");
  conversion.b = table.number("b");
  table.require(conversion.a > -0.5 && conversion.a < 0.5, "a_g_cm3", "-0.5 to 0.5 g/cm3",
                "give it in g/cm3, not mg/cm3");
  table.require(conversion.b > 0, "b", "more than 0");
  table.check();
  return conversion;
}

AshConversion ash_conversion(const std::string& name, const std::string& place)
{
  return read_ash_conversion(data_file("materials/ash_conversions", name, "ash conversion", place));
}

} // namespace calcar::material
