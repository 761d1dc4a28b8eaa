#include "pipeline/segment_input.hpp"

#include "base/files.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

namespace calcar::pipeline
{
namespace
{
using Labels = std::map<std::string, int>; ///< by level

const std::vector<std::string>& levels()
{
  return level_names(anatomy::BoneKind::vertebra);
}

/// The vertebrae of a label scheme.
Labels vertebrae_of_scheme(const Table& mask)
{
  Labels labels;
  const std::string name = mask.choice("scheme", data_names("materials/label_schemes"));
  if (name.empty())
    return labels;
  const Table scheme =
      Table::read(data_file("materials/label_schemes", name, "label scheme", mask.place()));
  for (const Table& entry : scheme.tables("label"))
    if (entry.text("bone") == "vertebra")
      labels[entry.text("level", "")] = entry.integer("number");
  return labels;
}

/// levels = ["L2", "L3"], of a scheme.
Labels read_named(const Table& mask)
{
  const Labels known = vertebrae_of_scheme(mask);
  Labels labels;
  for (const std::string& level : mask.texts("levels"))
    if (const auto found = known.find(level); found == known.end())
    {
      if (std::find(levels().begin(), levels().end(), level) != levels().end() && !known.empty())
        mask.complain("levels", "the scheme has no label for " + level, "", "choose other levels");
      else
        labels[level] = 0; // told as unknown with the others
    }
    else if (!labels.insert(*found).second)
      mask.complain("levels", "level " + level + " is there twice", "each once", "");
  return labels;
}

/// levels = { L2 = 11, L3 = 12 }.
Labels read_numbered(const Table& mask)
{
  Labels labels;
  std::set<int> seen;
  for (const auto& [level, number] : mask.named_numbers("levels"))
  {
    const int label = static_cast<int>(std::lround(number));
    if (!(label > 0) || label != number)
      mask.complain("levels", "the label of " + level + " is " + format_number(number),
                    "whole numbers greater than 0 (0 is background)", "");
    else if (!seen.insert(label).second)
      mask.complain("levels", "label " + std::to_string(label) + " stands for two levels",
                    "a label of its own for each vertebra", "");
    labels[level] = label;
  }
  return labels;
}

/// In the order of the spine; unknown levels are complained of.
std::vector<SegmentVertebra> in_order(const Table& mask, Labels labels)
{
  std::vector<SegmentVertebra> vertebrae;
  for (const std::string& level : levels())
    if (const auto found = labels.find(level); found != labels.end())
    {
      vertebrae.push_back({level, found->second});
      labels.erase(found);
    }
  for (const auto& [level, label] : labels)
    mask.complain("levels", "unknown level \"" + level + "\"", join(levels()),
                  suggestion(level, levels()));
  return vertebrae;
}

void require_neighbours(const Table& mask, const std::vector<SegmentVertebra>& vertebrae)
{
  const auto number = [](const SegmentVertebra& vertebra)
  { return std::find(levels().begin(), levels().end(), vertebra.level) - levels().begin(); };
  if (vertebrae.size() < fewest_vertebrae || vertebrae.size() > most_vertebrae)
    mask.complain("levels", "the segment has " + std::to_string(vertebrae.size()) + " vertebrae",
                  std::to_string(fewest_vertebrae) + " to " + std::to_string(most_vertebrae),
                  "for one vertebra write kind = \"vertebra\"");
  for (std::size_t n = 0; n + 1 < vertebrae.size(); ++n)
    if (number(vertebrae[n + 1]) != number(vertebrae[n]) + 1)
      mask.complain("levels",
                    "between " + vertebrae[n].level + " and " + vertebrae[n + 1].level +
                        " the segment has a gap",
                    "neighbouring vertebrae", "name those between them too");
}

void refuse_keys(const Table& table, const Table& mask)
{
  const auto refuse = [](const Table& in, const char* key, const std::string& why)
  {
    if (in.has(key))
      in.complain(key, std::string(key) + " has no meaning for a spine segment: " + why, "",
                  "remove the key");
  };
  refuse(table, "side", "vertebrae have no side");
  refuse(table, "surface", "its vertebrae are told apart by their labels in an image");
  refuse(table, "growth_plates", "growth plates are computed in a single vertebra only");
  refuse(table, "extend_shaft_mm", "only the shaft of a femur is extended");
  refuse(mask, "label", "each level has its own, levels = { L2 = 11, L3 = 12 }");
  refuse(mask, "labels", "each level has its own, levels = { L2 = 11, L3 = 12 }");
}

std::vector<SegmentVertebra> read_levels(const Table& mask)
{
  if (!mask.has("levels"))
  {
    mask.complain("levels", "the levels of the segment's vertebrae are not given",
                  "levels = { L2 = 11, L3 = 12 }, or levels = [\"L2\", \"L3\"] with a scheme",
                  "name each vertebra with its label");
    mask.has("scheme");
    return {};
  }
  const std::vector<SegmentVertebra> vertebrae =
      in_order(mask, mask.has("scheme") ? read_named(mask) : read_numbered(mask));
  require_neighbours(mask, vertebrae);
  return vertebrae;
}
} // namespace

void read_segment(const Table& table, BoneInput& bone)
{
  bone.kind = anatomy::BoneKind::vertebra;
  bone.side = anatomy::Side::midline;
  bone.image = table.folder() / table.text("image");
  const Table mask = table.table("mask");
  refuse_keys(table, mask);
  bone.mask.place = mask.place();
  bone.mask.file = table.folder() / mask.text("file");
  bone.segment = read_levels(mask);
  std::vector<std::string> names;
  for (const SegmentVertebra& vertebra : bone.segment)
  {
    bone.mask.labels.push_back(vertebra.label);
    names.push_back(vertebra.level);
  }
  const std::string middle = names.empty() ? "" : names[(names.size() - 1) / 2];
  bone.level = table.has("level") && names.empty() ? table.text("level")
                                                   : table.choice("level", names, middle);
  bone.specimen = table.choice("orientation", {"patient", "specimen"}, "patient") == "specimen";
}

} // namespace calcar::pipeline
