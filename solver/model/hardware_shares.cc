#include "model/hardware_shares.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::model
{
namespace
{
constexpr int largest_cube = 16; ///< voxels an edge

/// Goes through a solid by cubes.
class Halving
{
public:
  Halving(const geometry::Solid& solid, const image::Grid& grid, const IndexBox& box,
          const Sampling& how)
      : solid_(solid), grid_(grid), box_(box), how_(how),
        width_((grid.spacing.x + grid.spacing.y + grid.spacing.z) / 3),
        half_diagonal_(0.5 * how.trust * norm(grid.spacing))
  {
  }

  void cube(const std::array<int, 3>& low, int size)
  {
    for (std::size_t a = 0; a < 3; ++a)
      if (low[a] > box_.high[a] || low[a] + size <= box_.low[a])
        return;
    const double middle = 0.5 * (size - 1);
    const Vec3 centre{low[0] + middle, low[1] + middle, low[2] + middle};
    const double distance = solid_.distance(grid_.point(centre));
    if (distance >= half_diagonal_ * size)
      return;
    if (size == 1)
      add(low[0], low[1], low[2], share(centre, distance, 1, how_.halvings));
    else if (distance <= -half_diagonal_ * size)
      fill(low, size);
    else
      for (int part = 0; part < 8; ++part)
        cube({low[0] + (part & 1) * size / 2, low[1] + (part >> 1 & 1) * size / 2,
              low[2] + (part >> 2) * size / 2},
             size / 2);
  }

  std::vector<VoxelShare> found;

private:
  double share(Vec3 centre, double distance, double size, int halvings) const
  {
    if (std::abs(distance) >= half_diagonal_ * size)
      return distance < 0 ? 1 : 0;
    if (halvings == 0)
      return std::clamp(0.5 - distance / (width_ * size), 0.0, 1.0);
    double sum = 0;
    for (int part = 0; part < 8; ++part)
    {
      const Vec3 at =
          centre +
          0.25 * size * Vec3{part & 1 ? 1.0 : -1.0, part & 2 ? 1.0 : -1.0, part & 4 ? 1.0 : -1.0};
      sum += 0.125 * share(at, solid_.distance(grid_.point(at)), 0.5 * size, halvings - 1);
    }
    return sum;
  }

  void add(int i, int j, int k, double share)
  {
    if (share > 0)
      found.push_back({grid_.offset(i, j, k), static_cast<float>(share)});
  }

  void fill(const std::array<int, 3>& low, int size)
  {
    std::array<int, 3> from{}, to{};
    for (std::size_t a = 0; a < 3; ++a)
    {
      from[a] = std::max(low[a], box_.low[a]);
      to[a] = std::min(low[a] + size - 1, box_.high[a]);
    }
    for (int k = from[2]; k <= to[2]; ++k)
      for (int j = from[1]; j <= to[1]; ++j)
        for (int i = from[0]; i <= to[0]; ++i)
          add(i, j, k, 1);
  }

  const geometry::Solid& solid_;
  const image::Grid& grid_;
  const IndexBox& box_;
  const Sampling& how_;
  double width_;         ///< mean edge of a voxel, mm
  double half_diagonal_; ///< of a voxel times the trust, mm
};
} // namespace

IndexBox box_around(const image::Grid& grid, const std::vector<Vec3>& points, double reach_mm)
{
  IndexBox box;
  for (std::size_t n = 0; n < points.size(); ++n)
  {
    const Vec3 at = grid.index(points[n]);
    for (std::size_t a = 0; a < 3; ++a)
    {
      const double reach = reach_mm / grid.spacing[a];
      const int low = static_cast<int>(std::floor(at[a] - reach + 0.5));
      const int high = static_cast<int>(std::ceil(at[a] + reach - 0.5));
      box.low[a] = n == 0 ? low : std::min(box.low[a], low);
      box.high[a] = n == 0 ? high : std::max(box.high[a], high);
    }
  }
  return box;
}

bool holds(const image::Grid& grid, const IndexBox& box)
{
  return grid.contains(box.low[0], box.low[1], box.low[2]) &&
         grid.contains(box.high[0], box.high[1], box.high[2]);
}

IndexBox within(const image::Grid& grid, IndexBox box)
{
  for (std::size_t a = 0; a < 3; ++a)
  {
    box.low[a] = std::max(box.low[a], 0);
    box.high[a] = std::min(box.high[a], grid.size[a] - 1);
  }
  return box;
}

std::vector<VoxelShare> shares_of(const geometry::Solid& solid, const image::Grid& grid,
                                  const IndexBox& box, const Sampling& how)
{
  const IndexBox inside = within(grid, box);
  Halving halving(solid, grid, inside, how);
  for (int k = inside.low[2]; k <= inside.high[2]; k += largest_cube)
    for (int j = inside.low[1]; j <= inside.high[1]; j += largest_cube)
      for (int i = inside.low[0]; i <= inside.high[0]; i += largest_cube)
        halving.cube({i, j, k}, largest_cube);
  std::sort(halving.found.begin(), halving.found.end(),
            [](const VoxelShare& a, const VoxelShare& b) { return a.voxel < b.voxel; });
  return std::move(halving.found);
}

} // namespace calcar::model
