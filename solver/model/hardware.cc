#include "model/hardware.hpp"

#include "implant/path.hpp"
#include "material/alloy.hpp"
#include "model/hardware_bending.hpp"
#include "model/hardware_ring.hpp"
#include "model/hardware_shares.hpp"
#include "model/lattice.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <stdexcept>
#include <tuple>

namespace calcar::model
{
namespace
{
using implant::Component;

/// A bar takes the voxels of which it holds as much.
constexpr double least_of_a_bar = 0.1;
/// What is no bar takes those of which it holds half.
constexpr double least_of_a_filling = 0.5;

/// What one component holds of a voxel.
struct Part
{
  std::uint64_t voxel = 0;
  std::uint16_t component = 0;
  int priority = 0;
  bool bar = false;
  float share = 0;
  float youngs = 0; ///< MPa, of a voxel that it fills
};

/// What all components make of a voxel.
struct Filled
{
  double share = 0;
  double youngs = 0;
  double largest = 0;
  const Part* owner = nullptr;
};

int halvings_of(const Component& component, const image::Grid& grid)
{
  const double edge = std::cbrt(grid.voxel_volume());
  const double wanted = std::ceil(std::log2(4 * edge / std::max(component.radius_mm, 1e-3)));
  return static_cast<int>(std::clamp(wanted, 0.0, 2.0));
}

/// The voxels of a bar with the modulus that gives it its stiffness.
void add_bar(const Component& bar, std::uint16_t index, const image::Grid& grid,
             const std::vector<VoxelShare>& shares, std::vector<Part>& parts,
             ComponentRaster& raster)
{
  const material::Alloy alloy = material::alloy(bar.alloy, bar.name);
  std::vector<VoxelShare> kept;
  std::copy_if(shares.begin(), shares.end(), std::back_inserter(kept),
               [](const VoxelShare& one) { return one.share >= least_of_a_bar; });
  const BarBending bending = bar_bending(bar, grid, kept, alloy.youngs, alloy.poisson);
  raster.least_bending = bending.least;
  raster.most_bending = bending.most;
  raster.mean_stress_share = bending.mean_stress_share;
  const implant::Path path(bar.axis);
  for (const VoxelShare& one : shares) // those of little share, too: several bars may fill a voxel
  {
    std::size_t run = 0;
    if (bar.runs.size() > 1)
    {
      const double s = path.nearest(voxel_centre(grid, one.voxel));
      while (run + 1 < bar.runs.size() && s > bar.runs[run].to_mm)
        ++run;
    }
    parts.push_back({one.voxel, index, bar.priority, true, one.share,
                     static_cast<float>(alloy.youngs / bending.over_exact[run])});
  }
}

void add_filling(const Component& filling, std::uint16_t index,
                 const std::vector<VoxelShare>& shares, std::vector<Part>& parts)
{
  const material::Alloy alloy = material::alloy(filling.alloy, filling.name);
  for (const VoxelShare& one : shares)
    parts.push_back(
        {one.voxel, index, filling.priority, false, one.share, static_cast<float>(alloy.youngs)});
}

/// The bars, or else the fillings, of one voxel; sorted by priority.
Filled fill(const Part* first, const Part* last, bool bars)
{
  Filled filled;
  for (const Part* part = first; part != last; ++part)
  {
    if (part->bar != bars)
      continue;
    const double taken = std::min<double>(part->share, 1 - filled.share);
    filled.share += taken;
    filled.youngs += taken * static_cast<double>(part->youngs);
    if (taken > filled.largest)
    {
      filled.largest = taken;
      filled.owner = part;
    }
  }
  if (!bars && filled.owner != nullptr)
    filled.youngs /= filled.share;
  return filled;
}

/// All parts of a fixation, by voxel and falling priority.
std::vector<Part> parts_of(const implant::Fixation& fixation, const image::Grid& grid,
                           std::vector<ComponentRaster>& rasters)
{
  std::vector<Part> parts;
  for (std::size_t n = 0; n < fixation.components.size(); ++n)
  {
    const Component& component = fixation.components[n];
    const IndexBox box = box_around(grid, component.axis, component.reach_mm);
    if (component.axis.empty() || !holds(grid, box))
      throw std::invalid_argument("rasterise: the grid does not hold \"" + component.name + "\"");
    const bool bar = !component.runs.empty();
    const auto shares = shares_of(component.solid, grid, box,
                                  {bar ? halvings_of(component, grid) : 1, bar ? 1.0 : 2.0});
    ComponentRaster raster;
    raster.name = component.name;
    for (const VoxelShare& one : shares)
      raster.exact_volume_mm3 += static_cast<double>(one.share) * grid.voxel_volume();
    const auto index = static_cast<std::uint16_t>(n);
    if (bar)
      add_bar(component, index, grid, shares, parts, raster);
    else
      add_filling(component, index, shares, parts);
    rasters.push_back(raster);
  }
  std::sort(parts.begin(), parts.end(),
            [](const Part& a, const Part& b)
            {
              return std::tuple(a.voxel, -a.priority, a.component) <
                     std::tuple(b.voxel, -b.priority, b.component);
            });
  return parts;
}

void append(HardwareVoxels& hardware, const Filled& filled, const implant::Fixation& fixation,
            const std::vector<float>& poisson)
{
  const Part& owner = *filled.owner;
  const bool cement = fixation.components[owner.component].kind == implant::ComponentKind::cement;
  hardware.voxels.push_back(owner.voxel);
  hardware.component.push_back(owner.component);
  hardware.share.push_back(static_cast<float>(filled.share));
  hardware.youngs.push_back(static_cast<float>(filled.youngs));
  hardware.poisson.push_back(poisson[owner.component]);
  hardware.tissue.push_back(cement ? TissueKind::cement : TissueKind::metal);
  ComponentRaster& raster = hardware.components[owner.component];
  ++raster.voxels;
  raster.volume_mm3 += filled.share * hardware.grid.voxel_volume();
}

std::vector<float> poisson_of(const implant::Fixation& fixation)
{
  std::vector<float> poisson;
  for (const Component& component : fixation.components)
    poisson.push_back(static_cast<float>(material::alloy(component.alloy, component.name).poisson));
  return poisson;
}
} // namespace

image::Grid grid_around(const image::Grid& bone, const std::vector<implant::Fixation>& fixations)
{
  constexpr int margin = 2;
  std::array<int, 3> low = {0, 0, 0};
  std::array<int, 3> high = {bone.size[0] - 1, bone.size[1] - 1, bone.size[2] - 1};
  for (const implant::Fixation& fixation : fixations)
    for (const Component& component : fixation.components)
    {
      if (component.axis.empty())
        continue;
      const IndexBox box = box_around(bone, component.axis, component.reach_mm);
      for (std::size_t a = 0; a < 3; ++a)
      {
        low[a] = std::min(low[a], box.low[a] - margin);
        high[a] = std::max(high[a], box.high[a] + margin);
      }
    }
  image::Grid grid = bone;
  grid.origin = bone.point({double(low[0]), double(low[1]), double(low[2])});
  for (std::size_t a = 0; a < 3; ++a)
    grid.size[a] = high[a] - low[a] + 1;
  return grid;
}

HardwareVoxels rasterise(const implant::Fixation& fixation, const VoxelModel& bone,
                         const HardwareOptions& options)
{
  HardwareVoxels hardware;
  hardware.grid = bone.body.grid;
  const std::vector<Part> parts = parts_of(fixation, hardware.grid, hardware.components);
  const std::vector<float> poisson = poisson_of(fixation);
  for (std::size_t first = 0; first < parts.size();)
  {
    std::size_t last = first;
    while (last < parts.size() && parts[last].voxel == parts[first].voxel)
      ++last;
    const Filled bars = fill(&parts[first], parts.data() + last, true);
    const Filled fillings = fill(&parts[first], parts.data() + last, false);
    if (bars.share >= least_of_a_bar)
      append(hardware, bars, fixation, poisson);
    else if (fillings.share >= least_of_a_filling)
      append(hardware, fillings, fixation, poisson);
    first = last;
  }
  hardware.contact = contact_ring(fixation, bone, hardware, options);
  hardware.emptied = emptied_voxels(fixation, bone, hardware);
  return hardware;
}

} // namespace calcar::model
