#include "voxel/results.hpp"

#include "base/parallel.hpp"
#include "voxel/checks.hpp"

namespace calcar::voxel
{
namespace
{

/// The mean gradient of a voxel: differences of the mean displacements of opposite faces.
Mat3 mean_gradient(const std::int32_t* table, const std::array<int, 3>& at, const Vec3& spacing,
                   const std::vector<double>& u)
{
  Mat3 gradient{};
  for (int corner = 0; corner < 8; ++corner)
  {
    const std::array<int, 3> step = {corner & 1, corner >> 1 & 1, corner >> 2};
    const auto node = static_cast<std::size_t>(
        table[node_position(at[0] + step[0], at[1] + step[1], at[2] + step[2])]);
    for (std::size_t c = 0; c < 3; ++c)
      for (std::size_t d = 0; d < 3; ++d)
        gradient[c][d] += (step[d] ? 0.25 : -0.25) / spacing[d] * u[3 * node + c];
  }
  return gradient;
}

} // namespace

std::vector<double> voxel_strains(const Level& level, const std::vector<double>& u)
{
  std::vector<double> strains;
  for (std::size_t v = 0; v < level.bricks.mu.size(); ++v)
  {
    if (!(level.bricks.mu[v] > 0))
      continue;
    const Mat3 g =
        mean_gradient(level.nodes.table.data() + v / brick_voxels * brick_nodes,
                      voxel_indices(static_cast<int>(v % brick_voxels)), level.bricks.spacing, u);
    for (const double value : {g[0].x, g[1].y, g[2].z, 0.5 * (g[1].z + g[2].y),
                               0.5 * (g[2].x + g[0].z), 0.5 * (g[0].y + g[1].x)})
      strains.push_back(value);
  }
  return strains;
}

std::vector<SymTensor> gather_strains(const Level& level, const std::vector<double>& u,
                                      const Distribution& distribution, MPI_Comm comm)
{
  std::vector<SymTensor> strains(distribution.order.size());
  gather_on_root(voxel_strains(level, u), comm,
                 [&](int from, const std::vector<double>& values)
                 {
                   const std::uint64_t first = distribution.first[static_cast<std::size_t>(from)];
                   for (std::size_t n = 0; n < values.size() / 6; ++n)
                   {
                     const double* e = values.data() + 6 * n;
                     strains[distribution.order[first + n]] = {e[0], e[1], e[2], e[3], e[4], e[5]};
                   }
                 });
  return strains;
}

NodeOrder node_order(const Level& level, const std::vector<model::NodeIndex>& nodes, MPI_Comm comm)
{
  // Lattice indices are small integers: exact as doubles.
  std::vector<double> own;
  for (std::int32_t n = 0; n < level.nodes.owned; ++n)
  {
    const auto brick = level.bricks.list[static_cast<std::size_t>(home_brick(level.nodes, n))];
    const auto at = node_indices(level.nodes.position[static_cast<std::size_t>(n)]);
    own.push_back(brick_edge * brick.i + at[0]);
    own.push_back(brick_edge * brick.j + at[1]);
    own.push_back(brick_edge * brick.k + at[2]);
  }
  NodeOrder order(is_root(comm) ? static_cast<std::size_t>(size(comm)) : 0);
  gather_on_root(own, comm,
                 [&](int from, const std::vector<double>& at)
                 {
                   for (std::size_t n = 0; n < at.size(); n += 3)
                     order[static_cast<std::size_t>(from)].push_back(
                         find_in(nodes, {static_cast<int>(at[n]), static_cast<int>(at[n + 1]),
                                         static_cast<int>(at[n + 2])}));
                 });
  return order;
}

std::vector<Vec3> gather_displacements(const Level& level, const std::vector<double>& u,
                                       const NodeOrder& order, MPI_Comm comm)
{
  std::size_t count = 0;
  for (const auto& part : order)
    count += part.size();
  std::vector<Vec3> result(count);
  const std::vector<double> own(u.begin(), u.begin() + 3 * level.nodes.owned);
  gather_on_root(own, comm,
                 [&](int from, const std::vector<double>& values)
                 {
                   const auto& places = order[static_cast<std::size_t>(from)];
                   for (std::size_t n = 0; n < places.size(); ++n)
                     result[static_cast<std::size_t>(places[n])] = {
                         values[3 * n], values[3 * n + 1], values[3 * n + 2]};
                 });
  return result;
}

} // namespace calcar::voxel
