#include "base/text.hpp"
#include "image/resample.hpp"
#include "implant/build.hpp"
#include "implant/refusal.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::implant
{
namespace
{
/// Volume of a solid by the voxels of the bone's image, in cm^3, and how much of it lies outside
/// the bone.
struct Volumes
{
  double inside = 0;
  double outside = 0;
};

Volumes volumes_of(const lesion::PlacedLesion& lesion, const Site& site)
{
  const image::Grid& grid = site.ground.mask.grid;
  const Vec3 middle = grid.index(lesion.centre);
  Volumes result;
  const auto reach = [&](std::size_t a) { return lesion.reach_mm / grid.spacing[a] + 1; };
  for (double k = std::floor(middle.z - reach(2)); k <= middle.z + reach(2); ++k)
    for (double j = std::floor(middle.y - reach(1)); j <= middle.y + reach(1); ++j)
      for (double i = std::floor(middle.x - reach(0)); i <= middle.x + reach(0); ++i)
      {
        const Vec3 p = grid.point({i, j, k});
        if (!lesion.solid.contains(p))
          continue;
        (depth_at(site, p) > 0 ? result.inside : result.outside) += grid.voxel_volume() / 1000;
      }
  return result;
}

const lesion::PlacedLesion& lesion_named(const Building& b, const std::string& name)
{
  std::vector<std::string> known;
  for (const lesion::PlacedLesion& lesion : b.site.lesions)
  {
    if (lesion.lesion.name == name)
      return lesion;
    known.push_back(lesion.lesion.name);
  }
  throw InputError(Fault::command,
                   {b.request.place, "cement is to fill \"" + name + "\", which is no lesion",
                    known.empty() ? "a lesion of the case; it has none" : join(known),
                    suggestion(name, known), ""});
}
} // namespace

geometry::Solid bone_solid(const Site& site)
{
  return {[depth = site.depth](const Vec3& p)
          { return -static_cast<double>(image::sample_linear(*depth, p, -1000.0F)); }};
}

void build_cement(const Building& b, const CementPlan& plan, const std::vector<std::string>& names)
{
  for (const std::string& name : names)
  {
    const lesion::PlacedLesion& lesion = lesion_named(b, name);
    const Volumes volumes = volumes_of(lesion, b.site);
    if (volumes.inside <= 0)
      refuse(b.request.place, "the lesion \"" + name + "\" holds no voxel of the bone",
             "a lesion of more than a voxel", "use smaller voxels");
    Component cement;
    cement.name = "cement in " + name;
    cement.kind = ComponentKind::cement;
    cement.alloy = "pmma";
    cement.solid = geometry::intersect(
        {lesion.solid, geometry::offset(bone_solid(b.site), plan.most_beyond_mm)});
    cement.axis = {lesion.centre};
    cement.reach_mm = lesion.reach_mm;
    cement.radius_mm = lesion.reach_mm;
    cement.to_bone = Interface::bonded;
    cement.priority = 1;
    cement.size = format_number(volumes.inside, 2) + " cm3";
    b.fixation.measures["cement in " + name + " cm3"] = volumes.inside;
    if (volumes.outside > 0.05 * (volumes.inside + volumes.outside))
      b.warn("cement_border", "the lesion \"" + name +
                                  "\" reaches beyond the bone: the cement is "
                                  "taken to end at the bone's surface");
    b.fixation.components.push_back(std::move(cement));
    b.fixation.removed.push_back(
        {"curetted " + name, lesion.solid, lesion.centre, lesion.reach_mm});
  }
}

} // namespace calcar::implant
