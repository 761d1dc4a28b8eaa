#include "anatomy/point_query.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

#include <algorithm>

namespace calcar::anatomy
{

PointQuery read_point(const Table& table)
{
  PointQuery query;
  query.place = table.place();
  const bool by_landmark = table.has("landmark");
  const bool by_point = table.has("point_lps_mm");
  if (by_landmark == by_point)
  {
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
  query.offset_mm = table.named_numbers("offset_mm");
  const auto& known = direction_names();
  for (const auto& [name, value] : query.offset_mm)
    if (std::find(known.begin(), known.end(), name) == known.end())
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
  if (std::find(names.begin(), names.end(), name) == names.end())
    throw InputError(Fault::command,
                     {query.place, "unknown landmark \"" + name + "\" of a " + to_string(bone.kind),
                      join(names), suggestion(name, names), ""});
  std::vector<std::string> present;
  for (const auto& [landmark, point] : bone.landmarks)
    present.push_back(landmark);
  throw InputError(Fault::command,
                   {query.place, "landmark \"" + name + "\" lies outside the image", join(present),
                    "choose one of these, or give point_lps_mm", ""});
}

} // namespace calcar::anatomy
