#include "base/error.hpp"
#include "mesh/nodes.hpp"
#include "report/fields.hpp"

#include <vtkCellArray.h>
#include <vtkCellData.h>
#include <vtkCellType.h>
#include <vtkFloatArray.h>
#include <vtkIntArray.h>
#include <vtkNew.h>
#include <vtkPointData.h>
#include <vtkPoints.h>
#include <vtkUnstructuredGrid.h>
#include <vtkXMLUnstructuredGridWriter.h>

namespace calcar::report
{
namespace
{
int vtk_type(const mesh::Mesh& mesh)
{
  if (mesh.shape == mesh::CellShape::tetrahedron)
    return mesh.degree == 1 ? VTK_TETRA : VTK_QUADRATIC_TETRA;
  return mesh.degree == 1 ? VTK_HEXAHEDRON : VTK_TRIQUADRATIC_HEXAHEDRON;
}

void set_mesh(vtkUnstructuredGrid& grid, const mesh::Mesh& mesh)
{
  const mesh::Nodes nodes = mesh::nodes_of(mesh);
  vtkNew<vtkPoints> points;
  points->SetDataTypeToDouble();
  points->SetNumberOfPoints(static_cast<vtkIdType>(nodes.points.size()));
  for (std::size_t n = 0; n < nodes.points.size(); ++n)
    points->SetPoint(static_cast<vtkIdType>(n), nodes.points[n].x, nodes.points[n].y,
                     nodes.points[n].z);
  grid.SetPoints(points);
  vtkNew<vtkCellArray> cells;
  std::vector<vtkIdType> corners(static_cast<std::size_t>(nodes.per_cell));
  for (std::size_t c = 0; c < mesh.cells(); ++c)
  {
    std::copy(nodes.cell(c).begin(), nodes.cell(c).end(), corners.begin());
    cells->InsertNextCell(nodes.per_cell, corners.data());
  }
  grid.SetCells(vtk_type(mesh), cells);
}

void add_region(vtkUnstructuredGrid& grid, const mesh::Mesh& mesh)
{
  vtkNew<vtkIntArray> region;
  region->SetName("region");
  region->SetNumberOfTuples(static_cast<vtkIdType>(mesh.cells()));
  for (std::size_t c = 0; c < mesh.cells(); ++c)
    region->SetValue(static_cast<vtkIdType>(c), mesh.region[c]);
  grid.GetCellData()->AddArray(region);
}

void add_field(vtkUnstructuredGrid& grid, const Field& field)
{
  vtkNew<vtkFloatArray> values;
  values->SetName(field.name.c_str());
  values->SetNumberOfTuples(static_cast<vtkIdType>(field.values.size()));
  std::copy(field.values.begin(), field.values.end(), values->GetPointer(0));
  grid.GetCellData()->AddArray(values);
}

void add_displacement(vtkUnstructuredGrid& grid, const std::vector<Vec3>& displacement)
{
  vtkNew<vtkFloatArray> values;
  values->SetName("displacement_mm");
  values->SetNumberOfComponents(3);
  values->SetNumberOfTuples(static_cast<vtkIdType>(displacement.size()));
  for (std::size_t n = 0; n < displacement.size(); ++n)
    values->SetTuple3(static_cast<vtkIdType>(n), displacement[n].x, displacement[n].y,
                      displacement[n].z);
  grid.GetPointData()->AddArray(values);
}
} // namespace

void write_vtu(const std::filesystem::path& file, const mesh::Mesh& mesh,
               const std::vector<Field>& cell_fields, const std::vector<Vec3>& displacement)
{
  vtkNew<vtkUnstructuredGrid> grid;
  set_mesh(*grid, mesh);
  add_region(*grid, mesh);
  for (const Field& field : cell_fields)
    add_field(*grid, field);
  if (!displacement.empty())
    add_displacement(*grid, displacement);
  std::filesystem::create_directories(file.parent_path());
  vtkNew<vtkXMLUnstructuredGridWriter> writer;
  writer->SetFileName(file.c_str());
  writer->SetInputData(grid);
  writer->SetCompressorTypeToLZ4();
  writer->EncodeAppendedDataOff();
  if (writer->Write() != 1)
    throw InputError(Fault::command, {file.string(), "the file could not be written", "",
                                      "check the folder's permissions and the space left", ""});
}

} // namespace calcar::report
