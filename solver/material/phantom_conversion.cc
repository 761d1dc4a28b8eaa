#include "material/phantom_conversion.hpp"

#include "base/files.hpp"

#include <stdexcept>
#include <utility>

namespace calcar::material
{

PhantomConversion phantom_conversion(DensityKind from, DensityKind to)
{
  const bool forth = from == DensityKind::k2hpo4 && to == DensityKind::cha;
  const bool back = from == DensityKind::cha && to == DensityKind::k2hpo4;
  if (!forth && !back)
    throw std::logic_error("phantom_conversion: from one phantom to the other");

  const Table table = Table::read(
      data_file("materials/phantom_conversions", "k2hpo4_and_cha", "phantom conversion", ""));
  PhantomConversion conversion;
  conversion.record = read_record(table);
  const std::string k2hpo4 = table.text("k2hpo4_to_ash");
  const std::string cha = table.text("cha_to_ash");
  conversion.relative_deviation = table.number("relative_deviation");
  table.require(conversion.relative_deviation > 0, "relative_deviation", "more than 0");
  table.check();

  conversion.from = ash_conversion(k2hpo4, table.place("k2hpo4_to_ash"));
  conversion.to = ash_conversion(cha, table.place("cha_to_ash"));
  if (back)
    std::swap(conversion.from, conversion.to);
  return conversion;
}

} // namespace calcar::material
