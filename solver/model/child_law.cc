#include "model/child_law.hpp"

#include "base/files.hpp"
#include "base/table.hpp"
#include "base/text.hpp"
#include "material/data_record.hpp"

namespace calcar::model
{

ChildLaw child_law(std::optional<double> age_years, const std::string& place)
{
  const Table table = Table::read(data_file("materials", "child_law", "note on children", ""));
  const material::DataRecord record = material::read_record(table);
  const double below = table.number("below_age_years");
  const double measured_from = table.number("measured_from_age_years");
  table.require(below > 0 && below <= 25, "below_age_years", "more than 0, at most 25");
  table.require(measured_from >= 0 && measured_from < below, "measured_from_age_years",
                "0 or more, less than below_age_years");
  table.check();
  ChildLaw law;
  law.file = record.file;
  if (!age_years || *age_years >= below)
    return law;
  std::string text = "the patient is " + format_number(*age_years, 3) +
                     " years old: stiffness and strength follow " + record.words +
                     "; source: " + record.source;
  if (const std::string doubt = material::doubt(record.status); !doubt.empty())
    text += "; " + doubt;
  if (*age_years < measured_from)
    text += "; nobody younger than " + format_number(measured_from) + " years was measured";
  law.warnings.push_back({"child_law", text, place});
  return law;
}

} // namespace calcar::model
