#include "base/files.hpp"
#include "base/table.hpp"
#include "base/text.hpp"
#include "risk/fixation.hpp"

#include <cmath>

namespace calcar::risk
{
namespace
{
constexpr double days_a_month = 365.25 / 12;

/// materials/fixation/daily_cycles.toml
struct CycleData
{
  material::DataRecord record;
  double steps_per_day = 0;
  double months = 0;
  double share_of_one_leg = 0;
  double endurance_cycles = 0;
};

CycleData read_cycle_data()
{
  const Table table =
      Table::read(data_file("materials/fixation", "daily_cycles", "data of fixations", ""));
  CycleData data;
  data.record = material::read_record(table);
  const auto positive = [&](const std::string& key)
  {
    const double value = table.number(key);
    table.require(value > 0, key, "more than 0");
    return value;
  };
  data.steps_per_day = positive("steps_per_day");
  data.months = positive("months");
  data.share_of_one_leg = positive("share_of_one_leg");
  data.endurance_cycles = positive("endurance_cycles");
  table.check();
  return data;
}

/// "2.0 million"
std::string millions(double cycles)
{
  return format_number(std::round(cycles / 1e4) / 100, 3) + " million";
}
} // namespace

DailyCycles daily_cycles(std::optional<double> steps_per_day, std::optional<double> months,
                         anatomy::BoneKind bone)
{
  const CycleData data = read_cycle_data();
  const bool each = bone == anatomy::BoneKind::vertebra || bone == anatomy::BoneKind::pelvis;
  DailyCycles result;
  result.steps_per_day = steps_per_day.value_or(data.steps_per_day);
  result.months = months.value_or(data.months);
  result.cycles =
      (each ? 1 : data.share_of_one_leg) * result.steps_per_day * days_a_month * result.months;
  result.words = millions(result.cycles) + (each ? " cycles: " : " cycles of one leg: ") +
                 format_number(result.steps_per_day) + " steps a day for " +
                 format_number(result.months, 3) + " months; ";
  const bool more = result.cycles > data.endurance_cycles;
  result.words += more ? "that is more than the " + millions(data.endurance_cycles) +
                             " cycles that endurance limits are told for: the implant may bear less"
                       : "judged by the limits for " + millions(data.endurance_cycles) +
                             " cycles, on the safe side for fewer";
  if (!steps_per_day || !months)
    result.doubt = material::doubt(data.record.status);
  if (more)
    result.doubt += (result.doubt.empty() ? "" : "; ") +
                    std::string("more cycles than the endurance limits are told for");
  return result;
}

} // namespace calcar::risk
