#include "load/needs.hpp"

#include "base/error.hpp"

namespace calcar::load
{

std::vector<Need> read_needs(const Table& table)
{
  std::vector<Need> needs;
  for (const Table& entry : table.tables("needs"))
    needs.push_back({entry.text("measure"), entry.number("at_least"), entry.text("given"),
                     entry.text("allowed"), entry.text("remedy")});
  return needs;
}

void check_needs(const std::vector<Need>& needs, const anatomy::BoneAnatomy& bone,
                 const std::string& rig)
{
  for (const Need& need : needs)
  {
    const auto found = bone.measures.find(need.measure);
    if (found == bone.measures.end() || found->second.value < need.at_least)
      throw InputError(Fault::data,
                       {"rig \"" + rig + "\"", need.given, need.allowed, need.remedy, ""});
  }
}

} // namespace calcar::load
