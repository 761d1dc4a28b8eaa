#include "lesion/density_change.hpp"

#include "base/files.hpp"
#include "base/table.hpp"
#include "image/box.hpp"
#include "lesion/samples.hpp"
#include "material/data_record.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>

namespace calcar::lesion
{
namespace
{
ChangeRule read_rule()
{
  const Table table =
      Table::read(data_file("materials/lesions", "earlier_scan", "lesion data", ""));
  material::read_record(table);
  ChangeRule rule;
  rule.around_mm = table.number("around_mm");
  rule.from_lesions_mm = table.number("from_lesions_mm");
  rule.least_correlation = table.number("least_correlation");
  rule.least_overlap = table.number("least_overlap");
  rule.least_inside = table.number("least_inside");
  rule.control_g_cm3 = table.number("control_g_cm3");
  rule.control_share = table.number("control_share");
  rule.deviations = table.number("deviations");
  rule.fewest_patches = table.integer("fewest_patches");
  table.check();
  return rule;
}

/// Sums over the voxels of one cube.
struct Patch
{
  double change = 0;
  std::size_t control = 0;
};

/// The cubes that tile the grid, by their number along each axis.
std::map<std::array<int, 3>, Patch> patches_of(const Compared& compared,
                                               const std::array<int, 3>& edge)
{
  std::map<std::array<int, 3>, Patch> patches;
  const image::Grid& grid = compared.known.grid;
  for (int k = 0; k < grid.size[2]; ++k)
    for (int j = 0; j < grid.size[1]; ++j)
      for (int i = 0; i < grid.size[0]; ++i)
      {
        const std::size_t v = grid.offset(i, j, k);
        if (!compared.control.values[v])
          continue;
        Patch& patch = patches[{i / edge[0], j / edge[1], k / edge[2]}];
        patch.change += static_cast<double>(compared.now->values[v]) -
                        static_cast<double>(compared.then.values[v]);
        patch.control += 1;
      }
  return patches;
}
} // namespace

const ChangeRule& change_rule()
{
  static const ChangeRule rule = read_rule();
  return rule;
}

Compared compared(const image::Volume& now, const image::Mask& bone,
                  const image::Mask& near_lesions, const image::Volume& then,
                  const image::RigidMotion& motion)
{
  Compared result;
  result.now = &now;
  result.then = image::moved_onto(now.grid, then, motion, std::numeric_limits<float>::quiet_NaN());
  result.known = bone;
  result.control = bone;
  for (std::size_t v = 0; v < bone.values.size(); ++v)
  {
    result.known.values[v] = bone.values[v] && std::isfinite(result.then.values[v]) ? 1 : 0;
    result.control.values[v] = result.known.values[v] && !near_lesions.values[v] ? 1 : 0;
  }
  return result;
}

MeanChange mean_change(const Compared& compared, const image::Mask& where)
{
  MeanChange mean;
  double n = 0;
  for (std::size_t v = 0; v < where.values.size(); ++v)
    if (where.values[v] && compared.known.values[v] && std::isfinite(compared.then.values[v]))
    {
      mean.then += static_cast<double>(compared.then.values[v]);
      mean.now += static_cast<double>(compared.now->values[v]);
      n += 1;
    }
  constexpr double none = std::numeric_limits<double>::quiet_NaN();
  return n > 0 ? MeanChange{mean.then / n, mean.now / n} : MeanChange{none, none};
}

image::Mask inside(const PlacedLesion& placed, const image::Mask& bone)
{
  const image::Grid& grid = bone.grid;
  image::Mask result{grid, std::vector<std::uint8_t>(bone.values.size(), 0), {}};
  for_each_near(grid, placed.centre, placed.reach_mm + placed.lesion.margin_mm,
                [&](std::size_t offset, int i, int j, int k)
                {
                  if (bone.values[offset] &&
                      fraction(placed, grid.point({double(i), double(j), double(k)})) >= 0.5)
                    result.values[offset] = 1;
                });
  return result;
}

std::optional<double> patch_noise(const Compared& compared, double edge_mm, const ChangeRule& rule)
{
  std::array<int, 3> edge;
  std::size_t full = 1;
  for (std::size_t a = 0; a < 3; ++a)
  {
    edge[a] = std::max(1, static_cast<int>(std::lround(edge_mm / compared.known.grid.spacing[a])));
    full *= static_cast<std::size_t>(edge[a]);
  }
  double n = 0, sum = 0, squares = 0;
  for (const auto& [at, patch] : patches_of(compared, edge))
  {
    if (2 * patch.control < full)
      continue;
    const double mean = patch.change / static_cast<double>(patch.control);
    n += 1;
    sum += mean;
    squares += mean * mean;
  }
  if (n < std::max(2, rule.fewest_patches))
    return std::nullopt;
  return std::sqrt(std::max(0.0, (squares - sum * sum / n) / (n - 1)));
}

} // namespace calcar::lesion
