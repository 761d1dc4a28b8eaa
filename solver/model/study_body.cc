#include "model/study_body.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <stdexcept>

namespace calcar::model
{
namespace
{
/// Moduli collected in one piece of memory: large enough that the system gets it back at once.
constexpr std::size_t block = std::size_t{1} << 24;

std::string voxel_words(const image::Grid& grid, std::uint64_t voxel)
{
  const auto index = voxel_index(grid, voxel);
  return "voxel (" + std::to_string(index[0]) + ", " + std::to_string(index[1]) + ", " +
         std::to_string(index[2]) + ")";
}
} // namespace

const std::vector<std::string>& voxel_side_names()
{
  static const std::vector<std::string> names = {"+i", "-i", "+j", "-j", "+k", "-k"};
  return names;
}

VoxelSide voxel_side(const std::string& text)
{
  for (std::size_t n = 0; n < voxel_side_names().size(); ++n)
    if (voxel_side_names()[n] == text)
      return {static_cast<int>(n / 2), n % 2 == 0 ? +1 : -1};
  throw std::invalid_argument("no side of a voxel: " + text);
}

BodyCollector::BodyCollector(const image::Grid& grid)
    : grid_(grid), active_((grid.voxels() + 63) / 64, 0)
{
}

void BodyCollector::add(std::size_t first, std::span<const float> moduli)
{
  for (std::size_t n = 0; n < moduli.size(); ++n)
  {
    const float value = moduli[n];
    if (value == 0)
      continue;
    if ((!(value > 0) || std::isinf(value)) && !bad_)
      bad_.emplace(first + n, value);
    active_[(first + n) / 64] |= std::uint64_t{1} << ((first + n) % 64);
    if (count_++ % block == 0)
    {
      blocks_.emplace_back();
      blocks_.back().reserve(std::min(block, grid_.voxels()));
    }
    blocks_.back().push_back(value);
  }
}

VoxelBody BodyCollector::finish(double poisson_ratio, const std::string& place)
{
  if (bad_)
    throw InputError(Fault::data, {place,
                                   "the modulus is " + format_number(bad_->second) + " MPa at " +
                                       voxel_words(grid_, bad_->first),
                                   "0 for void, or greater than 0", "correct the image", ""});
  if (count_ == 0)
    throw InputError(Fault::data,
                     {place, "every modulus is 0: there is no body", "moduli in MPa, 0 = void",
                      "check that this is the modulus image", ""});
  VoxelBody body;
  body.grid = grid_;
  body.youngs.reserve(count_);
  for (std::vector<float>& values : blocks_)
  {
    body.youngs.insert(body.youngs.end(), values.begin(), values.end());
    values = std::vector<float>(); // gives the memory back; = {} would keep it
  }
  body.voxels.reserve(count_);
  for (std::size_t word = 0; word < active_.size(); ++word)
    for (std::uint64_t bits = active_[word]; bits != 0; bits &= bits - 1)
      body.voxels.push_back(64 * word + static_cast<std::size_t>(std::countr_zero(bits)));
  body.poisson.assign(count_, static_cast<float>(poisson_ratio));
  *this = BodyCollector(image::Grid{});
  return body;
}

FaceCollector::FaceCollector(const image::Grid& grid, const Lattice& lattice, int label,
                             VoxelSide side)
    : grid_(&grid), lattice_(&lattice), label_(label), side_(side)
{
}

void FaceCollector::add(std::size_t first, std::span<const std::int32_t> labels)
{
  const auto axis = static_cast<std::size_t>(side_.axis);
  for (std::size_t n = 0; n < labels.size(); ++n)
  {
    if (labels[n] != label_)
      continue;
    const auto index = voxel_index(*grid_, first + n);
    if (!lattice_->active(index[0], index[1], index[2]))
      continue;
    auto beside = index;
    beside[axis] += side_.sign;
    if (!lattice_->active(beside[0], beside[1], beside[2]))
      voxels_.push_back(first + n);
  }
}

RegionNodes region_nodes(const image::Grid& grid, std::span<const std::uint64_t> voxels,
                         VoxelSide side)
{
  const auto axis = static_cast<std::size_t>(side.axis);
  const double quarter = grid.voxel_volume() / grid.spacing[axis] / 4;
  std::vector<std::array<int, 3>> corners; // k, j, i: in the order of the result
  corners.reserve(4 * voxels.size());
  for (const std::uint64_t voxel : voxels)
    for (int corner = 0; corner < 4; ++corner)
    {
      auto node = voxel_index(grid, voxel);
      node[axis] += side.sign > 0 ? 1 : 0;
      node[(axis + 1) % 3] += corner & 1;
      node[(axis + 2) % 3] += corner >> 1;
      corners.push_back({node[2], node[1], node[0]});
    }
  std::sort(corners.begin(), corners.end());
  RegionNodes region;
  for (std::size_t n = 0; n < corners.size();)
  {
    std::size_t end = n + 1;
    while (end < corners.size() && corners[end] == corners[n])
      ++end;
    region.nodes.push_back({corners[n][2], corners[n][1], corners[n][0]});
    region.areas.push_back(static_cast<double>(end - n) * quarter);
    n = end;
  }
  return region;
}

} // namespace calcar::model
