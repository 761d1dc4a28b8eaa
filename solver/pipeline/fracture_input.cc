#include "pipeline/fracture_input.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace calcar::pipeline
{

FractureInput read_fracture(const Table& table, const std::vector<std::string>& activities)
{
  FractureInput input;
  input.place = table.place();
  input.law = table.text("law", "");
  input.activities = table.texts("activities");
  for (const std::string& name : input.activities)
    table.require(std::find(activities.begin(), activities.end(), name) != activities.end(),
                  "activities", "activities of this case: " + join(activities),
                  "add \"" + name + "\" as an [[activity]], or take it out here");
  input.largest_displacement_mm =
      table.number("largest_displacement_mm", input.largest_displacement_mm);
  table.require(input.largest_displacement_mm > 0 && input.largest_displacement_mm <= 100,
                "largest_displacement_mm", "more than 0, up to 100");
  input.end_at = table.number("end_at", input.end_at);
  table.require(input.end_at >= 0.2 && input.end_at <= 0.98, "end_at",
                "0.2 to 0.98 of the largest load");
  input.step = table.number("step", input.step);
  table.require(input.step >= 0.005 && input.step <= 0.3, "step",
                "0.005 to 0.3 of the displacement so far");
  const std::string points = table.choice("points", {"centre", "eight"}, "centre");
  input.points = points == "eight" ? voxel::Points::eight : voxel::Points::centre;
  const std::string keep = table.choice("keep", {"none", "last", "all"}, "last");
  input.keep = keep == "none" ? KeepPaths::none : keep == "all" ? KeepPaths::all : KeepPaths::last;
  return input;
}

void refuse_on_mesh(const Table& table, int order)
{
  // A tube under inner pressure carries at least a third more than it can (tests/verification).
  if (order < 2)
    table.complain("", "[fracture_load] on a mesh of first-order elements", "order = 2 in [mesh]",
                   "elements of the first order resist flow without change of volume, and the load "
                   "comes out far too large; set order = 2, or method = \"voxel\"");
  for (const char* key : {"points", "keep"})
    if (table.has(key))
      table.complain(key, std::string(key) + " with method = \"mesh\"", "method = \"voxel\"",
                     "it has a meaning on voxels alone; take it out");
}

} // namespace calcar::pipeline
