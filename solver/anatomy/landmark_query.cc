#include "anatomy/landmark_query.hpp"

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

Vec3 offset_of(const Table& table, const BoneAnatomy& bone)
{
  Vec3 offset;
  for (const auto& [name, value] : table.named_numbers("offset_mm"))
  {
    if (listed(name, direction_names()))
    {
      offset += value * direction(bone.frame, name);
    }
    else
    {
      table.complain("offset_mm", "unknown direction \"" + name + "\"", join(direction_names()),
                     suggestion(name, direction_names()));
    }
  }
  return offset;
}

} // namespace

Vec3 resolve_point(const Table& table, const BoneAnatomy& bone)
{
  const bool by_landmark = table.has("landmark");
  if (by_landmark == table.has("point_lps_mm"))
  {
    table.known({"landmark", "point_lps_mm", "offset_mm"});
    table.complain(
        "", by_landmark ? "both a landmark and a point" : "neither a landmark nor a point",
        "landmark = \"...\" with offset_mm = { medial = 6 }, or point_lps_mm = [x, y, z]",
        "give one of them");
    return bone.frame.origin;
  }
  if (!by_landmark)
  {
    return table.vector("point_lps_mm");
  }
  const std::string name = table.choice("landmark", landmark_names(bone.kind));
  const Vec3 offset = offset_of(table, bone);
  const auto found = bone.landmarks.find(name);
  if (found != bone.landmarks.end())
  {
    return found->second + offset;
  }
  if (listed(name, landmark_names(bone.kind)))
  {
    std::vector<std::string> present;
    for (const auto& landmark : bone.landmarks)
    {
      present.push_back(landmark.first);
    }
    table.complain("landmark", "landmark \"" + name + "\" lies outside the image", join(present),
                   "choose one of these, give point_lps_mm, or use an image that shows it");
  }
  return bone.frame.origin;
}

} // namespace calcar::anatomy
