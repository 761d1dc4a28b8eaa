#include "lesion/lesion_shape.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "lesion/outline.hpp"

#include <algorithm>
#include <array>

namespace calcar::lesion
{
namespace
{
/// A number that a shape asks for.
struct SizeKey
{
  const char* key;
  double least; ///< the number is greater than this
  double most;
  bool required = true;
};

/// A shape of the case file: a row here and the function that makes it.
struct ShapeRule
{
  const char* name;
  std::vector<SizeKey> sizes;
  bool radii = false;     ///< asks for radii_mm
  bool direction = false; ///< takes `direction` and `axis`
  const char* filling;    ///< tissue in it when none is named
  Outline (*make)(const Lesion&, const Ground&);
};

Outline sphere(const Lesion& lesion, const Ground& ground)
{
  const Vec3 centre = anatomy::resolve(lesion.centre, ground.bone);
  return {geometry::sphere(centre, lesion.size("radius_mm")), centre, lesion.size("radius_mm")};
}

Outline ellipsoid(const Lesion& lesion, const Ground& ground)
{
  const Vec3 centre = anatomy::resolve(lesion.centre, ground.bone);
  const anatomy::Frame& frame = ground.bone.frame;
  const Vec3 radii{lesion.radii_mm.at("medial"), lesion.radii_mm.at("anterior"),
                   lesion.radii_mm.at("proximal")};
  return {geometry::ellipsoid(centre, radii, {frame.medial, frame.anterior, frame.proximal}),
          centre, std::max({radii.x, radii.y, radii.z})};
}

Outline capsule(const Lesion& lesion, const Ground& ground)
{
  const double radius = lesion.size("radius_mm");
  if (lesion.from && lesion.to)
  {
    const Vec3 a = anatomy::resolve(*lesion.from, ground.bone);
    const Vec3 b = anatomy::resolve(*lesion.to, ground.bone);
    return {geometry::capsule(a, b, radius), 0.5 * (a + b), 0.5 * norm(b - a) + radius};
  }
  const Vec3 centre = anatomy::resolve(lesion.centre, ground.bone);
  const Vec3 axis = lesion.axis.empty()
                        ? local_axis(ground.bone, centre)
                        : normalized(anatomy::named_vector(ground.bone.frame, lesion.axis));
  const double half = 0.5 * lesion.size("length_mm") - radius;
  return {geometry::capsule(centre - half * axis, centre + half * axis, radius), centre,
          half + radius};
}

const std::vector<ShapeRule>& rules()
{
  constexpr const char* tumour = "tumour_lytic";
  static const std::vector<ShapeRule> table = {
      {"sphere", {{"radius_mm", 0, 200}}, false, false, tumour, sphere},
      {"ellipsoid", {}, true, false, tumour, ellipsoid},
      {"capsule", {{"radius_mm", 0, 200}}, false, false, tumour, capsule},
      {"cortical_breach",
       {{"arc_deg", 0, 360}, {"length_mm", 0, 400}, {"depth_mm", 0, 50, false}},
       false,
       true,
       tumour,
       cortical_breach},
      {"endosteal_scalloping",
       {{"depth_mm", 0, 20}, {"arc_deg", 0, 360}, {"length_mm", 0, 400}},
       false,
       true,
       tumour,
       endosteal_scalloping},
      {"transcortical_hole", {{"diameter_mm", 0, 100}}, false, true, tumour, transcortical_hole},
      {"permeative",
       {{"hole_diameter_mm", 0, 20}, {"holes_per_cm3", 0, 1000}},
       true,
       false,
       tumour,
       permeative},
      {"biopsy_hole", {}, false, true, "marrow", biopsy_hole},
  };
  return table;
}

void read_size(const Table& table, const SizeKey& size, Lesion& lesion)
{
  const auto value = size.required ? table.number(size.key) : table.maybe_number(size.key);
  if (!value)
    return;
  const bool millimetres = std::string(size.key).ends_with("_mm");
  const bool degrees = std::string(size.key).ends_with("_deg");
  table.require(*value > size.least && *value <= size.most, size.key,
                "greater than " + format_number(size.least) + " and at most " +
                    format_number(size.most) +
                    (millimetres ? " mm"
                     : degrees   ? " degrees"
                                 : ""));
  lesion.sizes[size.key] = *value;
}

void read_radii(const Table& table, Lesion& lesion)
{
  lesion.radii_mm = table.named_numbers("radii_mm");
  static const std::array names = {"medial", "anterior", "proximal"};
  const bool complete =
      lesion.radii_mm.size() == 3 &&
      std::all_of(names.begin(), names.end(),
                  [&](const char* name) { return lesion.radii_mm.contains(name); });
  if (!complete)
  {
    table.complain("radii_mm", "an ellipsoid needs three semi-axes in radii_mm",
                   "{ medial = .., anterior = .., proximal = .. }", "give all three, in mm");
    return;
  }
  for (const auto& [name, radius] : lesion.radii_mm)
    table.require(radius > 0 && radius <= 200, "radii_mm",
                  "each greater than 0 and at most 200 mm");
}

/// Components along directions that such a bone has, not all of them 0.
std::map<std::string, double> read_direction(const Table& table, anatomy::BoneKind bone,
                                             const std::string& key)
{
  if (!table.has(key))
    return {};
  const auto components = table.named_numbers(key);
  const auto& known = anatomy::direction_names(bone);
  double largest = 0;
  for (const auto& [name, value] : components)
  {
    largest = std::max(largest, std::abs(value));
    if (std::find(known.begin(), known.end(), name) == known.end())
      table.complain(key, "unknown direction \"" + name + "\"", join(known),
                     suggestion(name, known));
  }
  if (largest == 0)
    table.complain(key, "the " + key + " has no length", "{ lateral = 1 }, or several components",
                   "name at least one direction");
  return components;
}

void read_capsule_ends(const Table& table, anatomy::BoneKind bone, Lesion& lesion)
{
  if (table.has("from") || table.has("to"))
  {
    lesion.from = anatomy::read_point(table.table("from"), bone);
    lesion.to = anatomy::read_point(table.table("to"), bone);
    return;
  }
  lesion.centre = anatomy::read_point(table.table("centre"), bone);
  lesion.axis = read_direction(table, bone, "axis");
  read_size(table, {"length_mm", 0, 600}, lesion);
  const auto radius = lesion.sizes.find("radius_mm");
  const auto length = lesion.sizes.find("length_mm");
  if (radius != lesion.sizes.end() && length != lesion.sizes.end())
    table.require(length->second >= 2 * radius->second, "length_mm",
                  "at least twice the radius: the round ends are part of the length",
                  "give a greater length, or a sphere");
}

void read_biopsy(const Table& table, Lesion& lesion)
{
  lesion.form = table.choice("form", {"round", "oblong", "window"}, "round");
  if (lesion.form == "round")
    return read_size(table, {"diameter_mm", 0, 60}, lesion);
  read_size(table, {"width_mm", 0, 60}, lesion);
  read_size(table, {"length_mm", 0, 150}, lesion);
  if (lesion.form == "oblong" && lesion.sizes.size() == 2)
    table.require(lesion.size("length_mm") >= lesion.size("width_mm"), "length_mm",
                  "at least the width: the ends are round", "give a greater length");
}
} // namespace

const std::vector<std::string>& shape_names()
{
  static const std::vector<std::string> names = []
  {
    std::vector<std::string> list;
    for (const ShapeRule& rule : rules())
      list.push_back(rule.name);
    return list;
  }();
  return names;
}

std::string read_shape(const Table& table, anatomy::BoneKind bone, Lesion& lesion)
{
  lesion.shape = table.choice("shape", shape_names());
  const auto rule = std::find_if(rules().begin(), rules().end(),
                                 [&](const ShapeRule& r) { return r.name == lesion.shape; });
  if (rule == rules().end())
  {
    table.known({"centre", "radius_mm", "radii_mm", "direction", "axis"});
    return "tumour_lytic";
  }
  for (const SizeKey& size : rule->sizes)
    read_size(table, size, lesion);
  if (rule->radii)
    read_radii(table, lesion);
  if (rule->direction)
  {
    lesion.direction = read_direction(table, bone, "direction");
    lesion.axis = read_direction(table, bone, "axis");
  }
  if (lesion.shape == "transcortical_hole")
    lesion.both_cortices = table.flag("both_cortices", false);
  if (lesion.shape == "biopsy_hole")
    read_biopsy(table, lesion);
  if (lesion.shape == "capsule")
    read_capsule_ends(table, bone, lesion);
  else
    lesion.centre = anatomy::read_point(table.table("centre"), bone);
  return rule->filling;
}

PlacedLesion place_shape(const Lesion& lesion, const Ground& ground)
{
  const auto rule = std::find_if(rules().begin(), rules().end(),
                                 [&](const ShapeRule& r) { return r.name == lesion.shape; });
  if (rule == rules().end())
    throw std::logic_error("a lesion of an unknown shape: " + lesion.shape);
  Outline outline = rule->make(lesion, ground);
  PlacedLesion placed;
  placed.lesion = lesion;
  placed.centre = outline.centre;
  placed.reach_mm = outline.reach_mm;
  placed.solid = std::move(outline.solid);
  return placed;
}

} // namespace calcar::lesion
