#include "solid/rig_conditions.hpp"

#include "base/error.hpp"
#include "load/nodal_forces.hpp"

namespace calcar::solid
{
namespace
{

/// The outward normal of each node, zero inside.
std::vector<Vec3> normals_of(const mesh::Nodes& nodes, const BoundaryNodes& boundary)
{
  std::vector<Vec3> normals(nodes.points.size());
  for (std::size_t n = 0; n < boundary.nodes.size(); ++n)
    normals[boundary.nodes[n]] = boundary.normals[n];
  return normals;
}

/// The volume around each node: every cell shares its own evenly among its nodes.
std::vector<double> node_volumes(const mesh::Mesh& mesh, const mesh::Nodes& nodes)
{
  std::vector<double> volumes(nodes.points.size(), 0);
  for (std::size_t c = 0; c < mesh.cells(); ++c)
    for (const std::uint32_t node : nodes.cell(c))
      volumes[node] += mesh::volume(mesh, c) / nodes.per_cell;
  return volumes;
}

/// How much each node belongs to a patch.
std::vector<double> weights_of(const load::Patch& patch, const mesh::Nodes& nodes,
                               const std::vector<Vec3>& normals)
{
  std::vector<double> weights(nodes.points.size());
  for (std::size_t n = 0; n < weights.size(); ++n)
    weights[n] = patch.weight(nodes.points[n], normals[n]);
  return weights;
}

void clamp(const std::vector<double>& weights, int number, Supports& supports)
{
  for (std::size_t n = 0; n < weights.size(); ++n)
    if (weights[n] > 0)
      for (int axis = 0; axis < 3; ++axis)
        supports.fixed.push_back({static_cast<std::uint32_t>(n), axis, 0.0, number});
}

void bed_on_springs(const load::Support& support, std::vector<double> weights,
                    const std::vector<double>& volumes, int number, Supports& supports)
{
  SymTensor directions;
  for (const Vec3& d : support.directions)
    directions =
        directions + SymTensor{d.x * d.x, d.y * d.y, d.z * d.z, d.y * d.z, d.z * d.x, d.x * d.y};
  double total = 0;
  for (std::size_t n = 0; n < weights.size(); ++n)
    total += weights[n] *= volumes[n];
  for (std::size_t n = 0; n < weights.size(); ++n)
    if (weights[n] > 0)
      supports.springs.push_back({static_cast<std::uint32_t>(n),
                                  support.stiffness_N_per_mm * weights[n] / total * directions,
                                  number});
}

} // namespace

Supports supports_of(const load::Rig& rig, const mesh::Mesh& mesh, const mesh::Nodes& nodes,
                     const BoundaryNodes& boundary)
{
  const std::vector<Vec3> normals = normals_of(nodes, boundary);
  const std::vector<double> volumes = node_volumes(mesh, nodes);
  Supports supports;
  for (const load::Support& support : rig.supports)
  {
    const auto number = static_cast<int>(supports.names.size());
    const std::size_t before = supports.fixed.size() + supports.springs.size();
    supports.names.push_back(support.name);
    const std::vector<double> weights = weights_of(support.patch, nodes, normals);
    if (support.kind == load::SupportKind::clamped)
      clamp(weights, number, supports);
    else
      bed_on_springs(support, weights, volumes, number, supports);
    if (supports.fixed.size() + supports.springs.size() == before)
      throw InputError(Fault::data,
                       {"support \"" + support.name + "\" of rig \"" + rig.name + "\"",
                        "no node of the mesh lies where it should hold", "",
                        "check the mesh and the landmarks, or leave out the activities of this rig",
                        ""});
  }
  return supports;
}

std::vector<NodalForce> forces_of(const load::AppliedForce& force, const BoundaryNodes& boundary)
{
  const std::vector<Vec3> forces =
      load::nodal_forces(force, boundary.points, boundary.normals, boundary.areas);
  std::vector<NodalForce> result;
  for (std::size_t n = 0; n < forces.size(); ++n)
    if (norm(forces[n]) > 0)
      result.push_back({boundary.nodes[n], forces[n]});
  return result;
}

} // namespace calcar::solid
