#include "anatomy/bone_template.hpp"

#include "anatomy/region.hpp"
#include "base/error.hpp"
#include "base/files.hpp"
#include "base/text.hpp"
#include "image/distance.hpp"

#include <algorithm>

namespace calcar::anatomy
{

namespace
{

TemplateRegion read_region(const Table& table, const std::string& name)
{
  TemplateRegion region;
  region.region = name;
  region.cortex_mm = table.number("cortex_mm");
  table.require(region.cortex_mm >= 0 && region.cortex_mm <= 20, "cortex_mm", "0 to 20 mm");
  region.inside_g_cm3 = table.number("inside_g_cm3");
  table.require(region.inside_g_cm3 > -0.2 && region.inside_g_cm3 < 1.5, "inside_g_cm3",
                "-0.2 to 1.5 g/cm3");
  return region;
}

const TemplateRegion& region_at(const BoneTemplate& chosen, const BoneAnatomy& bone, Vec3 point)
{
  const std::string name = region_of(bone, point);
  const auto found = std::find_if(chosen.regions.begin(), chosen.regions.end(),
                                  [&](const TemplateRegion& r) { return r.region == name; });
  return found == chosen.regions.end() ? chosen.elsewhere : *found;
}

/// Distance of each voxel's centre from the surface, mm; 0 outside.
image::Volume depth_below_surface(const image::Mask& mask)
{
  image::Mask outside;
  outside.grid = mask.grid;
  outside.values.resize(mask.values.size());
  std::transform(mask.values.begin(), mask.values.end(), outside.values.begin(),
                 [](std::uint8_t inside) { return static_cast<std::uint8_t>(inside ? 0 : 1); });
  image::Volume depth = image::distance_to(outside);
  const auto half = static_cast<float>(0.5 * mask.grid.spacing.x);
  for (float& value : depth.values)
  {
    value = std::max(0.0F, value - half);
  }
  return depth;
}

} // namespace

BoneTemplate bone_template(const std::string& name, BoneKind bone, const std::string& place)
{
  const Table table =
      Table::read(data_file("materials/bone_templates", name, "bone template", place));
  BoneTemplate chosen;
  chosen.record = material::read_record(table);
  const std::string kind = table.choice("bone", bone_names());
  chosen.cortical_g_cm3 = table.number("cortical_g_cm3");
  chosen.elsewhere = read_region(table.table("elsewhere"), "");
  if (kind == to_string(bone))
  {
    std::vector<std::string> names;
    for (const Region& region : regions(bone))
    {
      names.push_back(region.name);
    }
    for (const Table& entry : table.tables("region"))
    {
      chosen.regions.push_back(read_region(entry, entry.choice("name", names)));
    }
  }
  else
  {
    table.known({"region"});
  }
  table.check();
  if (kind != to_string(bone))
  {
    throw InputError(Fault::command, Problem{place,
                                             "template \"" + name + "\" is for the " + kind +
                                                 ", the bone is a " + to_string(bone),
                                             "", "choose a template of this bone", ""});
  }
  chosen.bone = bone;
  return chosen;
}

image::Volume template_density(const BoneTemplate& chosen, const image::Mask& mask,
                               const BoneAnatomy& bone)
{
  image::Volume density = depth_below_surface(mask);
  const image::Grid& grid = mask.grid;
  const double h = grid.spacing.x;
  for (int k = 0; k < grid.size[2]; ++k)
  {
    for (int j = 0; j < grid.size[1]; ++j)
    {
      for (int i = 0; i < grid.size[0]; ++i)
      {
        if (!mask.at(i, j, k))
        {
          continue;
        }
        float& value = density.at(i, j, k);
        const TemplateRegion& region =
            region_at(chosen, bone, grid.point({double(i), double(j), double(k)}));
        const double cortical =
            std::clamp(0.5 + (region.cortex_mm - static_cast<double>(value)) / h, 0.0, 1.0);
        value = static_cast<float>(cortical * chosen.cortical_g_cm3 +
                                   (1 - cortical) * region.inside_g_cm3);
      }
    }
  }
  return density;
}

} // namespace calcar::anatomy
