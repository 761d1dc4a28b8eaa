#include "anatomy/region.hpp"

#include "base/files.hpp"
#include "base/table.hpp"
#include "base/text.hpp"
#include "geometry/rotation.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace calcar::anatomy
{

namespace
{

using geometry::without_component;

/// When a point lies in a region; tested in the order of the file.
struct RegionRule
{
  Region region;
  bool along_neck = false;
  std::string landmark;
  double from = 0;
  double to = 0;
};

std::vector<RegionRule> read_rules(BoneKind kind)
{
  const double end = std::numeric_limits<double>::infinity();
  const Table file =
      Table::read(data_folder("materials/anatomy") / (to_string(kind) + "_regions.toml"));
  std::vector<RegionRule> rules;
  for (const Table& entry : file.tables("region"))
  {
    RegionRule rule;
    rule.region = {entry.text("name"), entry.text("words")};
    rule.along_neck = entry.choice("along", {"neck", "shaft"}, "shaft") == "neck";
    rule.landmark = rule.along_neck ? "" : entry.choice("landmark", landmark_names(kind));
    rule.from = entry.maybe_number("from_mm").value_or(-end);
    rule.to = entry.maybe_number(rule.along_neck ? "to_head_radii" : "to_mm").value_or(end);
    rules.push_back(rule);
  }
  file.check();
  return rules;
}

const std::vector<RegionRule>& rules_of(BoneKind kind)
{
  static std::map<BoneKind, std::vector<RegionRule>> known;
  const auto found = known.find(kind);
  return found != known.end() ? found->second : known.emplace(kind, read_rules(kind)).first->second;
}

Vec3 neck_axis(const BoneAnatomy& bone)
{
  return normalized(bone.landmarks.at("femoral_neck_centre") -
                    bone.landmarks.at("femoral_head_centre"));
}

bool holds(const RegionRule& rule, const BoneAnatomy& bone, Vec3 point)
{
  if (rule.along_neck)
  {
    const double along = dot(point - bone.landmarks.at("femoral_head_centre"), neck_axis(bone));
    return along <= rule.to * bone.measures.at("head_radius_mm").value;
  }
  const auto landmark = bone.landmarks.find(rule.landmark);
  if (landmark == bone.landmarks.end())
  {
    return false;
  }
  const double distal = dot(landmark->second - point, bone.frame.proximal);
  return distal >= rule.from && distal <= rule.to;
}

const RegionRule* rule_at(const BoneAnatomy& bone, Vec3 point)
{
  const auto& rules = rules_of(bone.kind);
  const auto found = std::find_if(rules.begin(), rules.end(),
                                  [&](const RegionRule& rule) { return holds(rule, bone, point); });
  return found == rules.end() ? nullptr : &*found;
}

/// One of eight names around a circle, from the component along the first to that along the third.
std::string of_eight(const std::array<const char*, 8>& names, double first, double third)
{
  const double turn = std::atan2(third, first) / (geometry::pi / 4);
  return names[static_cast<std::size_t>((static_cast<int>(std::lround(turn)) + 8) % 8)];
}

/// The centre of the shaft at the level of a point: on the polyline of its centres, run on straight
/// at the ends.
Vec3 shaft_centre_near(const BoneAnatomy& bone, Vec3 point)
{
  const auto& centres = bone.shaft_centres;
  if (centres.size() < 2)
  {
    return bone.cut_centre +
           dot(point - bone.cut_centre, bone.frame.proximal) * bone.frame.proximal;
  }
  const auto height = [&](Vec3 p) { return dot(p, bone.frame.proximal); };
  std::size_t n = 1;
  while (n + 1 < centres.size() && height(centres[n]) > height(point))
  {
    ++n;
  }
  const Vec3 a = centres[n - 1];
  const Vec3 b = centres[n];
  const bool above = n == 1 && height(point) > height(a);
  const Vec3 along = above && norm(bone.shaft_distal) > 0 ? bone.shaft_distal : b - a;
  const double step = (height(point) - height(a)) / height(along);
  return a + step * along;
}

std::string as_words(const std::string& name)
{
  std::string words = name;
  std::replace(words.begin(), words.end(), '_', ' ');
  return words;
}

/// "6 mm distal and 4 mm medial": the components of at least a millimetre, the largest two.
std::string offset_words(const Frame& frame, Vec3 offset)
{
  std::vector<std::pair<double, std::string>> parts;
  for (const std::string& name : direction_names())
  {
    const double amount = dot(offset, direction(frame, name));
    if (amount >= 1)
    {
      parts.emplace_back(amount, std::to_string(std::lround(amount)) + " mm " + name);
    }
  }
  std::sort(parts.begin(), parts.end(),
            [](const auto& a, const auto& b) { return a.first > b.first; });
  std::vector<std::string> words;
  for (std::size_t n = 0; n < std::min<std::size_t>(2, parts.size()); ++n)
  {
    words.push_back(parts[n].second);
  }
  return join(words, " and ");
}

} // namespace

const std::vector<Region>& regions(BoneKind kind)
{
  static std::map<BoneKind, std::vector<Region>> known;
  std::vector<Region>& list = known[kind];
  if (list.empty())
  {
    for (const RegionRule& rule : rules_of(kind))
    {
      list.push_back(rule.region);
    }
  }
  return list;
}

std::string region_of(const BoneAnatomy& bone, Vec3 point)
{
  const RegionRule* rule = rule_at(bone, point);
  return rule ? rule->region.name : "shaft";
}

std::string aspect_of(const BoneAnatomy& bone, Vec3 point)
{
  const RegionRule* rule = rule_at(bone, point);
  const double head_radius = bone.measures.at("head_radius_mm").value;
  if (rule && rule->along_neck)
  {
    const Vec3 axis = neck_axis(bone);
    const Vec3 radial = without_component(point - bone.landmarks.at("femoral_head_centre"), axis);
    const Vec3 up = normalized(without_component(bone.frame.proximal, axis));
    const Vec3 front =
        normalized(without_component(without_component(bone.frame.anterior, axis), up));
    if (norm(radial) < 0.25 * head_radius)
    {
      return "central";
    }
    return of_eight({"superolateral", "anterosuperior", "anterior", "anteroinferior",
                     "inferomedial", "posteroinferior", "posterior", "posterosuperior"},
                    dot(radial, up), dot(radial, front));
  }
  const Vec3 radial =
      without_component(point - shaft_centre_near(bone, point), bone.frame.proximal);
  if (norm(radial) < 0.15 * head_radius)
  {
    return "central";
  }
  return of_eight({"medial", "anteromedial", "anterior", "anterolateral", "lateral",
                   "posterolateral", "posterior", "posteromedial"},
                  dot(radial, bone.frame.medial), dot(radial, bone.frame.anterior));
}

Location locate(const BoneAnatomy& bone, Vec3 point)
{
  Location location;
  location.point = point;
  location.region = region_of(bone, point);
  location.distance_mm = std::numeric_limits<double>::max();
  for (const auto& [name, landmark] : bone.landmarks)
  {
    if (norm(point - landmark) < location.distance_mm)
    {
      location.distance_mm = norm(point - landmark);
      location.landmark = name;
    }
  }
  const RegionRule* rule = rule_at(bone, point);
  location.words =
      (rule ? rule->region.words : to_string(bone.kind)) + ", " + aspect_of(bone, point);
  if (!location.landmark.empty())
  {
    const std::string offset =
        offset_words(bone.frame, point - bone.landmarks.at(location.landmark));
    location.words +=
        ", " + (offset.empty() ? "at" : offset + " of") + " the " + as_words(location.landmark);
  }
  return location;
}

} // namespace calcar::anatomy
