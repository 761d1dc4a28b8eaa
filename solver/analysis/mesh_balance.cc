#include "analysis/mesh_balance.hpp"

#include "analysis/combine.hpp"
#include "model/inertia_relief.hpp"

namespace calcar::analysis
{

std::vector<double> node_volumes(const mesh::Mesh& mesh, const mesh::Nodes& nodes)
{
  std::vector<double> volumes(nodes.points.size(), 0);
  for (std::size_t c = 0; c < mesh.cells(); ++c)
    for (const std::uint32_t node : nodes.cell(c))
      volumes[node] += mesh::volume(mesh, c) / nodes.per_cell;
  return volumes;
}

solid::Supports hold_in_place(const mesh::Nodes& nodes,
                              const std::vector<solid::HangingNode>& hanging)
{
  std::vector<std::uint8_t> own(nodes.points.size(), 1);
  for (const solid::HangingNode& node : hanging)
    own[node.node] = 0;
  solid::Supports supports;
  supports.names.push_back(model::in_place);
  for (const model::Pin& pin : model::statically_determinate(nodes.points, own))
    supports.fixed.push_back({static_cast<std::uint32_t>(pin.point), pin.axis, 0.0, 0});
  return supports;
}

std::vector<solid::NodalForce> inertia_of(const std::vector<solid::NodalForce>& forces,
                                          const std::vector<Vec3>& points,
                                          const std::vector<double>& volumes)
{
  const Wrench load = wrench_of(
      forces, {}, [&](std::uint32_t node) { return points[node]; },
      [](Vec3 force) { return force; });
  const auto inertia = model::inertia_forces(load.force, load.moment, points, volumes);
  std::vector<solid::NodalForce> result;
  result.reserve(inertia.size());
  for (std::size_t n = 0; n < inertia.size(); ++n)
    result.push_back({static_cast<std::uint32_t>(n), inertia[n]});
  return result;
}

} // namespace calcar::analysis
