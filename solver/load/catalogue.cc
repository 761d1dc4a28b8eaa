#include "load/catalogue.hpp"

#include "base/files.hpp"
#include "load/activity.hpp"
#include "load/bones.hpp"
#include "load/rig.hpp"

namespace calcar::load
{

std::vector<std::string> activity_names(anatomy::BoneKind bone)
{
  const std::string kind = anatomy::to_string(bone);
  if (!std::filesystem::is_directory(data_folder("cases/activities") / kind))
    return {};
  return data_names("cases/activities/" + kind);
}

std::vector<std::string> activity_names(const std::string& kind)
{
  if (kind != spine_segment)
    return activity_names(anatomy::bone_kind(kind));
  const auto rigs = rigs_of_segments();
  std::vector<std::string> names;
  for (const std::string& name : activity_names(anatomy::BoneKind::vertebra))
    if (rigs.count(activity(anatomy::BoneKind::vertebra, name, "").rig) > 0)
      names.push_back(name);
  return names;
}

std::vector<material::Entry> list_activities(anatomy::BoneKind bone)
{
  return list_activities(anatomy::to_string(bone));
}

std::vector<material::Entry> list_activities(const std::string& kind)
{
  const anatomy::BoneKind bone =
      kind == spine_segment ? anatomy::BoneKind::vertebra : anatomy::bone_kind(kind);
  std::vector<material::Entry> lines;
  for (const std::string& name : activity_names(kind))
  {
    const Activity entry = activity(bone, name, "");
    const std::string when = entry.kind == ActivityKind::daily ? " (daily" : " (accident";
    const std::string evidence = entry.evidence.empty() ? "): " : ", research only): ";
    lines.push_back({name, entry.title + when + evidence + entry.record.words, entry.record.source,
                     material::doubt(entry.record.status)});
  }
  return lines;
}

std::vector<material::Entry> list_rigs()
{
  return material::entries("cases/rigs");
}

} // namespace calcar::load
