#include "load/placement.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace calcar::load
{
namespace
{
const std::string distal_end = "distal_end";

std::vector<std::string> known_landmarks(anatomy::BoneKind bone)
{
  auto known = anatomy::landmark_names(bone);
  if (has_distal_end(bone))
    known.push_back(distal_end);
  return known;
}

void check_landmarks(const Table& table, const std::string& key,
                     const std::vector<std::string>& names, anatomy::BoneKind bone)
{
  const auto known = known_landmarks(bone);
  for (const std::string& name : names)
    if (!name.empty() && std::find(known.begin(), known.end(), name) == known.end())
      table.complain(key, "unknown landmark \"" + name + "\" of the " + anatomy::to_string(bone),
                     join(known), suggestion(name, known));
}

std::optional<Vec3> find_landmark(const anatomy::BoneAnatomy& bone, const std::string& name)
{
  if (name == distal_end && has_distal_end(bone.kind))
    return bone.cut_centre;
  const auto found = bone.landmarks.find(name);
  return found == bone.landmarks.end() ? std::nullopt : std::optional(found->second);
}

const std::vector<std::string>& names_on(const Place& place, const anatomy::BoneAnatomy& bone)
{
  return bone.whole || place.of_cut.empty() ? place.landmarks : place.of_cut;
}
} // namespace

bool has_size(const Table& table, const std::string& key)
{
  return table.has(key + "_mm") || table.has(key);
}

Size read_size(const Table& table, const std::string& key)
{
  Size size;
  if (!table.has(key))
  {
    size.mm = table.number(key + "_mm");
    table.require(size.mm > 0, key + "_mm", "more than 0 mm");
    return size;
  }
  const Table rule = table.table(key);
  size.times = rule.number("times", 1.0);
  rule.require(size.times > 0, "times", "more than 0");
  const bool of_measure = rule.has("measure");
  if (of_measure == rule.has("between"))
    rule.complain("measure", "the size is not clear", "one of measure and between",
                  "write " + key + " = { between = [\"one landmark\", \"another\"], times = 0.5 }");
  if (of_measure)
    size.measure = rule.text("measure");
  const auto ends = rule.texts("between");
  if (ends.size() == 2)
  {
    size.from = ends[0];
    size.to = ends[1];
  }
  rule.require(of_measure || ends.size() == 2, "between", "two landmarks");
  return size;
}

double size_on(const Size& size, const anatomy::BoneAnatomy& bone, const std::string& needed_for)
{
  if (!size.from.empty())
    return size.times *
           norm(landmark(bone, size.from, needed_for) - landmark(bone, size.to, needed_for));
  if (size.measure.empty())
    return size.mm;
  const auto found = bone.measures.find(size.measure);
  if (found != bone.measures.end() && found->second.value > 0)
    return size.times * found->second.value;
  throw InputError(Fault::data,
                   {"bone",
                    "\"" + size.measure + "\" was not measured, needed for the " + needed_for, "",
                    "check that this part of the bone is in the mask", ""});
}

Place read_place(const Table& table, anatomy::BoneKind bone)
{
  Place place;
  place.landmarks = table.texts("landmarks");
  if (place.landmarks.empty() || table.has("landmark"))
    place.landmarks = {table.text("landmark")};
  check_landmarks(table, "landmark", place.landmarks, bone);
  if (table.has("landmark_of_cut"))
    place.of_cut = {table.text("landmark_of_cut")};
  check_landmarks(table, "landmark_of_cut", place.of_cut, bone);
  place.offset_mm = read_directions(table, "offset_mm", bone);
  return place;
}

Place read_place(const Table& table, anatomy::BoneKind bone, const std::string& key)
{
  Place place;
  place.landmarks = {table.text(key)};
  check_landmarks(table, key, place.landmarks, bone);
  return place;
}

std::optional<Vec3> find_place(const Place& place, const anatomy::BoneAnatomy& bone)
{
  const auto& names = names_on(place, bone);
  Vec3 sum;
  for (const std::string& name : names)
  {
    const auto found = find_landmark(bone, name);
    if (!found)
      return std::nullopt;
    sum += *found;
  }
  return sum / static_cast<double>(names.size()) +
         anatomy::named_vector(bone.frame, place.offset_mm);
}

Vec3 place_on(const Place& place, const anatomy::BoneAnatomy& bone, const std::string& needed_for)
{
  for (const std::string& name : names_on(place, bone))
    landmark(bone, name, needed_for);
  return find_place(place, bone).value();
}

Extent read_extent(const Table& table, anatomy::BoneKind bone)
{
  Extent extent;
  extent.radius = read_size(table, "radius");
  if (!table.has("across"))
    return extent;
  extent.across = table.choice("across", anatomy::direction_names(bone));
  extent.radius_across = read_size(table, "radius_across");
  return extent;
}

double Ellipse::share(Vec3 point) const
{
  const Vec3 arm = point - centre;
  const Vec3 flat = arm - dot(arm, axis) * axis;
  const double along = dot(flat, wide);
  return std::hypot(along / radius_wide, norm(flat - along * wide) / radius);
}

Ellipse ellipse_on(const Extent& extent, Vec3 centre, Vec3 axis, const anatomy::BoneAnatomy& bone,
                   const std::string& needed_for)
{
  Ellipse ellipse;
  ellipse.centre = centre;
  ellipse.axis = axis;
  ellipse.radius = size_on(extent.radius, bone, needed_for);
  ellipse.radius_wide = ellipse.radius;
  const Vec3 wide = extent.across.empty() ? Vec3{} : anatomy::direction(bone.frame, extent.across);
  const Vec3 flat = wide - dot(wide, axis) * axis;
  ellipse.wide = norm(flat) > 0 ? normalized(flat) : Vec3{};
  if (!extent.across.empty())
    ellipse.radius_wide = size_on(extent.radius_across, bone, needed_for);
  return ellipse;
}

std::map<std::string, double> read_directions(const Table& table, const std::string& key,
                                              anatomy::BoneKind bone)
{
  auto components = table.named_numbers(key);
  const auto& known = anatomy::direction_names(bone);
  for (auto it = components.begin(); it != components.end();)
  {
    if (std::find(known.begin(), known.end(), it->first) != known.end())
    {
      ++it;
      continue;
    }
    table.complain(key, "unknown direction \"" + it->first + "\"", join(known),
                   suggestion(it->first, known));
    it = components.erase(it);
  }
  return components;
}

double length_of(const std::map<std::string, double>& components)
{
  return norm(anatomy::named_vector({{}, {1, 0, 0}, {0, 1, 0}, {0, 0, 1}}, components));
}

Vec3 unit_vector(const anatomy::Frame& frame, const std::map<std::string, double>& components)
{
  return normalized(anatomy::named_vector(frame, components));
}

Vec3 landmark(const anatomy::BoneAnatomy& bone, const std::string& name,
              const std::string& needed_for)
{
  if (const auto found = find_landmark(bone, name))
    return *found;
  throw InputError(
      Fault::data,
      {"bone", "landmark \"" + name + "\" was not found, needed for the " + needed_for, "",
       "check that this part of the bone is in the image, or give it under [landmarks]", ""});
}

bool has_distal_end(anatomy::BoneKind bone)
{
  return bone == anatomy::BoneKind::femur || bone == anatomy::BoneKind::tibia ||
         bone == anatomy::BoneKind::humerus;
}

} // namespace calcar::load
