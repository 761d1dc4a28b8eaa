#include "load/rig.hpp"

#include "base/files.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace calcar::load
{
namespace
{
FallAngles read_fall(const Table& table)
{
  FallAngles angles;
  angles.shaft_from_horizontal_deg = table.number("shaft_from_horizontal_deg");
  angles.internal_rotation_deg = table.number("internal_rotation_deg");
  for (const std::string key : {"shaft_from_horizontal_deg", "internal_rotation_deg"})
    table.require(std::abs(table.number(key)) <= 90, key, "-90 to 90 degrees");
  return angles;
}

SupportPlan read_support(const Table& table, const RigPlan& plan)
{
  SupportPlan support;
  support.name = table.text("name");
  std::vector<std::string> areas;
  for (const Area& area : plan.areas)
    areas.push_back(area.name);
  support.area = table.choice("area", areas);
  support.of_bone = table.has("of_bone") ? table.choice("of_bone", {"whole", "cut"}) : "";
  if (table.choice("kind", {"clamped", "springs"}) != "springs")
    return support;

  support.kind = SupportKind::springs;
  support.directions = table.texts("directions");
  table.require(!support.directions.empty(), "directions", "one to three named directions");
  auto known = anatomy::direction_names(plan.bone);
  if (plan.fall)
    known.insert(known.end(), {"fall", "across_fall"});
  for (const std::string& name : support.directions)
    if (std::find(known.begin(), known.end(), name) == known.end())
      table.complain("directions", "unknown direction \"" + name + "\"", join(known),
                     suggestion(name, known));
  support.stiffness_N_per_mm = table.number("stiffness_N_per_mm");
  table.require(support.stiffness_N_per_mm > 0, "stiffness_N_per_mm", "more than 0");
  return support;
}

Vec3 support_direction(const std::string& name, const anatomy::BoneAnatomy& bone, Vec3 fall)
{
  if (name == "fall")
    return fall;
  if (name == "across_fall")
    return normalized(cross(bone.frame.proximal, fall));
  return anatomy::direction(bone.frame, name);
}

/// True for what the rig has on every bone, or only on a whole or only on a cut one.
bool is_for(const std::string& of_bone, const anatomy::BoneAnatomy& bone)
{
  return of_bone.empty() || (of_bone == "whole") == bone.whole;
}

void read_areas(RigPlan& plan, const Table& table)
{
  for (const Table& entry : table.tables("area"))
  {
    plan.areas.push_back(read_area(entry, plan.bone, plan.layers, plan.segment));
    const Area& area = plan.areas.back();
    if (!plan.fall && (!area.against.empty() || !area.facing.empty()))
      entry.complain("name", "area \"" + area.name + "\" follows the fall, the rig has none", "",
                     "add [fall] with its angles");
  }
  std::vector<std::string> names;
  for (const Area& area : plan.areas)
    names.push_back(area.name);
  for (const Area& area : plan.areas)
    if (!area.line_to.empty() && plan.area(area.line_to) == nullptr)
      table.complain("area", "line_to names an area \"" + area.line_to + "\" that is not there",
                     join(names), suggestion(area.line_to, names));
}

/// bone = "spine_segment" is a rig of several vertebrae.
void read_bone(RigPlan& plan, const Table& table)
{
  auto bones = anatomy::bone_names();
  bones.push_back(spine_segment);
  const std::string bone = table.choice("bone", bones);
  plan.segment = bone == spine_segment;
  if (plan.segment)
    plan.in_place_of = table.choice("in_place_of", data_names("cases/rigs"));
  if (!bone.empty())
    plan.bone = plan.segment ? anatomy::BoneKind::vertebra : anatomy::bone_kind(bone);
}

Support make_support(const SupportPlan& plan, const Area& area, const anatomy::BoneAnatomy& bone,
                     Vec3 fall)
{
  Support support{plan.name, plan.kind, make_patch(area, bone, fall), {}, plan.stiffness_N_per_mm};
  for (const std::string& name : plan.directions)
    support.directions.push_back(support_direction(name, bone, fall));
  return support;
}

Vec3 without(Vec3 vector, Vec3 unit)
{
  return vector - dot(vector, unit) * unit;
}
} // namespace

const Area* RigPlan::area(const std::string& name) const
{
  const auto found =
      std::find_if(areas.begin(), areas.end(), [&](const Area& area) { return area.name == name; });
  return found == areas.end() ? nullptr : &*found;
}

RigPlan read_rig(const std::filesystem::path& file)
{
  const Table table = Table::read(file);
  RigPlan plan;
  plan.record = material::read_record(table);
  read_bone(plan, table);
  if (const auto fall = table.maybe_table("fall"))
    plan.fall = read_fall(*fall);
  plan.needs = read_needs(table);
  if (table.has("inertia_relief"))
    plan.inertia_relief = table.choice("inertia_relief", {"always", "whole", "cut"});
  for (const Table& entry : table.tables("layer"))
    plan.layers.push_back(read_layer(entry, plan.bone, plan.segment));
  read_areas(plan, table);
  for (const Table& entry : table.tables("support"))
    plan.supports.push_back(read_support(entry, plan));
  if (plan.supports.empty())
    table.complain("support", "there is no [[support]]", "at least one", "nothing holds the bone");
  table.check();
  return plan;
}

RigPlan rig_plan(const std::string& name, const std::string& place)
{
  return read_rig(data_file("cases/rigs", name, "rig", place));
}

Vec3 fall_direction(const FallAngles& angles, const anatomy::BoneAnatomy& bone)
{
  const std::string what = "direction of the fall";
  const Vec3 neck =
      landmark(bone, "femoral_head_centre", what) - landmark(bone, "femoral_neck_centre", what);
  const Vec3 proximal = bone.frame.proximal;
  const Vec3 n = normalized(without(neck, proximal));
  Vec3 a = cross(proximal, n);
  if (dot(a, bone.frame.anterior) < 0)
    a = -a;
  const double tilt = angles.shaft_from_horizontal_deg * std::numbers::pi / 180;
  const double turn = angles.internal_rotation_deg * std::numbers::pi / 180;
  return -(std::cos(tilt) * (std::cos(turn) * n + std::sin(turn) * a) - std::sin(tilt) * proximal);
}

Vec3 fall_of(const RigPlan& plan, const anatomy::BoneAnatomy& bone)
{
  return plan.fall ? fall_direction(*plan.fall, bone) : Vec3{};
}

std::map<std::string, std::string> rigs_of_segments()
{
  std::map<std::string, std::string> rigs;
  for (const std::string& name : data_names("cases/rigs"))
    if (const Table table = Table::read(data_file("cases/rigs", name, "rig", ""));
        table.text("bone", "") == spine_segment)
      rigs[table.text("in_place_of", "")] = name;
  return rigs;
}

Rig make_rig(const RigPlan& plan, Bones bones)
{
  const anatomy::BoneAnatomy& bone = bones.front();
  if (plan.bone != bone.kind || plan.segment != (bones.size() > 1))
    throw InputError(Fault::command,
                     {"rig \"" + plan.record.name + "\"",
                      "it is for the " +
                          (plan.segment ? "spine segment" : anatomy::to_string(plan.bone)) +
                          ", the bone is a " + in_words(bones),
                      "", "choose an activity of this bone", ""});
  check_needs(plan.needs, bone, plan.record.name);
  const Vec3 fall = fall_of(plan, bone);
  Rig rig;
  rig.name = plan.record.name;
  rig.words = plan.record.words;
  rig.source = plan.record.source;
  rig.status = material::to_string(plan.record.status);
  rig.doubt = material::doubt(plan.record.status);
  rig.file = plan.record.file;
  rig.inertia_relief = plan.inertia_relief == "always" ||
                       (!plan.inertia_relief.empty() && is_for(plan.inertia_relief, bone));
  for (const LayerPlan& layer : plan.layers)
    if (is_for(layer.of_bone, bone))
      for (Layer& made : make_layers(layer, bones, rig.warnings))
        rig.layers.push_back(std::move(made));
  for (const SupportPlan& support : plan.supports)
    if (is_for(support.of_bone, bone))
    {
      const Area& area = *plan.area(support.area);
      rig.supports.push_back(make_support(support, area, bone_of(area.of, bones), fall));
    }
  if (rig.supports.empty())
    throw InputError(Fault::data,
                     {"rig \"" + plan.record.name + "\"",
                      std::string("nothing holds a ") + (bone.whole ? "whole" : "partial") + " " +
                          anatomy::to_string(bone.kind) + " in it",
                      bone.whole ? "a part of the bone" : "a whole bone",
                      "choose an activity of another rig", ""});
  return rig;
}

Rig make_rig(const std::string& name, Bones bones, const std::string& place)
{
  return make_rig(rig_plan(name, place), bones);
}

Rig make_rig(const RigPlan& plan, const anatomy::BoneAnatomy& bone)
{
  return make_rig(plan, Bones(&bone, 1));
}

Rig make_rig(const std::string& name, const anatomy::BoneAnatomy& bone, const std::string& place)
{
  return make_rig(rig_plan(name, place), Bones(&bone, 1));
}

} // namespace calcar::load
