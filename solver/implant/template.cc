#include "implant/template.hpp"

#include "base/files.hpp"
#include "base/text.hpp"
#include "implant/template_parts.hpp"
#include "implant/template_values.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::implant
{
namespace
{
const std::string folder = "cases/fixations";

/// In the order of Method.
const std::vector<std::string> methods{"nail",           "plate",          "cement",
                                       "vertebroplasty", "pedicle_screws", "flexible_nails",
                                       "prosthesis",     "hip_screw"};

/// Source and status of a part; what is not confirmed goes to the template's doubts.
void read_status_of(const Table& table, const std::string& part, Template& to)
{
  const std::string source = table.text("source");
  const std::string note = table.text("note", "");
  const std::string doubt = material::doubt(material::read_status(table));
  if (!doubt.empty())
    to.doubts.push_back(part + ": " + doubt + " (" + source + (note.empty() ? "" : "; " + note) +
                        ")");
}

SpanRule read_spans(const Table& table)
{
  return {size_or_none(table, "diameters"), table.text("note", ""), table.texts("leaves")};
}

void read_parts(const Table& table, Template& to)
{
  const auto part = [&](const std::string& key)
  {
    const auto found = table.maybe_table(key);
    if (found)
      read_status_of(*found, key, to);
    return found;
  };
  if (const auto nail = part("nail"))
    to.nail = read_nail(*nail, to.bone);
  if (const auto lag = part("lag_screw"))
    to.lag = read_lag(*lag);
  if (const auto screw = part("screw"))
    to.screw = read_screw(*screw);
  if (const auto screw = part("other_screw"))
    to.other_screw = read_screw(*screw);
  if (const auto barrel = part("barrel"))
    to.barrel = read_barrel(*barrel);
  if (const auto screws = part("end_screws"))
    to.end_screws = read_end_screws(*screws, table.tables("end_screw"), to.bone);
  if (const auto plate = part("plate"))
    to.plate = read_plate(*plate, to.bone);
  if (const auto cement = part("cement"))
    to.cement = CementPlan{size_or_none(*cement, "most_beyond_mm")};
  if (const auto cement = part("vertebral_cement"))
    to.vertebral_cement = read_vertebral_cement(*cement);
  if (const auto pedicle = part("pedicle_screws"))
    to.pedicle = read_pedicle(*pedicle);
  if (const auto flexible = part("flexible_nails"))
    to.flexible = read_flexible(*flexible);
  if (const auto prosthesis = part("prosthesis"))
    to.prosthesis = read_prosthesis(*prosthesis);
  if (const auto spans = part("spans"))
    to.spans = read_spans(*spans);
  for (const Table& entry : table.tables("locking"))
    to.locking.push_back(read_locking(entry, to.bone));
}

/// What a method cannot do without.
void require_parts(const Table& table, const Template& plan)
{
  const auto need = [&](bool there, const std::string& key)
  {
    if (!there)
      table.complain(key, "[" + key + "] is missing", "a table [" + key + "]",
                     "the method \"" + table.text("method") + "\" needs it");
  };
  if (plan.method == Method::nail)
  {
    need(plan.nail.has_value(), "nail");
    need(plan.locking.empty() || plan.screw.has_value(), "screw");
  }
  if (plan.method == Method::plate || plan.method == Method::hip_screw)
  {
    need(plan.plate.has_value(), "plate");
    need(plan.screw.has_value(), "screw");
  }
  need(!plan.plate || !plan.plate->at_end() || plan.end_screws, "end_screws");
  need(plan.method != Method::hip_screw || plan.barrel, "barrel");
  need(plan.method != Method::hip_screw || plan.lag, "lag_screw");
  if (plan.method == Method::cement)
    need(plan.cement.has_value(), "cement");
  need(plan.method != Method::vertebroplasty || plan.vertebral_cement, "vertebral_cement");
  need(plan.method != Method::pedicle_screws || plan.pedicle, "pedicle_screws");
  need(plan.method != Method::flexible_nails || plan.flexible, "flexible_nails");
  need(plan.method != Method::prosthesis || plan.prosthesis, "prosthesis");
}
} // namespace

std::optional<double> Steps::up(double length) const
{
  const double steps = std::max(0.0, std::ceil((length - from_mm) / step_mm - 1e-9));
  const double value = from_mm + steps * step_mm;
  return value <= to_mm + 1e-9 ? std::optional(value) : std::nullopt;
}

std::optional<double> Steps::down(double length) const
{
  const double value =
      from_mm + std::floor((std::min(length, to_mm) - from_mm) / step_mm + 1e-9) * step_mm;
  return value >= from_mm - 1e-9 ? std::optional(value) : std::nullopt;
}

Template read_template(const std::filesystem::path& file)
{
  const Table table = Table::read(file);
  Template plan;
  plan.record = material::read_record(table);
  std::vector<std::string> bones = anatomy::bone_names();
  bones.push_back("any");
  const std::string bone = table.choice("bone", bones);
  plan.any_bone = bone == "any";
  if (!bone.empty() && !plan.any_bone)
    plan.bone = anatomy::bone_kind(bone);
  const auto method = std::find(methods.begin(), methods.end(), table.choice("method", methods));
  if (method != methods.end())
    plan.method = static_cast<Method>(method - methods.begin());
  plan.alloy = table.text("alloy");
  plan.to_bone = table.choice("to_bone", interface_names()) == "bonded" ? Interface::bonded
                                                                        : Interface::debonded;
  plan.growth_plates = table.choice("growth_plates", {"refused", "flagged"}) == "refused"
                           ? GrowthPlates::refused
                           : GrowthPlates::flagged;
  read_parts(table, plan);
  require_parts(table, plan);
  table.check();
  return plan;
}

Template fixation_template(const std::string& name, const std::string& place)
{
  return read_template(data_file(folder, name, "fixation", place));
}

std::vector<material::Entry> list_fixations()
{
  return material::entries(folder);
}

std::vector<material::Entry> list_fixations(anatomy::BoneKind bone)
{
  std::vector<material::Entry> fitting;
  for (const material::Entry& entry : list_fixations())
  {
    const Template plan = fixation_template(entry.name, entry.name);
    if (plan.any_bone || plan.bone == bone)
      fitting.push_back(entry);
  }
  return fitting;
}

} // namespace calcar::implant
