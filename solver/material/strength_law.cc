#include "material/strength_law.hpp"

#include "base/files.hpp"

namespace calcar::material
{

StrengthLaw StrengthLaw::read(const std::filesystem::path& file)
{
  const Table table = Table::read(file);
  StrengthLaw law;
  law.record_ = read_record(table);
  law.curve_ = DensityCurve::read(table);
  law.ratio_ = table.number("tension_over_compression");
  law.ratio_source_ = table.text("ratio_source");
  law.ratio_status_ = read_status(table, "ratio_status");
  table.require(law.ratio_ > 0 && law.ratio_ <= 1, "tension_over_compression",
                "more than 0, at most 1", "bone is weaker in tension");
  table.check();
  return law;
}

StrengthLaw StrengthLaw::named(const std::string& name, const std::string& place)
{
  return read(data_file("materials/strength", name, "strength law", place));
}

} // namespace calcar::material
