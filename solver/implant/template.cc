#include "implant/template.hpp"

#include "base/files.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::implant
{
namespace
{
const std::string folder = "cases/fixations";

/// A length of more than 0 mm.
double size(const Table& table, const std::string& key)
{
  const double value = table.number(key);
  table.require(std::isnan(value) || value > 0, key, "more than 0");
  return value;
}

double size_or_none(const Table& table, const std::string& key)
{
  const double value = table.number(key, 0);
  table.require(value >= 0, key, "0 or more");
  return value;
}

std::vector<double> rising(const Table& table, const std::string& key)
{
  const std::vector<double> values = table.numbers(key);
  table.require(!values.empty() && values.front() > 0 &&
                    std::is_sorted(values.begin(), values.end()),
                key, "sizes of more than 0, rising");
  return values;
}

Steps read_steps(const Table& table)
{
  const std::vector<double> range = table.numbers("lengths_mm");
  table.require(range.size() == 2 && range[0] > 0 && range[1] >= range[0], "lengths_mm",
                "the shortest and the longest", "lengths_mm = [20, 100]");
  const double step = size(table, "length_step_mm");
  return range.size() == 2 ? Steps{range[0], range[1], step} : Steps{};
}

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

void check_directions(const Table& table, const std::string& key, anatomy::BoneKind bone,
                      const std::map<std::string, double>& named)
{
  const auto& known = anatomy::direction_names(bone);
  for (const auto& [name, value] : named)
    if (std::find(known.begin(), known.end(), name) == known.end())
      table.complain(key, "unknown direction \"" + name + "\"", join(known),
                     suggestion(name, known));
  table.require(!named.empty(), key, "a direction", key + " = { medial = 1 }");
}

NailPlan read_nail(const Table& table, anatomy::BoneKind bone)
{
  NailPlan nail;
  nail.diameters_mm = rising(table, "diameters_mm");
  nail.lengths_mm = rising(table, "lengths_mm");
  nail.usual_mm = table.maybe_number("usual_length_mm");
  nail.cannula_mm = size_or_none(table, "cannula_mm");
  nail.proximal_diameter_mm = size(table, "proximal_diameter_mm");
  nail.proximal_length_mm = size(table, "proximal_length_mm");
  nail.reamed_over_mm = size_or_none(table, "reamed_over_mm");
  nail.bend_at_mm = size(table, "bend_at_mm");
  nail.most_bend_deg = size(table, "most_bend_deg");
  if (const auto entry = table.maybe_table("entry"))
    nail.entry = anatomy::read_point(*entry, bone);
  nail.entry_measure = table.text("entry_offset_in", "");
  nail.ends_before = table.text("ends_before");
  nail.ends_before_mm = size(table, "ends_before_mm");
  const auto& known = anatomy::landmark_names(bone);
  table.require(std::find(known.begin(), known.end(), nail.ends_before) != known.end(),
                "ends_before", join(known), suggestion(nail.ends_before, known));
  table.require(nail.diameters_mm.empty() || nail.cannula_mm < nail.diameters_mm.front(),
                "cannula_mm", "less than the smallest diameter");
  return nail;
}

LagPlan read_lag(const Table& table)
{
  LagPlan lag;
  lag.angles_deg = rising(table, "angles_deg");
  lag.lengths = read_steps(table);
  lag.diameter_mm = size(table, "diameter_mm");
  lag.cannula_mm = size_or_none(table, "cannula_mm");
  lag.least_tip_mm = size(table, "least_tip_mm");
  lag.most_tip_mm = size(table, "most_tip_mm");
  lag.least_wall_mm = size_or_none(table, "least_wall_mm");
  table.require(!(lag.most_tip_mm - lag.least_tip_mm < lag.lengths.step_mm), "most_tip_mm",
                "at least one step of length more than least_tip_mm",
                "else no length need fit between them");
  return lag;
}

ScrewPlan read_screw(const Table& table)
{
  ScrewPlan screw;
  screw.kind = table.choice("kind", {"locking_screw", "cortical_screw"}) == "cortical_screw"
                   ? ComponentKind::cortical_screw
                   : ComponentKind::locking_screw;
  screw.outer_mm = size(table, "outer_mm");
  screw.core_mm = size(table, "core_mm");
  screw.lengths = read_steps(table);
  table.require(!(screw.core_mm > screw.outer_mm), "core_mm", "at most outer_mm");
  return screw;
}

LockingPlan read_locking(const Table& table, anatomy::BoneKind bone)
{
  LockingPlan plan;
  plan.name = table.text("name");
  plan.from_tip = table.choice("from", {"tip", "top"}) == "tip";
  plan.distance_mm = size(table, "distance_mm");
  plan.towards = table.named_numbers("towards");
  check_directions(table, "towards", bone, plan.towards);
  plan.before_surface_mm = table.maybe_number("before_surface_mm");
  return plan;
}

PlatePlan read_plate(const Table& table, anatomy::BoneKind bone)
{
  PlatePlan plate;
  plate.width_mm = size(table, "width_mm");
  plate.thickness_mm = size(table, "thickness_mm");
  for (const double holes : rising(table, "holes"))
    plate.holes.push_back(static_cast<int>(std::lround(holes)));
  plate.pitch_mm = size(table, "pitch_mm");
  plate.hole_mm = size(table, "hole_mm");
  plate.gap_mm = size_or_none(table, "gap_mm");
  plate.side = table.named_numbers("side");
  check_directions(table, "side", bone, plate.side);
  plate.least_screws_each_side = table.integer("least_screws_each_side");
  plate.top = table.text("top", "");
  table.require(!(plate.hole_mm >= plate.width_mm), "hole_mm", "less than width_mm");
  table.require(!(plate.thickness_mm > plate.width_mm), "thickness_mm", "at most width_mm");
  return plate;
}

SpanRule read_spans(const Table& table)
{
  return {size_or_none(table, "diameters"), table.text("note", "")};
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
  if (const auto plate = part("plate"))
    to.plate = read_plate(*plate, to.bone);
  if (const auto cement = part("cement"))
    to.cement = CementPlan{size_or_none(*cement, "most_beyond_mm")};
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
  if (plan.method == Method::plate)
  {
    need(plan.plate.has_value(), "plate");
    need(plan.screw.has_value(), "screw");
  }
  if (plan.method == Method::cement)
    need(plan.cement.has_value(), "cement");
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
  const std::string method = table.choice("method", {"nail", "plate", "cement"});
  plan.method = method == "plate"    ? Method::plate
                : method == "cement" ? Method::cement
                                     : Method::nail;
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
