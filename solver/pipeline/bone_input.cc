#include "pipeline/bone_input.hpp"

#include "base/files.hpp"
#include "base/text.hpp"
#include "load/bones.hpp"
#include "mesh/length_unit.hpp"
#include "pipeline/segment_input.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::pipeline
{
namespace
{
using anatomy::BoneKind;
using anatomy::Side;

std::filesystem::path relative_to_case(const Table& table, const std::string& file)
{
  return file.empty() ? std::filesystem::path{} : table.folder() / file;
}

std::vector<int> read_label_numbers(const Table& table)
{
  std::vector<int> labels;
  if (table.has("labels"))
    for (const double label : table.numbers("labels")) // what is no label number counts as 0
      labels.push_back(label == std::floor(label) && label < 1e9 ? static_cast<int>(label) : 0);
  else
    labels.push_back(table.integer("label"));
  const std::string key = table.has("labels") ? "labels" : "label";
  if (table.has("labels") && table.has("label"))
    table.complain("label", "both label and labels are given", "one of them",
                   "write labels = [...] for a bone of several labels");
  const bool positive =
      !labels.empty() && std::all_of(labels.begin(), labels.end(), [](int n) { return n > 0; });
  table.require(positive, key, "labels greater than 0 (0 is background), whole numbers");
  return labels;
}

SurfaceInput read_surface(const Table& table)
{
  SurfaceInput surface;
  surface.place = table.place();
  surface.file = relative_to_case(table, table.text("file"));
  if (table.has("unit"))
  {
    std::vector<std::string> units;
    for (const mesh::LengthUnit& unit : mesh::length_units())
      units.push_back(unit.name);
    surface.unit = table.choice("unit", units);
  }
  surface.density_template = table.choice("template", data_names("materials/bone_templates"));
  return surface;
}

/// What a scheme of labels says of a bone.
struct Meant
{
  std::string bone;
  std::string side;
  std::string level;
};

/// The entry of a label in its scheme; nothing when the table names no scheme. A label that the
/// scheme does not have is complained of.
std::optional<Meant> meaning(const Table& mask, int label)
{
  if (!mask.has("scheme"))
    return std::nullopt;
  const std::string name = mask.choice("scheme", data_names("materials/label_schemes"));
  if (name.empty())
    return std::nullopt;
  const Table scheme =
      Table::read(data_file("materials/label_schemes", name, "label scheme", mask.place()));
  for (const Table& entry : scheme.tables("label"))
    if (entry.integer("number") == label)
      return Meant{entry.text("bone"), entry.text("side", ""), entry.text("level", "")};
  mask.complain("label",
                "label " + std::to_string(label) + " of scheme \"" + name +
                    "\" is none of Calcar's bones",
                join(anatomy::bone_names()), "check the number, or leave scheme out");
  return std::nullopt;
}

void check_against(const std::optional<Meant>& meant, const std::string& key,
                   const std::string& given, const std::string& should_be, const Table& table)
{
  if (meant && !given.empty() && !should_be.empty() && given != should_be)
    table.complain(key,
                   key + " = \"" + given + "\", but the mask's label is that of a " + should_be +
                       " one in its scheme",
                   should_be, "correct " + key + " or the label");
}

std::optional<Side> side_of(const Table& table, BoneKind kind, const std::optional<Meant>& meant)
{
  const std::string bone = anatomy::to_string(kind);
  if (kind == BoneKind::vertebra)
  {
    if (table.has("side"))
      table.complain("side", "a vertebra has no side", "", "remove the key");
    return Side::midline;
  }
  std::string side = table.has("side") || !meant ? "" : meant->side;
  if (side.empty() && (kind != BoneKind::skull || table.has("side")))
    side = table.choice("side", {"left", "right"});
  if (meant)
    check_against(meant, "side", side, meant->side == "midline" ? "" : meant->side, table);
  if (side == "left")
    return Side::left;
  if (side == "right")
    return Side::right;
  return std::nullopt;
}

std::string level_of(const Table& table, BoneKind kind, const std::optional<Meant>& meant)
{
  const auto& levels = level_names(kind);
  if (levels.empty())
  {
    if (table.has("level"))
      table.complain("level", "a " + anatomy::to_string(kind) + " has no level", "",
                     "remove the key: vertebrae and ribs have one");
    return "";
  }
  const std::string given = table.has("level") ? table.choice("level", levels) : "";
  if (meant)
    check_against(meant, "level", given, meant->level, table);
  const std::string level = given.empty() && meant ? meant->level : given;
  if (!level.empty() && std::find(levels.begin(), levels.end(), level) == levels.end())
    table.complain("mask", "level " + level + " is not computed", join(levels),
                   "atlas and axis have another shape than the other vertebrae");
  return level;
}

/// Where the bone's shape and density come from.
void read_images(const Table& table, BoneInput& bone, std::optional<Meant>& meant)
{
  if (const auto surface = table.maybe_table("surface"))
  {
    bone.surface = read_surface(*surface);
    bone.specimen = true; // a surface has no patient's directions
    for (const char* key : {"image", "mask", "orientation", "extend_shaft_mm", "growth_plates"})
      if (table.has(key))
        table.complain(key, std::string(key) + " has no meaning beside a surface", "",
                       "remove it, or remove surface");
    return;
  }
  bone.image = relative_to_case(table, table.text("image"));
  const Table mask = table.table("mask");
  bone.mask = read_bone_labels(mask);
  meant = meaning(mask, bone.mask.labels.front());
  if (const auto plates = table.maybe_table("growth_plates"))
    bone.growth_plates = read_bone_labels(*plates);
  bone.specimen = table.choice("orientation", {"patient", "specimen"}, "patient") == "specimen";
}
} // namespace

BoneLabels read_bone_labels(const Table& table)
{
  BoneLabels choice;
  choice.place = table.place();
  choice.file = relative_to_case(table, table.text("file"));
  choice.labels = read_label_numbers(table);
  return choice;
}

std::string kind_name(const BoneInput& bone)
{
  return bone.segment.empty() ? anatomy::to_string(bone.kind) : load::spine_segment;
}

std::size_t index_vertebra(const BoneInput& bone)
{
  const auto found =
      std::find_if(bone.segment.begin(), bone.segment.end(),
                   [&](const SegmentVertebra& vertebra) { return vertebra.level == bone.level; });
  return static_cast<std::size_t>(found - bone.segment.begin());
}

const std::vector<std::string>& level_names(BoneKind kind)
{
  static const std::vector<std::string> vertebrae = {
      "C3", "C4", "C5", "C6",  "C7",  "T1",  "T2", "T3", "T4", "T5", "T6",
      "T7", "T8", "T9", "T10", "T11", "T12", "L1", "L2", "L3", "L4", "L5"};
  static const std::vector<std::string> ribs = {"1", "2", "3", "4",  "5",  "6",
                                                "7", "8", "9", "10", "11", "12"};
  static const std::vector<std::string> none;
  return kind == BoneKind::vertebra ? vertebrae : kind == BoneKind::rib ? ribs : none;
}

BoneInput read_bone(const Table& table)
{
  BoneInput bone;
  bone.place = table.place();
  std::vector<std::string> kinds = anatomy::bone_names();
  kinds.push_back(load::spine_segment);
  const std::string kind = table.choice("kind", kinds);
  if (kind.empty())
  {
    table.known(table.keys());
    return bone;
  }
  if (kind == load::spine_segment)
  {
    read_segment(table, bone);
    return bone;
  }
  bone.kind = anatomy::bone_kind(kind);
  std::optional<Meant> meant;
  read_images(table, bone, meant);
  if (meant && meant->bone != kind)
    table.complain("mask",
                   "the mask's label is a " + meant->bone + " in its scheme, kind says " + kind, "",
                   "correct kind or the label");
  else
  {
    bone.side = side_of(table, bone.kind, meant);
    bone.level = level_of(table, bone.kind, meant);
  }
  if (!bone.surface)
    bone.extend_shaft_mm = table.number("extend_shaft_mm", 0.0);
  table.require(bone.extend_shaft_mm >= 0 && bone.extend_shaft_mm <= 500, "extend_shaft_mm",
                "0 to 500 mm");
  if (bone.extend_shaft_mm > 0 && bone.kind != BoneKind::femur)
    table.complain("extend_shaft_mm", "the shaft of a " + kind + " is not extended", "a femur",
                   "remove the key");
  return bone;
}

BoneInput read_further_bone(const Table& table, const BoneInput& bone, std::optional<Side> side)
{
  BoneInput other = bone;
  other.place = table.place();
  other.side = side;
  other.growth_plates.reset();
  if (table.has("image"))
    other.image = relative_to_case(table, table.text("image"));
  const Table mask = table.table("mask");
  other.mask = read_bone_labels(mask);
  const std::optional<Meant> meant = meaning(mask, other.mask.labels.front());
  const std::string kind = anatomy::to_string(bone.kind);
  if (meant && meant->bone != kind)
    table.complain("mask",
                   "the mask's label is a " + meant->bone + " in its scheme, the bone a " + kind,
                   "", "choose the label of the same bone");
  else if (meant && side && meant->side != anatomy::to_string(*side))
    table.complain("mask", "the mask's label is a " + meant->side + " " + kind + " in its scheme",
                   "a " + anatomy::to_string(*side) + " " + kind, "choose the label of that side");
  return other;
}

} // namespace calcar::pipeline
