#include "load/catalogue.hpp"

#include "base/files.hpp"
#include "load/activity.hpp"

namespace calcar::load
{

std::vector<std::string> activity_names(anatomy::BoneKind bone)
{
  const std::string kind = anatomy::to_string(bone);
  if (!std::filesystem::is_directory(data_folder("cases/activities") / kind))
    return {};
  return data_names("cases/activities/" + kind);
}

std::vector<material::Entry> list_activities(anatomy::BoneKind bone)
{
  std::vector<material::Entry> lines;
  for (const std::string& name : activity_names(bone))
  {
    const Activity entry = activity(bone, name, "");
    const std::string kind = entry.kind == ActivityKind::daily ? " (daily" : " (accident";
    const std::string evidence = entry.evidence.empty() ? "): " : ", research only): ";
    lines.push_back({name, entry.title + kind + evidence + entry.record.words, entry.record.source,
                     material::doubt(entry.record.status)});
  }
  return lines;
}

std::vector<material::Entry> list_rigs()
{
  return material::entries("cases/rigs");
}

} // namespace calcar::load
