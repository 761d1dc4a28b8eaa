#include "bodies/structured_meshes.hpp"
#include "mesh/nodes.hpp"
#include "mesh/read_mesh.hpp"
#include "report/fields.hpp"
#include "temporary_folder.hpp"

#include <catch2/catch.hpp>
#include <vtkCellData.h>
#include <vtkDataArray.h>
#include <vtkNew.h>
#include <vtkPointData.h>
#include <vtkUnstructuredGrid.h>
#include <vtkXMLUnstructuredGridReader.h>

using namespace calcar;

TEST_CASE("fields of cells and the displacement of nodes stand in a .vtu where they belong")
{
  const test::TemporaryFolder folder;
  for (const auto& kind : test_bodies::element_kinds)
  {
    const mesh::Mesh mesh =
        test_bodies::made_of(kind, test_bodies::box_of_hexahedra({2, 1, 3}, {2, 1, 3}));
    const mesh::Nodes nodes = mesh::nodes_of(mesh);
    report::Field height{"height_mm", {}};
    for (std::size_t c = 0; c < mesh.cells(); ++c)
      height.values.push_back(static_cast<float>(mesh::centre(mesh, c).z));
    std::vector<Vec3> displacement;
    for (const Vec3& p : nodes.points)
      displacement.push_back({2 * p.x, p.y + p.z, -p.z});
    const auto file = folder / (std::string(kind.name) + "/fields.vtu");
    report::write_vtu(file, mesh, {height}, displacement);
    CHECK(mesh::read_mesh(file).mesh.corners == mesh.corners);

    vtkNew<vtkXMLUnstructuredGridReader> reader;
    reader->SetFileName(file.c_str());
    reader->Update();
    vtkUnstructuredGrid& grid = *reader->GetOutput();
    REQUIRE(grid.GetNumberOfPoints() == static_cast<vtkIdType>(nodes.points.size()));
    vtkDataArray* read = grid.GetPointData()->GetArray("displacement_mm");
    REQUIRE(read);
    REQUIRE(read->GetNumberOfComponents() == 3);
    for (vtkIdType n = 0; n < grid.GetNumberOfPoints(); ++n)
    {
      const double* p = grid.GetPoint(n);
      const double expected[3] = {2 * p[0], p[1] + p[2], -p[2]};
      for (int axis = 0; axis < 3; ++axis)
        CHECK(read->GetComponent(n, axis) == Approx(expected[axis]).margin(1e-5));
    }
    vtkDataArray* heights = grid.GetCellData()->GetArray("height_mm");
    REQUIRE(heights);
    for (vtkIdType c = 0; c < grid.GetNumberOfCells(); ++c)
      CHECK(heights->GetComponent(c, 0) ==
            Approx(mesh::centre(mesh, static_cast<std::size_t>(c)).z).epsilon(1e-5));
  }
}
