#include "anatomy/point_query.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

#include <algorithm>

namespace calcar::anatomy
{

namespace
{
bool listed(const std::string& name, const std::vector<std::string>& names)
{
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::string unknown_landmark(const std::string& name, BoneKind kind)
{
  return "unknown landmark \"" + name + "\" of a " + to_string(kind);
}
} // namespace

PointQuery read_point(const Table& table, BoneKind kind)
{
  PointQuery query;
  query.place = table.place();
  const bool by_landmark = table.has("landmark");
  const bool by_point = table.has("point_lps_mm");
  if (by_landmark == by_point)
  {
    table.known({"offset_mm"});
    table.complain("",
                   by_landmark ? "a point is given both by landmark and by point_lps_mm"
                               : "a point is not given",
                   "{ landmark = \"...\", offset_mm = { ... } } or { point_lps_mm = [x, y, z] }",
                   "give one of the two");
    return query;
  }
  if (by_point)
  {
    query.point_lps_mm = table.vector("point_lps_mm");
    return query;
  }
  query.landmark = table.text("landmark");
  const auto& landmarks = landmark_names(kind);
  if (!landmarks.empty() && !query.landmark->empty() && !listed(*query.landmark, landmarks))
    table.complain("landmark", unknown_landmark(*query.landmark, kind), join(landmarks),
                   suggestion(*query.landmark, landmarks));
  query.offset_mm = table.named_numbers("offset_mm");
  const auto& known = direction_names(kind);
  for (const auto& [name, value] : query.offset_mm)
    if (!listed(name, known))
      table.complain("offset_mm", "unknown direction \"" + name + "\"", join(known),
                     suggestion(name, known));
  return query;
}

Vec3 resolve(const PointQuery& query, const BoneAnatomy& bone)
{
  if (query.point_lps_mm)
    return *query.point_lps_mm;
  const std::string name = query.landmark.value_or("");
  const auto found = bone.landmarks.find(name);
  if (found != bone.landmarks.end())
    return found->second + named_vector(bone.frame, query.offset_mm);
  const auto& names = landmark_names(bone.kind);
  if (!listed(name, names))
    throw InputError(Fault::command, {query.place, unknown_landmark(name, bone.kind), join(names),
                                      suggestion(name, names), ""});
  std::vector<std::string> present;
  for (const auto& [landmark, point] : bone.landmarks)
    present.push_back(landmark);
  throw InputError(Fault::command,
                   {query.place, "landmark \"" + name + "\" lies outside the image", join(present),
                    "choose one of these, give point_lps_mm, or use an image that shows it", ""});
}

} // namespace calcar::anatomy
