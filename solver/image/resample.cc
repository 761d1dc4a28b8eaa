#include "image/resample.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "image/box.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::image
{
namespace
{
bool reaches(const Grid& grid, Vec3 index)
{
  for (std::size_t a = 0; a < 3; ++a)
    if (!(index[a] >= -0.5 && index[a] <= grid.size[a] - 0.5)) // also false for NaN
      return false;
  return true;
}

/// The eight voxels around an index and their trilinear weights.
struct Cell
{
  int low[3];
  double upper[3]; ///< weight of the upper voxel on each axis

  explicit Cell(Vec3 index)
  {
    for (std::size_t a = 0; a < 3; ++a)
    {
      const double floor = std::floor(index[a]);
      low[a] = static_cast<int>(floor);
      upper[a] = index[a] - floor;
    }
  }

  /// visit(i, j, k, weight) for the corners with a weight.
  template <typename Visit>
  void for_each(const Visit& visit) const
  {
    for (int c = 0; c < 8; ++c)
    {
      const int d[3] = {c & 1, (c >> 1) & 1, c >> 2};
      double weight = 1;
      for (std::size_t a = 0; a < 3; ++a)
        weight *= d[a] ? upper[a] : 1 - upper[a];
      if (weight > 0)
        visit(low[0] + d[0], low[1] + d[1], low[2] + d[2], weight);
    }
  }
};

/// The sub-points of a target voxel, as steps in the source's index space from the voxel's centre.
std::vector<Vec3> sub_points(const Grid& source, const Grid& target, int least)
{
  int count[3];
  for (std::size_t a = 0; a < 3; ++a)
  {
    Vec3 unit;
    unit[a] = 1;
    const Vec3 step = source.index(target.point(unit)) - source.index(target.point({0, 0, 0}));
    const double length =
        std::max({std::abs(step.x), std::abs(step.y), std::abs(step.z)}); // in source voxels
    count[a] = std::clamp(static_cast<int>(std::ceil(length - 1e-6)), least, 8);
  }
  const Vec3 zero = source.index(target.point({0, 0, 0}));
  std::vector<Vec3> points;
  for (int k = 0; k < count[2]; ++k)
    for (int j = 0; j < count[1]; ++j)
      for (int i = 0; i < count[0]; ++i)
        points.push_back(
            source.index(target.point({(i + 0.5) / count[0] - 0.5, (j + 0.5) / count[1] - 0.5,
                                       (k + 0.5) / count[2] - 0.5})) -
            zero);
  return points;
}

/// Calls visit(target offset, centre as continuous index of the source) for all target voxels.
template <typename Visit>
void for_each_voxel(const Grid& source, const Grid& target, const Visit& visit)
{
  std::size_t offset = 0;
  for (int k = 0; k < target.size[2]; ++k)
    for (int j = 0; j < target.size[1]; ++j)
      for (int i = 0; i < target.size[0]; ++i, ++offset)
        visit(offset, source.index(target.point({i + 0.0, j + 0.0, k + 0.0})));
}

/// Volume shares of the labels met in one target voxel; a handful at most.
class Shares
{
public:
  void clear() { shares_.clear(); }
  void add(std::int32_t label, double weight)
  {
    for (auto& [known, share] : shares_)
      if (known == label)
      {
        share += weight;
        return;
      }
    shares_.emplace_back(label, weight);
  }
  std::int32_t largest() const
  {
    std::pair<std::int32_t, double> best = {0, 0};
    for (const auto& [label, share] : shares_)
    {
      const bool tie = std::abs(share - best.second) < 1e-9;
      if (tie ? label > best.first : share > best.second)
        best = {label, share};
    }
    return best.first;
  }

private:
  std::vector<std::pair<std::int32_t, double>> shares_;
};

} // namespace

float sample_index(const Volume& volume, Vec3 index, float outside)
{
  if (!reaches(volume.grid, index))
    return outside;
  for (std::size_t a = 0; a < 3; ++a)
    index[a] = std::clamp(index[a], 0.0, volume.grid.size[a] - 1.0);
  double sum = 0;
  Cell(index).for_each([&](int i, int j, int k, double weight)
                       { sum += weight * static_cast<double>(volume.at(i, j, k)); });
  return static_cast<float>(sum);
}

float sample_linear(const Volume& volume, Vec3 lps_point, float outside)
{
  return sample_index(volume, volume.grid.index(lps_point), outside);
}

float fraction(const Mask& mask, Vec3 index)
{
  if (!std::isfinite(norm(index)) || norm(index) > 1e9)
    return 0;
  double sum = 0;
  Cell(index).for_each(
      [&](int i, int j, int k, double weight)
      {
        if (mask.grid.contains(i, j, k) && mask.at(i, j, k) != 0)
          sum += weight;
      });
  return static_cast<float>(sum);
}

Grid isotropic_grid(const Mask& mask, double size_mm)
{
  if (!(size_mm > 0) || !std::isfinite(size_mm))
    throw InputError(Fault::command,
                     {"size_mm", "the voxel size is " + format_number(size_mm) + " mm",
                      "a positive size", "", ""});
  const Box box = bounding_box(mask);
  Grid grid;
  grid.spacing = {size_mm, size_mm, size_mm};
  grid.direction = mask.grid.direction;
  Vec3 centre, half;
  for (std::size_t a = 0; a < 3; ++a)
  {
    const double length = (box.high[a] - box.low[a] + 1) * mask.grid.spacing[a];
    grid.size[a] = static_cast<int>(std::ceil(length / size_mm - 1e-6)) + 2;
    centre[a] = 0.5 * (box.low[a] + box.high[a]);
    half[a] = 0.5 * (grid.size[a] - 1) * size_mm;
  }
  grid.origin = mask.grid.point(centre) - grid.direction * half;
  return grid;
}

Volume resample(const Volume& volume, const Grid& grid, float outside)
{
  Volume result{grid, std::vector<float>(grid.voxels()), volume.source};
  const std::vector<Vec3> points = sub_points(volume.grid, grid, 1);
  for_each_voxel(volume.grid, grid,
                 [&](std::size_t offset, Vec3 centre)
                 {
                   double sum = 0;
                   int inside = 0;
                   for (const Vec3 step : points)
                   {
                     if (!reaches(volume.grid, centre + step))
                       continue;
                     sum += static_cast<double>(sample_index(volume, centre + step, outside));
                     ++inside;
                   }
                   result.values[offset] = inside ? static_cast<float>(sum / inside) : outside;
                 });
  return result;
}

LabelMap resample_labels(const LabelMap& labels, const Grid& grid)
{
  LabelMap result{grid, std::vector<std::int32_t>(grid.voxels()), labels.source};
  const std::vector<Vec3> points = sub_points(labels.grid, grid, 2);
  Shares shares;
  for_each_voxel(labels.grid, grid,
                 [&](std::size_t offset, Vec3 centre)
                 {
                   shares.clear();
                   for (const Vec3 step : points)
                     Cell(centre + step)
                         .for_each(
                             [&](int i, int j, int k, double weight)
                             {
                               const bool in = labels.grid.contains(i, j, k);
                               shares.add(in ? labels.at(i, j, k) : 0, weight);
                             });
                   result.values[offset] = shares.largest();
                 });
  return result;
}

Mask resample_mask(const Mask& mask, const Grid& grid)
{
  Mask result{grid, std::vector<std::uint8_t>(grid.voxels()), mask.source};
  const std::vector<Vec3> points = sub_points(mask.grid, grid, 2);
  const double half = 0.5 * static_cast<double>(points.size()) - 1e-6;
  for_each_voxel(mask.grid, grid,
                 [&](std::size_t offset, Vec3 centre)
                 {
                   double sum = 0;
                   for (const Vec3 step : points)
                     sum += static_cast<double>(fraction(mask, centre + step));
                   result.values[offset] = sum >= half ? 1 : 0;
                 });
  return result;
}

} // namespace calcar::image
