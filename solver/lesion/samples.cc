#include "lesion/samples.hpp"

namespace calcar::lesion
{
namespace
{
/// Sub-points per axis so that a lesion's reach holds 24 of them.
int sub_points(const image::Grid& grid, double reach_mm)
{
  const double h = std::max({grid.spacing.x, grid.spacing.y, grid.spacing.z});
  return std::clamp(static_cast<int>(std::ceil(24 * h / reach_mm)), 2, 6);
}

/// True when a neighbour of the voxel lies outside the mask.
bool at_surface(const image::Mask& mask, int i, int j, int k)
{
  constexpr int steps[6][3] = {{1, 0, 0}, {-1, 0, 0}, {0, 1, 0}, {0, -1, 0}, {0, 0, 1}, {0, 0, -1}};
  for (const auto& s : steps)
    if (!mask.grid.contains(i + s[0], j + s[1], k + s[2]) || !mask.at(i + s[0], j + s[1], k + s[2]))
      return true;
  return false;
}
/// The lesion's fraction with its border spread over a sub-point at least: on a lattice along which
/// a border runs, counting alone is off by per cents.
double smoothed_fraction(const PlacedLesion& placed, Vec3 p, double grain)
{
  if (placed.lesion.margin_mm > grain)
    return fraction(placed, p);
  if (norm(p - placed.centre) > placed.reach_mm + grain)
    return 0;
  return std::clamp(0.5 - placed.solid.distance(p) / grain, 0.0, 1.0);
}
} // namespace

LesionSamples sample(const PlacedLesion& placed, const image::Mask& bone)
{
  const image::Grid& grid = bone.grid;
  const int n = sub_points(grid, placed.reach_mm);
  LesionSamples result;
  result.sample_mm3 = grid.voxel_volume() / (n * n * n);
  const double grain = std::cbrt(result.sample_mm3);
  double sum = 0;
  Vec3 moment;
  const auto visit = [&](std::size_t offset, int i, int j, int k)
  {
    if (!bone.values[offset])
      return;
    int whole = 0;
    std::vector<Vec3> here;
    for (int c = 0; c < n; ++c)
      for (int b = 0; b < n; ++b)
        for (int a = 0; a < n; ++a)
        {
          const Vec3 p = grid.point(
              {i + (a + 0.5) / n - 0.5, j + (b + 0.5) / n - 0.5, k + (c + 0.5) / n - 0.5});
          const double share = smoothed_fraction(placed, p, grain);
          sum += share;
          moment += share * p;
          if (share >= 0.5)
            here.push_back(p);
          whole += share >= 0.5 ? 1 : 0;
        }
    // Voxels wholly inside the lesion and the bone hold no extreme point.
    const bool border = whole > 0 && (whole < n * n * n || at_surface(bone, i, j, k));
    if (border)
      result.border.insert(result.border.end(), here.begin(), here.end());
  };
  for_each_near(grid, placed.centre, placed.reach_mm, visit);
  result.volume_mm3 = sum * result.sample_mm3;
  result.centroid = sum > 0 ? moment / sum : placed.centre;
  return result;
}

} // namespace calcar::lesion
