#include "model/study_body.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

#include <cmath>
#include <map>
#include <stdexcept>

namespace calcar::model
{
namespace
{
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

VoxelBody study_body(const image::Volume& modulus, double poisson_ratio)
{
  VoxelBody body;
  body.grid = modulus.grid;
  for (std::uint64_t voxel = 0; voxel < modulus.values.size(); ++voxel)
  {
    const float value = modulus.values[voxel];
    if (value == 0)
      continue;
    if (!(value > 0) || std::isinf(value))
      throw InputError(Fault::data, {modulus.source.path,
                                     "the modulus is " + format_number(value) + " MPa at " +
                                         voxel_words(modulus.grid, voxel),
                                     "0 for void, or greater than 0", "correct the image", ""});
    body.voxels.push_back(voxel);
    body.youngs.push_back(value);
  }
  if (body.voxels.empty())
    throw InputError(Fault::data,
                     {modulus.source.path, "every modulus is 0: there is no body",
                      "moduli in MPa, 0 = void", "check that this is the modulus image", ""});
  body.poisson.assign(body.voxels.size(), static_cast<float>(poisson_ratio));
  return body;
}

RegionNodes region_nodes(const VoxelBody& body, const Lattice& lattice,
                         const image::LabelMap& labels, int label, VoxelSide side)
{
  const auto axis = static_cast<std::size_t>(side.axis);
  const double quarter = body.grid.voxel_volume() / body.grid.spacing[axis] / 4;
  const auto by_kji = [](const NodeIndex& a, const NodeIndex& b) {
    return std::array{a.k, a.j, a.i} < std::array{b.k, b.j, b.i};
  };
  std::map<NodeIndex, double, decltype(by_kji)> areas(by_kji);
  for (const std::uint64_t voxel : body.voxels)
  {
    if (labels.values[voxel] != label)
      continue;
    const auto index = voxel_index(body.grid, voxel);
    auto beside = index;
    beside[axis] += side.sign;
    if (lattice.active(beside[0], beside[1], beside[2]))
      continue;
    for (int a = 0; a < 2; ++a)
      for (int b = 0; b < 2; ++b)
      {
        auto node = index;
        node[axis] += side.sign > 0 ? 1 : 0;
        node[(axis + 1) % 3] += a;
        node[(axis + 2) % 3] += b;
        areas[{node[0], node[1], node[2]}] += quarter;
      }
  }
  RegionNodes region;
  for (const auto& [node, area] : areas)
  {
    region.nodes.push_back(node);
    region.areas.push_back(area);
  }
  return region;
}

} // namespace calcar::model
