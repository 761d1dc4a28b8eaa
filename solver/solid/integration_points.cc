#include "solid/body.hpp"
#include "solid/reference_points.hpp"
#include "solid/shape.hpp"

namespace calcar::solid
{

int integration_points_per_cell(mesh::CellShape shape, int degree)
{
  return static_cast<int>(reference_points(shape, degree).size());
}

std::vector<Vec3> integration_points(const mesh::Mesh& mesh)
{
  std::vector<std::vector<double>> values;
  for (const ReferencePoint& point : reference_points(mesh.shape, mesh.degree))
    values.push_back(shape_values(mesh.shape, 1, point.xi));
  std::vector<Vec3> points;
  points.reserve(mesh.cells() * values.size());
  for (std::size_t c = 0; c < mesh.cells(); ++c)
    for (const auto& of_point : values)
      points.push_back(place(mesh, c, of_point));
  return points;
}

} // namespace calcar::solid
