#include "solid/loads.hpp"

#include "mesh/nodes.hpp"
#include "solid/boundary.hpp"
#include "solid/reference_points.hpp"
#include "solid/shape.hpp"

#include <map>

namespace calcar::solid
{
namespace
{

std::vector<NodalForce> listed(const std::map<std::uint32_t, Vec3>& sums)
{
  std::vector<NodalForce> forces;
  for (const auto& [node, force] : sums)
    forces.push_back({node, force});
  return forces;
}

} // namespace

std::vector<NodalForce> traction_forces(const mesh::Mesh& mesh,
                                        const std::vector<mesh::FaceOfCell>& faces,
                                        const Traction& traction)
{
  std::map<std::uint32_t, Vec3> sums;
  for_each_face_point(mesh, faces,
                      [&](std::span<const std::uint32_t> nodes, const FacePoint& point)
                      {
                        const Vec3 force = point.area * traction(point.point, point.normal);
                        for (std::size_t n = 0; n < nodes.size(); ++n)
                          sums[nodes[n]] += point.values[n] * force;
                      });
  return listed(sums);
}

std::vector<NodalForce> body_forces(const mesh::Mesh& mesh, const BodyForce& force)
{
  const mesh::Nodes nodes = mesh::nodes_of(mesh);
  std::vector<Vec3> sums(nodes.points.size());
  for (const ReferencePoint& point : fine_reference_points(mesh.shape))
  {
    const auto values = shape_values(mesh.shape, mesh.degree, point.xi);
    const auto corners = shape_values(mesh.shape, 1, point.xi);
    const auto derivatives = shape_derivatives(mesh.shape, 1, point.xi);
    for (std::size_t c = 0; c < mesh.cells(); ++c)
    {
      const double volume = point.weight * determinant(jacobian(mesh, c, derivatives));
      const Vec3 whole = volume * force(place(mesh, c, corners));
      const auto of_cell = nodes.cell(c);
      for (std::size_t n = 0; n < of_cell.size(); ++n)
        sums[of_cell[n]] += values[n] * whole;
    }
  }
  std::vector<NodalForce> forces;
  for (std::uint32_t n = 0; n < sums.size(); ++n)
    forces.push_back({n, sums[n]});
  return forces;
}

} // namespace calcar::solid
