#include "load/area.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace calcar::load
{
namespace
{
/// A head is no sphere, and voxel nodes lie off it: points farther out than this belong to the neck
/// or trochanter.
constexpr double farthest_on_head = 1.35;

/// 1 in the middle, falling smoothly to 0 at the rim, t = 1.
double bell(double t)
{
  return t < 1 ? (1 - t * t) * (1 - t * t) : 0;
}

void read_cap(Area& area, const Table& table)
{
  area.landmark = table.text("landmark");
  area.radius_measure = table.text("radius_measure");
  area.towards = table.named_numbers("towards");
  area.against = table.has("against") ? table.choice("against", {"fall"}) : "";
  if (area.towards.empty() == area.against.empty())
    table.complain("towards", "the pole of the cap is not clear", "one of towards and against",
                   "write towards = { proximal = 1 } or against = \"fall\"");
  area.half_angle_deg = table.number("half_angle_deg");
  table.require(area.half_angle_deg > 5 && area.half_angle_deg <= 90, "half_angle_deg",
                "5 to 90 degrees");
}

double read_positive(const Table& table, const std::string& key)
{
  const double value = table.number(key);
  table.require(value > 0, key, "more than 0 mm");
  return value;
}

void read_spot(Area& area, const Table& table)
{
  area.landmark = table.text("landmark");
  area.offset_mm = table.named_numbers("offset_mm");
  area.radius_mm = read_positive(table, "radius_mm");
  area.facing = table.has("facing") ? table.choice("facing", {"fall"}) : "";
}

void check_directions(const std::map<std::string, double>& components, const Table& table,
                      const std::string& key)
{
  const auto& known = anatomy::direction_names();
  for (const auto& [name, value] : components)
    if (std::find(known.begin(), known.end(), name) == known.end())
      table.complain(key, "unknown direction \"" + name + "\"", join(known),
                     suggestion(name, known));
}

double measure(const anatomy::BoneAnatomy& bone, const std::string& name,
               const std::string& needed_for)
{
  const auto found = bone.measures.find(name);
  if (found != bone.measures.end() && found->second.value > 0)
    return found->second.value;
  throw InputError(Fault::data,
                   {"bone", "\"" + name + "\" was not measured, needed for the " + needed_for, "",
                    "check that this part of the bone is in the mask", ""});
}

Patch cap(const Area& area, const anatomy::BoneAnatomy& bone, Vec3 fall)
{
  const Vec3 centre = landmark(bone, area.landmark, area.words);
  const double radius = measure(bone, area.radius_measure, area.words);
  const Vec3 pole =
      normalized(area.against.empty() ? named_vector(bone.frame, area.towards) : -fall);
  const double half_angle = area.half_angle_deg * std::numbers::pi / 180;
  const auto weight = [=](Vec3 point, Vec3)
  {
    const Vec3 arm = point - centre;
    const double distance = norm(arm);
    if (distance > farthest_on_head * radius || distance == 0)
      return 0.0;
    return bell(std::acos(std::clamp(dot(arm, pole) / distance, -1.0, 1.0)) / half_angle);
  };
  return {area.name, weight, centre, radius, false};
}

Patch spot(const Area& area, const anatomy::BoneAnatomy& bone, Vec3 fall)
{
  const Vec3 centre =
      landmark(bone, area.landmark, area.words) + named_vector(bone.frame, area.offset_mm);
  const double radius = area.radius_mm;
  const bool faces = !area.facing.empty();
  const auto weight = [=](Vec3 point, Vec3 normal)
  {
    const double share = bell(norm(point - centre) / radius);
    return faces ? share * std::max(dot(normal, fall), 0.0) : share;
  };
  return {area.name, weight, centre, radius, true};
}

Patch end(const Area& area, const anatomy::BoneAnatomy& bone)
{
  const Vec3 centre = bone.cut_centre;
  const Vec3 proximal = bone.frame.proximal;
  const double depth = bone.whole ? area.depth_whole_mm : area.depth_mm;
  const auto weight = [=](Vec3 point, Vec3)
  { return dot(point - centre, proximal) <= depth ? 1.0 : 0.0; };
  return {area.name, weight, centre, depth, false};
}

Patch axis(const Area& area, const anatomy::BoneAnatomy& bone)
{
  const Vec3 centre = bone.cut_centre + area.height_mm * bone.frame.proximal;
  const Vec3 line = anatomy::direction(bone.frame, area.along);
  const double radius = area.radius_mm;
  const auto weight = [=](Vec3 point, Vec3)
  { return bell(norm(cross(point - centre, line)) / radius); };
  return {area.name, weight, centre, radius, false};
}
} // namespace

Area read_area(const Table& table)
{
  Area area;
  area.name = table.text("name");
  area.words = table.text("words");
  const std::string kind = table.choice("kind", {"cap", "spot", "end", "axis"});
  if (kind == "cap")
  {
    area.kind = Area::Kind::cap;
    read_cap(area, table);
  }
  else if (kind == "spot")
  {
    area.kind = Area::Kind::spot;
    read_spot(area, table);
  }
  else if (kind == "end")
  {
    area.kind = Area::Kind::end;
    area.depth_mm = read_positive(table, "depth_mm");
    area.depth_whole_mm = read_positive(table, "depth_whole_mm");
  }
  else if (kind == "axis")
  {
    area.kind = Area::Kind::axis;
    area.along = table.choice("along", anatomy::direction_names());
    area.height_mm = table.number("height_mm");
    area.radius_mm = read_positive(table, "radius_mm");
  }
  check_directions(area.offset_mm, table, "offset_mm");
  check_directions(area.towards, table, "towards");
  return area;
}

Vec3 landmark(const anatomy::BoneAnatomy& bone, const std::string& name,
              const std::string& needed_for)
{
  const auto found = bone.landmarks.find(name);
  if (found != bone.landmarks.end())
    return found->second;
  throw InputError(
      Fault::data,
      {"bone", "landmark \"" + name + "\" was not found, needed for the " + needed_for, "",
       "check that this part of the bone is in the image, or give it under [landmarks]", ""});
}

std::optional<Vec3> place_of_spot(const Area& area, const anatomy::BoneAnatomy& bone)
{
  const auto found = bone.landmarks.find(area.landmark);
  if (found == bone.landmarks.end())
    return std::nullopt;
  const Vec3 place = found->second + named_vector(bone.frame, area.offset_mm);
  const double height = dot(place - bone.cut_centre, bone.frame.proximal);
  return height < area.radius_mm ? std::nullopt : std::optional(place);
}

Patch make_patch(const Area& area, const anatomy::BoneAnatomy& bone, Vec3 fall)
{
  switch (area.kind)
  {
  case Area::Kind::cap:
    return cap(area, bone, fall);
  case Area::Kind::spot:
    return spot(area, bone, fall);
  case Area::Kind::end:
    return end(area, bone);
  case Area::Kind::axis:
    return axis(area, bone);
  }
  return {};
}

} // namespace calcar::load
