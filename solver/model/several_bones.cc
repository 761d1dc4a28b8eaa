#include "model/several_bones.hpp"

#include "model/lattice.hpp"
#include "model/voxel_model.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <stdexcept>

namespace calcar::model
{
namespace
{
constexpr int sub_points = 3;

/// Index of the voxel of a grid that a point lies in, or the nearest one.
std::array<int, 3> voxel_at(const image::Grid& grid, Vec3 point)
{
  const Vec3 index = grid.index(point);
  std::array<int, 3> at{};
  for (std::size_t axis = 0; axis < 3; ++axis)
    at[axis] = std::clamp(static_cast<int>(std::lround(index[axis])), 0, grid.size[axis] - 1);
  return at;
}

std::int32_t most_labels(const image::LabelMap& bones, const image::Grid& grid,
                         const std::array<int, 3>& voxel)
{
  std::array<int, no_bone> votes{};
  const auto part = [](int n) { return (n + 0.5) / sub_points - 0.5; };
  for (int c = 0; c < sub_points; ++c)
    for (int b = 0; b < sub_points; ++b)
      for (int a = 0; a < sub_points; ++a)
      {
        const Vec3 point = grid.point({voxel[0] + part(a), voxel[1] + part(b), voxel[2] + part(c)});
        const auto [i, j, k] = voxel_at(bones.grid, point);
        if (const std::int32_t label = bones.at(i, j, k); label > 0 && label < no_bone)
          ++votes[static_cast<std::size_t>(label)];
      }
  const auto most = std::max_element(votes.begin(), votes.end());
  return *most > 0 ? static_cast<std::int32_t>(most - votes.begin()) : 0;
}
} // namespace

std::int32_t nearest_label(const image::LabelMap& bones, Vec3 point)
{
  const image::Grid& grid = bones.grid;
  const auto [i, j, k] = voxel_at(grid, point);
  const int most = std::max({grid.size[0], grid.size[1], grid.size[2]});
  const double spacing = std::min({grid.spacing.x, grid.spacing.y, grid.spacing.z});
  // Boxes that grow about the point's own voxel, until none beyond can be nearer.
  for (int reach = 1; reach < 2 * most; reach *= 2)
  {
    std::int32_t label = 0;
    double nearest = std::numeric_limits<double>::infinity();
    for (int c = std::max(0, k - reach); c <= std::min(grid.size[2] - 1, k + reach); ++c)
      for (int b = std::max(0, j - reach); b <= std::min(grid.size[1] - 1, j + reach); ++b)
        for (int a = std::max(0, i - reach); a <= std::min(grid.size[0] - 1, i + reach); ++a)
        {
          if (bones.at(a, b, c) == 0)
            continue;
          const double distance = norm(grid.point({double(a), double(b), double(c)}) - point);
          if (distance < nearest)
          {
            nearest = distance;
            label = bones.at(a, b, c);
          }
        }
    if (label != 0 && (nearest <= reach * spacing || reach >= most))
      return label;
  }
  throw std::invalid_argument("a map of bones without a label");
}

std::vector<std::uint8_t> bone_numbers(const VoxelBody& body, const image::LabelMap& bones)
{
  std::vector<std::uint8_t> numbers;
  numbers.reserve(body.voxels.size());
  for (const std::uint64_t voxel : body.voxels)
  {
    std::int32_t label = most_labels(bones, body.grid, voxel_index(body.grid, voxel));
    if (label == 0)
      label = nearest_label(bones, voxel_centre(body.grid, voxel));
    numbers.push_back(static_cast<std::uint8_t>(label - 1));
  }
  return numbers;
}

std::vector<std::uint8_t> touching_voxels(const VoxelBody& body,
                                          const std::vector<std::uint8_t>& numbers)
{
  const image::Grid& grid = body.grid;
  std::vector<std::uint8_t> number(grid.voxels(), no_bone);
  for (std::size_t n = 0; n < body.voxels.size(); ++n)
    number[body.voxels[n]] = numbers[n];
  std::vector<std::uint8_t> touching(body.voxels.size(), 0);
  for (std::size_t n = 0; n < body.voxels.size(); ++n)
  {
    const auto [i, j, k] = voxel_index(grid, body.voxels[n]);
    for (int c = k - 1; c <= k + 1; ++c)
      for (int b = j - 1; b <= j + 1; ++b)
        for (int a = i - 1; a <= i + 1; ++a)
          if (grid.contains(a, b, c) && number[grid.offset(a, b, c)] < numbers[n])
            touching[n] = 1;
  }
  return touching;
}

} // namespace calcar::model
