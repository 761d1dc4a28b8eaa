#include "lesion/treatment.hpp"

#include "anatomy/bone_kind.hpp"
#include "base/files.hpp"
#include "base/table.hpp"

namespace calcar::lesion
{
namespace
{
constexpr const char* folder = "materials/treatments";

double within(const Table& table, const char* key, double least, double most,
              const std::string& allowed)
{
  const double value = table.number(key);
  table.require(value >= least && value <= most, key, allowed);
  return value;
}

Standing read_standing(const Table& table)
{
  Standing standing;
  standing.status = material::read_status(table);
  standing.source = table.text("source");
  standing.note = table.text("note", "");
  return standing;
}

Recovery read_recovery(const Table& table)
{
  Recovery recovery;
  recovery.gain_HU = within(table, "gain_HU", 0, 3000, "0 to 3000 HU");
  recovery.tau_months = within(table, "tau_months", 0.1, 240, "0.1 to 240 months");
  recovery.cap_HU = within(table, "cap_HU", 0, 3000, "0 to 3000 HU");
  recovery.early_months = within(table, "early_months", 0, 24, "0 to 24 months");
  recovery.first_measured_months = within(table, "first_measured_months", recovery.early_months, 60,
                                          "not before the end of early_months, at most 60 months");
  recovery.with_bone_agent = within(table, "with_bone_agent", 0, 5, "0 to 5");
  recovery.without_bone_agent = within(table, "without_bone_agent", 0, 5, "0 to 5");
  recovery.standing = read_standing(table);
  return recovery;
}

MineralLoss read_loss(const Table& table)
{
  MineralLoss loss;
  loss.share = within(table, "share", 0, 1, "0 to 1 of the mineral in the lesion");
  loss.over_months = within(table, "over_months", 0.01, 60, "0.01 to 60 months");
  loss.standing = read_standing(table);
  return loss;
}

BoneLoss read_bone_loss(const Table& table)
{
  BoneLoss loss;
  loss.rate_percent_per_year = table.maybe_number("rate_percent_per_year");
  table.require(!loss.rate_percent_per_year ||
                    (*loss.rate_percent_per_year >= 0 && *loss.rate_percent_per_year <= 30),
                "rate_percent_per_year", "0 to 30 % a year");
  loss.from_age_years = table.number("from_age_years", 0.0);
  loss.standing = read_standing(table);
  return loss;
}

ToldLine read_told(const Table& table)
{
  ToldLine line;
  line.text = table.text("text");
  line.source = table.text("source");
  line.status = material::read_status(table);
  if (table.has("bone"))
    line.bone = table.choice("bone", anatomy::bone_names());
  return line;
}

std::string doubt_of(const std::string& what, const Standing& standing)
{
  const std::string doubt = material::doubt(standing.status);
  return doubt.empty() ? "" : what + ": " + doubt + " (" + standing.source + ")";
}
} // namespace

std::string to_string(Bound bound)
{
  return bound == Bound::worse ? "worse bound" : "better bound";
}

Treatment read_treatment(const std::filesystem::path& file)
{
  const Table table = Table::read(file);
  Treatment treatment;
  treatment.record = material::read_record(table);
  treatment.on_whole_bone = table.choice("reach", {"lesion", "bone"}) == "bone";
  treatment.stops_growth =
      table.choice("stops_growth", {"never", "better_bound"}) == "better_bound";
  treatment.growth_note = table.text("growth_note", "");
  treatment.bone_agent = table.flag("bone_agent", false);
  treatment.raises_recovery = table.flag("raises_recovery", false);
  table.require(!treatment.raises_recovery || treatment.bone_agent, "raises_recovery",
                "true of a bone agent only", "add bone_agent = true");
  if (const auto part = table.maybe_table("recovery"))
    treatment.recovery = read_recovery(*part);
  if (const auto part = table.maybe_table("loss"))
    treatment.loss = read_loss(*part);
  if (const auto part = table.maybe_table("bone_loss"))
    treatment.bone_loss = read_bone_loss(*part);
  for (const Table& line : table.tables("told"))
    treatment.told.push_back(read_told(line));
  table.check();
  return treatment;
}

Treatment treatment(const std::string& name, const std::string& place)
{
  return read_treatment(data_file(folder, name, "treatment", place));
}

std::vector<std::string> treatment_names()
{
  return data_names(folder);
}

std::vector<material::Entry> list_treatments()
{
  return material::entries(folder);
}

std::vector<std::string> doubts_of(const Treatment& treatment)
{
  std::vector<std::string> doubts;
  const auto add = [&](const std::string& doubt)
  {
    if (!doubt.empty())
      doubts.push_back(doubt);
  };
  if (const std::string own = material::doubt(treatment.record.status); !own.empty())
    add(own);
  if (treatment.recovery)
    add(doubt_of("gain of density", treatment.recovery->standing));
  if (treatment.loss)
    add(doubt_of("loss of density", treatment.loss->standing));
  if (treatment.bone_loss)
    add(doubt_of("loss of bone", treatment.bone_loss->standing));
  return doubts;
}

} // namespace calcar::lesion
