#include "lesion/lesion.hpp"

#include "base/files.hpp"

#include <algorithm>

namespace calcar::lesion
{
namespace
{
/// The three semi-axes are asked for by these names.
const std::vector<std::string> axis_names = {"medial", "anterior", "proximal"};

void read_ellipsoid(const Table& table, Lesion& lesion)
{
  lesion.radii_mm = table.named_numbers("radii_mm");
  const bool complete =
      lesion.radii_mm.size() == 3 &&
      std::all_of(axis_names.begin(), axis_names.end(),
                  [&](const std::string& name) { return lesion.radii_mm.contains(name); });
  if (!complete)
  {
    table.complain("radii_mm", "an ellipsoid needs three semi-axes in radii_mm",
                   "{ medial = .., anterior = .., proximal = .. }", "give all three, in mm");
    return;
  }
  for (const auto& [name, radius] : lesion.radii_mm)
    table.require(radius > 0 && radius <= 200, "radii_mm",
                  "each greater than 0 and at most 200 mm");
}
} // namespace

Lesion read_lesion(const Table& table, anatomy::BoneKind bone)
{
  Lesion lesion;
  lesion.place = table.place();
  lesion.name = table.text("name", "lesion");
  lesion.kind = table.choice("kind", {"lytic"}, "lytic");
  lesion.in_ct = table.flag("in_ct", false);
  if (lesion.in_ct)
    table.complain("in_ct",
                   "in_ct = true: a lesion that the CT shows is not measured by this version",
                   "false",
                   "leave the lesion out (the CT's density already has its effect) or set in_ct = "
                   "false for a virtual one");
  lesion.shape = table.choice("shape", {"sphere", "ellipsoid"});
  lesion.centre = anatomy::read_point(table.table("centre"), bone);
  lesion.tissue = table.choice("tissue", data_names("materials/tissues"), "tumour_lytic");
  if (lesion.shape == "sphere")
  {
    lesion.radius_mm = table.number("radius_mm");
    table.require(lesion.radius_mm > 0 && lesion.radius_mm <= 200, "radius_mm",
                  "greater than 0 and at most 200 mm");
  }
  if (lesion.shape == "ellipsoid")
    read_ellipsoid(table, lesion);
  return lesion;
}

PlacedLesion place(const Lesion& lesion, const anatomy::BoneAnatomy& bone)
{
  PlacedLesion placed;
  placed.lesion = lesion;
  placed.centre = anatomy::resolve(lesion.centre, bone);
  if (lesion.shape == "sphere")
  {
    placed.solid = geometry::sphere(placed.centre, lesion.radius_mm);
    placed.reach_mm = lesion.radius_mm;
    return placed;
  }
  const Vec3 radii{lesion.radii_mm.at("medial"), lesion.radii_mm.at("anterior"),
                   lesion.radii_mm.at("proximal")};
  const Mat3 axes{bone.frame.medial, bone.frame.anterior, bone.frame.proximal};
  placed.solid = geometry::ellipsoid(placed.centre, radii, axes);
  placed.reach_mm = std::max({radii.x, radii.y, radii.z});
  return placed;
}

} // namespace calcar::lesion
