#include "load/scatter.hpp"

#include "base/files.hpp"
#include "base/text.hpp"
#include "load/placement.hpp"

#include <algorithm>

namespace calcar::load
{
namespace
{
SubjectForce read_subject(const Table& table, anatomy::BoneKind bone)
{
  SubjectForce subject;
  subject.subject = table.text("subject");
  subject.body_weight_N = table.number("body_weight_N");
  table.require(subject.body_weight_N > 20 && subject.body_weight_N < 4000, "body_weight_N",
                "20 to 4000 N");
  subject.percent_bw = read_directions(table, "force_percent_bw", bone);
  table.require(length_of(subject.percent_bw) > 0, "force_percent_bw",
                "named components in percent of body weight");
  return subject;
}
} // namespace

ScatterSet read_scatter(const std::filesystem::path& file)
{
  const Table table = Table::read(file);
  ScatterSet set;
  set.record = material::read_record(table);
  const std::string bone = table.choice("bone", anatomy::bone_names());
  if (!bone.empty())
    set.bone = anatomy::bone_kind(bone);
  set.force = table.text("force");
  for (const Table& entry : table.tables("activity"))
  {
    Scatter scatter{entry.text("name"), {}};
    for (const Table& subject : entry.tables("measured"))
      scatter.subjects.push_back(read_subject(subject, set.bone));
    entry.require(scatter.subjects.size() >= 2, "measured", "two people or more");
    set.activities.push_back(std::move(scatter));
  }
  if (set.activities.empty())
    table.complain("activity", "there is no [[activity]]", "at least one", "");
  table.check();
  return set;
}

ScatterSet scatter(const std::string& name, const std::string& place)
{
  return read_scatter(data_file("cases/scatter", name, "scatter of loads", place));
}

std::vector<Vec3> scattered_forces(const ScatterSet& set, const std::string& activity,
                                   const anatomy::Frame& frame, double body_weight_N)
{
  std::vector<std::string> names;
  for (const Scatter& scatter : set.activities)
  {
    names.push_back(scatter.activity);
    if (scatter.activity != activity)
      continue;
    std::vector<Vec3> forces;
    for (const SubjectForce& subject : scatter.subjects)
      forces.push_back(body_weight_N / 100 * named_vector(frame, subject.percent_bw));
    return forces;
  }
  throw InputError(Fault::command, {"scatter of loads \"" + set.record.name + "\"",
                                    "activity \"" + activity + "\" was not measured", join(names),
                                    suggestion(activity, names), ""});
}

} // namespace calcar::load
