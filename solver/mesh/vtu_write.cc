#include "base/error.hpp"
#include "base/files.hpp"
#include "geometry/vtk_complaints.hpp"
#include "mesh/nodes.hpp"
#include "mesh/vtk_mesh.hpp"

#include <vtkCellArray.h>
#include <vtkCellData.h>
#include <vtkCellType.h>
#include <vtkDoubleArray.h>
#include <vtkFieldData.h>
#include <vtkFloatArray.h>
#include <vtkIntArray.h>
#include <vtkNew.h>
#include <vtkPointData.h>
#include <vtkPoints.h>
#include <vtkStringArray.h>
#include <vtkTypeInt64Array.h>
#include <vtkUnstructuredGrid.h>
#include <vtkXMLUnstructuredGridWriter.h>

#include <algorithm>

namespace calcar::mesh
{
namespace
{

int vtk_type(const Mesh& mesh)
{
  if (mesh.shape == CellShape::tetrahedron)
    return mesh.degree == 1 ? VTK_TETRA : VTK_QUADRATIC_TETRA;
  return mesh.degree == 1 ? VTK_HEXAHEDRON : VTK_TRIQUADRATIC_HEXAHEDRON;
}

void set_points(const Nodes& nodes, vtkUnstructuredGrid& grid)
{
  vtkNew<vtkDoubleArray> values;
  values->SetNumberOfComponents(3);
  values->SetNumberOfTuples(static_cast<vtkIdType>(nodes.points.size()));
  for (std::size_t p = 0; p < nodes.points.size(); ++p)
    for (int axis = 0; axis < 3; ++axis)
      values->SetTypedComponent(static_cast<vtkIdType>(p), axis,
                                nodes.points[p][static_cast<std::size_t>(axis)]);
  vtkNew<vtkPoints> points;
  points->SetData(values);
  grid.SetPoints(points);
}

void set_cells(const Mesh& mesh, const Nodes& nodes, vtkUnstructuredGrid& grid)
{
  vtkNew<vtkTypeInt64Array> offsets, connectivity;
  offsets->SetNumberOfValues(static_cast<vtkIdType>(mesh.cells()) + 1);
  for (vtkIdType c = 0; c < offsets->GetNumberOfValues(); ++c)
    offsets->SetValue(c, c * nodes.per_cell);
  connectivity->SetNumberOfValues(static_cast<vtkIdType>(nodes.of_cell.size()));
  for (std::size_t n = 0; n < nodes.of_cell.size(); ++n)
    connectivity->SetValue(static_cast<vtkIdType>(n), nodes.of_cell[n]);
  vtkNew<vtkCellArray> cells;
  cells->SetData(offsets, connectivity);
  grid.SetCells(vtk_type(mesh), cells);
}

void set_regions(const Mesh& mesh, vtkUnstructuredGrid& grid)
{
  vtkNew<vtkIntArray> region;
  region->SetName("region");
  region->SetNumberOfValues(static_cast<vtkIdType>(mesh.cells()));
  for (std::size_t c = 0; c < mesh.cells(); ++c)
    region->SetValue(static_cast<vtkIdType>(c), mesh.region[c]);
  grid.GetCellData()->AddArray(region);
  vtkNew<vtkStringArray> names;
  names->SetName("region_names");
  for (const std::string& name : mesh.regions)
    names->InsertNextValue(name);
  grid.GetFieldData()->AddArray(names);
}

void add_field(const MeshField& field, vtkDataSetAttributes& to)
{
  vtkNew<vtkFloatArray> values;
  values->SetName(field.name.c_str());
  values->SetNumberOfComponents(field.components);
  values->SetNumberOfTuples(static_cast<vtkIdType>(field.values.size()) / field.components);
  std::copy(field.values.begin(), field.values.end(), values->GetPointer(0));
  to.AddArray(values);
}

} // namespace

void write_vtu(const std::filesystem::path& file, const Mesh& mesh,
               const std::vector<MeshField>& of_cells, const std::vector<MeshField>& of_nodes)
{
  const Nodes nodes = nodes_of(mesh);
  vtkNew<vtkUnstructuredGrid> grid;
  set_points(nodes, *grid);
  set_cells(mesh, nodes, *grid);
  set_regions(mesh, *grid);
  for (const MeshField& field : of_cells)
    add_field(field, *grid->GetCellData());
  for (const MeshField& field : of_nodes)
    add_field(field, *grid->GetPointData());
  vtkNew<vtkXMLUnstructuredGridWriter> writer;
  writer->SetInputData(grid);
  writer->SetDataModeToAppended();
  writer->EncodeAppendedDataOff();
  writer->SetCompressorTypeToZLib();
  writer->SetHeaderTypeToUInt64();
  writer->WriteToOutputStringOn();
  const geometry::VtkComplaints complaints;
  if (writer->Write() != 1 || !complaints.first().empty())
    throw InputError(Fault::command, {file.string(), "VTK cannot write it: " + complaints.first(),
                                      "", "check memory and disk", ""});
  write_text(file, writer->GetOutputString());
}

} // namespace calcar::mesh
