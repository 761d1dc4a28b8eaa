#include "pipeline/case_names.hpp"

namespace calcar::pipeline
{

std::vector<std::string> names_of(const std::vector<lesion::Lesion>& lesions)
{
  std::vector<std::string> names;
  for (const lesion::Lesion& lesion : lesions)
    names.push_back(lesion.name);
  return names;
}

std::vector<std::string> names_of(const std::vector<ActivityChoice>& activities)
{
  std::vector<std::string> names;
  for (const ActivityChoice& activity : activities)
    names.push_back(activity.name);
  return names;
}

} // namespace calcar::pipeline
