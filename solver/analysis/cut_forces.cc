#include "analysis/cut_forces.hpp"

#include "model/lattice.hpp"

#include <algorithm>
#include <bit>
#include <iterator>
#include <stdexcept>

namespace calcar::analysis
{
using model::NodeIndex;

NodeRanks::NodeRanks(const model::VoxelBody& body)
    : size_{static_cast<std::size_t>(body.grid.size[0]) + 1,
            static_cast<std::size_t>(body.grid.size[1]) + 1,
            static_cast<std::size_t>(body.grid.size[2]) + 1}
{
  marks_.assign((size_[0] * size_[1] * size_[2] + 63) / 64, 0);
  for (const std::uint64_t voxel : body.voxels)
  {
    const auto [i, j, k] = model::voxel_index(body.grid, voxel);
    for (int corner = 0; corner < 8; ++corner)
    {
      const std::size_t at = offset(i + (corner & 1), j + (corner >> 1 & 1), k + (corner >> 2));
      marks_[at / 64] |= std::uint64_t{1} << (at % 64);
    }
  }
  before_.reserve(marks_.size());
  for (const std::uint64_t word : marks_)
  {
    before_.push_back(count_);
    count_ += static_cast<std::size_t>(std::popcount(word));
  }
}

std::size_t NodeRanks::offset(int i, int j, int k) const
{
  return static_cast<std::size_t>(i) +
         size_[0] * (static_cast<std::size_t>(j) + size_[1] * static_cast<std::size_t>(k));
}

std::size_t NodeRanks::rank(const NodeIndex& node) const
{
  const std::size_t at = offset(node.i, node.j, node.k);
  const std::uint64_t below = (std::uint64_t{1} << (at % 64)) - 1;
  return before_[at / 64] + static_cast<std::size_t>(std::popcount(marks_[at / 64] & below));
}

ElementForces::ElementForces(const model::VoxelBody& body, const std::vector<Vec3>& displacement)
    : body_(body), displacement_(displacement), ranks_(body),
      of_lambda_(voxel::element_matrix(body.grid.spacing, 1, 0)),
      of_mu_(voxel::element_matrix(body.grid.spacing, 0, 1))
{
  if (displacement.size() != ranks_.count())
    throw std::invalid_argument("the forces across a cut need the displacements of all nodes");
}

std::array<NodeIndex, 8> ElementForces::corners(std::size_t n) const
{
  const auto [i, j, k] = model::voxel_index(body_.grid, body_.voxels[n]);
  std::array<NodeIndex, 8> result;
  for (int c = 0; c < 8; ++c)
    result[static_cast<std::size_t>(c)] = {i + (c & 1), j + (c >> 1 & 1), k + (c >> 2)};
  return result;
}

std::array<Vec3, 8> ElementForces::forces(std::size_t n) const
{
  const double youngs = static_cast<double>(body_.youngs[n]);
  const double poisson = static_cast<double>(body_.poisson[n]);
  const double lambda = youngs * poisson / ((1 + poisson) * (1 - 2 * poisson));
  const double mu = youngs / (2 * (1 + poisson));
  std::array<Vec3, 8> u;
  const auto nodes = corners(n);
  for (std::size_t c = 0; c < 8; ++c) // without the voxel's own motion, which only costs digits
    u[c] = displacement_[ranks_.rank(nodes[c])] - displacement_[ranks_.rank(nodes[0])];
  std::array<Vec3, 8> result;
  for (std::size_t row = 0; row < 24; ++row)
    for (std::size_t column = 0; column < 24; ++column)
      result[row / 3][row % 3] +=
          (lambda * of_lambda_[24 * row + column] + mu * of_mu_[24 * row + column]) *
          u[column / 3][column % 3];
  return result;
}

std::vector<std::size_t> ElementForces::nodes(const std::vector<std::size_t>& voxels) const
{
  std::vector<std::size_t> found;
  for (const std::size_t n : voxels)
    for (const NodeIndex& node : corners(n))
      found.push_back(ranks_.rank(node));
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

ForceAndMoment ElementForces::across(const Cut& whole, const Cut& part, Vec3 point) const
{
  const auto before = nodes(whole.before);
  const auto behind = nodes(whole.behind);
  std::vector<std::size_t> shared;
  std::set_intersection(before.begin(), before.end(), behind.begin(), behind.end(),
                        std::back_inserter(shared));
  ForceAndMoment sum;
  const auto add = [&](std::size_t n, double sign)
  {
    const auto at = corners(n);
    const auto force = forces(n);
    for (std::size_t c = 0; c < 8; ++c)
    {
      if (!std::binary_search(shared.begin(), shared.end(), ranks_.rank(at[c])))
        continue;
      const Vec3 half = 0.5 * sign * (body_.grid.direction * force[c]);
      sum.force += half;
      sum.moment += cross(model::node_position(body_.grid, at[c]) - point, half);
    }
  };
  for (const std::size_t n : part.before)
    add(n, 1);
  for (const std::size_t n : part.behind)
    add(n, -1);
  return sum;
}

} // namespace calcar::analysis
