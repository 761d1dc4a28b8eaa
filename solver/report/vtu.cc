#include "mesh/vtk_mesh.hpp"
#include "report/fields.hpp"

namespace calcar::report
{

void write_vtu(const std::filesystem::path& file, const mesh::Mesh& mesh,
               const std::vector<Field>& cell_fields, const std::vector<Vec3>& displacement)
{
  std::vector<mesh::MeshField> of_cells, of_nodes;
  for (const Field& field : cell_fields)
    of_cells.push_back({field.name, 1, field.values});
  if (!displacement.empty())
  {
    of_nodes.push_back({"displacement_mm", 3, {}});
    for (const Vec3& u : displacement)
      for (std::size_t axis = 0; axis < 3; ++axis)
        of_nodes.back().values.push_back(static_cast<float>(u[axis]));
  }
  std::filesystem::create_directories(file.parent_path());
  mesh::write_vtu(file, mesh, of_cells, of_nodes);
}

} // namespace calcar::report
