#include "anatomy/region.hpp"

#include "base/files.hpp"
#include "base/table.hpp"
#include "base/text.hpp"
#include "geometry/rotation.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>

namespace calcar::anatomy
{

namespace
{

using geometry::without_component;

/// A test of where a point lies.
struct PlaceTest
{
  enum class Kind
  {
    neck,    ///< mm from the head centre along the neck's axis
    level,   ///< mm distal of a landmark
    between, ///< share of the way from one landmark to another
    ball     ///< mm from a landmark
  };
  Kind kind = Kind::level;
  std::string landmark;
  std::string other; ///< between
  double from = 0;   ///< mm, head radii (neck) or a share (between)
  double to = 0;
  std::string measure; ///< ball: `to` counts in this measure of the bone
};

/// When a point lies in a region: all tests hold. Tried in the order of the file.
struct RegionRule
{
  Region region;
  std::vector<PlaceTest> tests;
};

constexpr double without_end = std::numeric_limits<double>::infinity();

PlaceTest read_between(const Table& entry, BoneKind kind, const std::string& prefix)
{
  PlaceTest test;
  test.kind = PlaceTest::Kind::between;
  const std::vector<std::string> ends = entry.texts(prefix + "between");
  const auto& names = landmark_names(kind);
  const auto known = [&](const std::string& name)
  { return std::find(names.begin(), names.end(), name) != names.end(); };
  if (ends.size() == 2 && known(ends[0]) && known(ends[1]))
  {
    test.landmark = ends[0];
    test.other = ends[1];
  }
  else
  {
    entry.complain(prefix + "between", "these are not two landmarks of a " + to_string(kind),
                   join(names), "name two of them");
  }
  test.from = entry.maybe_number(prefix + "from").value_or(-without_end);
  test.to = entry.maybe_number(prefix + "to").value_or(without_end);
  return test;
}

PlaceTest read_by_landmark(const Table& entry, BoneKind kind)
{
  PlaceTest test;
  test.landmark = entry.choice("landmark", landmark_names(kind));
  test.measure = entry.text("within_measure", "");
  const bool ball = entry.has("within_mm") || !test.measure.empty();
  if (ball)
  {
    test.kind = PlaceTest::Kind::ball;
    test.to = test.measure.empty() ? entry.number("within_mm") : entry.number("within_factor", 1.0);
    return test;
  }
  test.from = entry.maybe_number("from_mm").value_or(-without_end);
  test.to = entry.maybe_number("to_mm").value_or(without_end);
  return test;
}

RegionRule read_rule(const Table& entry, BoneKind kind)
{
  RegionRule rule;
  rule.region = {entry.text("name"), entry.text("words")};
  if (entry.choice("along", {"neck", "shaft"}, "shaft") == "neck")
  {
    const double to = entry.maybe_number("to_head_radii").value_or(without_end);
    rule.tests.push_back({PlaceTest::Kind::neck, "", "", -without_end, to, ""});
    return rule;
  }
  if (entry.has("landmark"))
  {
    rule.tests.push_back(read_by_landmark(entry, kind));
  }
  if (entry.has("between"))
  {
    rule.tests.push_back(read_between(entry, kind, ""));
  }
  if (entry.has("also_between"))
  {
    rule.tests.push_back(read_between(entry, kind, "also_"));
  }
  return rule; // without a test it holds everywhere: the rest of the bone
}

std::vector<RegionRule> read_rules(BoneKind kind)
{
  const Table file =
      Table::read(data_folder("materials/anatomy") / (to_string(kind) + "_regions.toml"));
  std::vector<RegionRule> rules;
  for (const Table& entry : file.tables("region"))
  {
    rules.push_back(read_rule(entry, kind));
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

/// How far along a test's own axis a point lies; nothing when a landmark it needs is not there.
std::optional<double> coordinate(const PlaceTest& test, const BoneAnatomy& bone, Vec3 point)
{
  if (test.kind == PlaceTest::Kind::neck)
  {
    return dot(point - bone.landmarks.at("femoral_head_centre"), neck_axis(bone)) /
           bone.measures.at("head_radius_mm").value;
  }
  const auto landmark = bone.landmarks.find(test.landmark);
  if (landmark == bone.landmarks.end())
  {
    return std::nullopt;
  }
  if (test.kind == PlaceTest::Kind::level)
  {
    return dot(landmark->second - point, bone.frame.proximal);
  }
  if (test.kind == PlaceTest::Kind::ball)
  {
    const auto measure = bone.measures.find(test.measure);
    const bool in_measure = measure != bone.measures.end();
    if (!test.measure.empty() && !in_measure)
    {
      return std::nullopt;
    }
    return norm(point - landmark->second) / (in_measure ? measure->second.value : 1);
  }
  const auto other = bone.landmarks.find(test.other);
  if (other == bone.landmarks.end())
  {
    return std::nullopt;
  }
  const Vec3 way = other->second - landmark->second;
  return dot(point - landmark->second, way) / dot(way, way);
}

bool holds(const RegionRule& rule, const BoneAnatomy& bone, Vec3 point)
{
  return std::all_of(rule.tests.begin(), rule.tests.end(),
                     [&](const PlaceTest& test)
                     {
                       const auto at = coordinate(test, bone, point);
                       return at && *at >= test.from && *at <= test.to;
                     });
}

bool is_along_neck(const RegionRule* rule)
{
  return rule && !rule->tests.empty() && rule->tests.front().kind == PlaceTest::Kind::neck;
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
std::string offset_words(const BoneAnatomy& bone, Vec3 offset)
{
  std::vector<std::pair<double, std::string>> parts;
  const auto& names = direction_names(bone.kind);
  for (std::size_t n = 0; n < 6; ++n) // each direction by its first name
  {
    const std::string& name = names[n];
    const double amount = dot(offset, direction(bone.frame, name));
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
  return rule ? rule->region.name : bone.kind == BoneKind::femur ? "shaft" : "";
}

namespace
{

std::string aspect_of_neck(const BoneAnatomy& bone, Vec3 point)
{
  const Vec3 axis = neck_axis(bone);
  const Vec3 radial = without_component(point - bone.landmarks.at("femoral_head_centre"), axis);
  const Vec3 up = normalized(without_component(bone.frame.proximal, axis));
  const Vec3 front =
      normalized(without_component(without_component(bone.frame.anterior, axis), up));
  if (norm(radial) < 0.25 * bone.measures.at("head_radius_mm").value)
  {
    return "central";
  }
  return of_eight({"superolateral", "anterosuperior", "anterior", "anteroinferior", "inferomedial",
                   "posteroinferior", "posterior", "posterosuperior"},
                  dot(radial, up), dot(radial, front));
}

/// Nearer than this to the axis of a bone a place is central, mm.
double central_mm(const BoneAnatomy& bone)
{
  const auto head = bone.measures.find("head_radius_mm");
  if (bone.kind == BoneKind::femur && head != bone.measures.end())
  {
    return 0.15 * head->second.value;
  }
  const auto shaft = bone.measures.find("shaft_radius_mm");
  return shaft != bone.measures.end() ? 0.25 * shaft->second.value : 3;
}

std::string aspect_of_limb(const BoneAnatomy& bone, Vec3 point)
{
  const Vec3 radial =
      without_component(point - shaft_centre_near(bone, point), bone.frame.proximal);
  if (norm(radial) < central_mm(bone))
  {
    return "central";
  }
  return of_eight({"medial", "anteromedial", "anterior", "anterolateral", "lateral",
                   "posterolateral", "posterior", "posteromedial"},
                  dot(radial, bone.frame.medial), dot(radial, bone.frame.anterior));
}

std::string aspect_of_vertebra(const BoneAnatomy& bone, Vec3 point)
{
  const Vec3 radial = without_component(point - bone.frame.origin, bone.frame.proximal);
  if (norm(radial) < central_mm(bone))
  {
    return "central";
  }
  return of_eight({"right", "right anterior", "anterior", "left anterior", "left", "left posterior",
                   "posterior", "right posterior"},
                  dot(radial, bone.frame.medial), dot(radial, bone.frame.anterior));
}

} // namespace

std::string aspect_of(const BoneAnatomy& bone, Vec3 point)
{
  switch (bone.kind)
  {
  case BoneKind::femur:
    return is_along_neck(rule_at(bone, point)) ? aspect_of_neck(bone, point)
                                               : aspect_of_limb(bone, point);
  case BoneKind::tibia:
  case BoneKind::humerus:
    return aspect_of_limb(bone, point);
  case BoneKind::vertebra:
    return aspect_of_vertebra(bone, point);
  default: // of curved and flat bones region and landmark say it
    return "";
  }
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
  const std::string aspect = aspect_of(bone, point);
  location.words = rule ? rule->region.words : to_string(bone.kind);
  location.words += aspect.empty() ? "" : ", " + aspect;
  if (!location.landmark.empty())
  {
    const std::string offset = offset_words(bone, point - bone.landmarks.at(location.landmark));
    location.words +=
        ", " + (offset.empty() ? "at" : offset + " of") + " the " + as_words(location.landmark);
  }
  return location;
}

} // namespace calcar::anatomy
