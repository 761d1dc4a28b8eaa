#include "implant/template_parts.hpp"

#include "base/text.hpp"
#include "implant/template_values.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace calcar::implant
{
namespace
{
Steps read_steps(const Table& table)
{
  const std::vector<double> range = table.numbers("lengths_mm");
  table.require(range.size() == 2 && range[0] > 0 && range[1] >= range[0], "lengths_mm",
                "the shortest and the longest", "lengths_mm = [20, 100]");
  const double step = size(table, "length_step_mm");
  return range.size() == 2 ? Steps{range[0], range[1], step} : Steps{};
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

void check_landmark(const Table& table, const std::string& key, anatomy::BoneKind bone,
                    const std::string& name)
{
  const auto& known = anatomy::landmark_names(bone);
  table.require(std::find(known.begin(), known.end(), name) != known.end(), key, join(known),
                suggestion(name, known));
}
} // namespace

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
  nail.entry_shift_mm = size_or_none(table, "entry_shift_mm");
  nail.entry_towards = table.named_numbers("entry_towards");
  if (!nail.entry_towards.empty())
    check_directions(table, "entry_towards", bone, nail.entry_towards);
  nail.from_distal = table.choice("goes_in", {"proximal", "distal"}, "proximal") == "distal";
  nail.ends_before = table.text("ends_before");
  nail.ends_before_mm = table.number("ends_before_mm");
  check_landmark(table, "ends_before", bone, nail.ends_before);
  table.require(!nail.from_distal || nail.entry, "entry", "the entry of a nail from distal",
                "entry = { landmark = \"intercondylar_notch\" }");
  table.require(nail.diameters_mm.empty() || nail.cannula_mm < nail.diameters_mm.front(),
                "cannula_mm", "less than the smallest diameter");
  return nail;
}

LagPlan read_lag(const Table& table)
{
  LagPlan lag;
  lag.kind = table.choice("kind", {"screw", "blade"}, "screw") == "blade"
                 ? ComponentKind::blade
                 : ComponentKind::lag_screw;
  lag.angles_deg = rising(table, "angles_deg");
  lag.lengths = read_steps(table);
  lag.diameter_mm = size(table, "diameter_mm");
  lag.shank_mm = size_or_none(table, "shank_mm");
  lag.cannula_mm = size_or_none(table, "cannula_mm");
  lag.least_tip_mm = size(table, "least_tip_mm");
  lag.most_tip_mm = size(table, "most_tip_mm");
  lag.least_wall_mm = size_or_none(table, "least_wall_mm");
  table.require(!(lag.most_tip_mm - lag.least_tip_mm < lag.lengths.step_mm), "most_tip_mm",
                "at least one step of length more than least_tip_mm",
                "else no length need fit between them");
  return lag;
}

BarrelPlan read_barrel(const Table& table)
{
  return {size(table, "diameter_mm"), size(table, "length_mm"), size(table, "from_top_mm"),
          size(table, "first_hole_mm")};
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
  plate.bottom = table.text("bottom", "");
  for (const auto& [key, name] : {std::pair("top", plate.top), std::pair("bottom", plate.bottom)})
    if (!name.empty())
      check_landmark(table, key, bone, name);
  table.require(plate.top.empty() || plate.bottom.empty(), "bottom", "either top or bottom",
                "the other end follows from the number of holes");
  plate.beyond_mm = size_or_none(table, "beyond_mm");
  plate.head_mm = size_or_none(table, "head_mm");
  plate.bridge_mm = size_or_none(table, "bridge_mm");
  plate.screws_each_end = table.integer("screws_each_end", 0);
  if (const auto usual = table.maybe_number("usual_holes"))
    plate.usual_holes = static_cast<int>(std::lround(*usual));
  table.require(!(plate.hole_mm >= plate.width_mm), "hole_mm", "less than width_mm");
  table.require(!(plate.thickness_mm > plate.width_mm), "thickness_mm", "at most width_mm");
  return plate;
}

EndScrews read_end_screws(const Table& sizes, const std::vector<Table>& places,
                          anatomy::BoneKind bone)
{
  EndScrews end;
  end.screw = read_screw(sizes);
  end.before_surface_mm = size(sizes, "before_surface_mm");
  end.least_wall_mm = size_or_none(sizes, "least_wall_mm");
  end.least = sizes.integer("least");
  for (const Table& table : places)
  {
    EndScrewPlan plan;
    plan.name = table.text("name");
    plan.from_end_mm = size(table, "from_end_mm");
    plan.aside_mm = table.named_numbers("aside_mm");
    if (!plan.aside_mm.empty())
      check_directions(table, "aside_mm", bone, plan.aside_mm);
    plan.aim = table.text("aim", "");
    plan.aim_offset_mm = table.named_numbers("aim_offset_mm");
    plan.towards = table.named_numbers("towards");
    if (plan.aim.empty())
      check_directions(table, "towards", bone, plan.towards);
    else
      check_landmark(table, "aim", bone, plan.aim);
    if (!plan.aim_offset_mm.empty())
      check_directions(table, "aim_offset_mm", bone, plan.aim_offset_mm);
    end.at.push_back(plan);
  }
  sizes.require(end.least <= static_cast<int>(end.at.size()), "least",
                "at most the number of [[end_screw]]");
  return end;
}

} // namespace calcar::implant
