#include "mesh/gmsh.hpp"
#include "mesh/read_mesh.hpp"
#include "unit/mesh/file_support.hpp"

#include <catch2/catch.hpp>

using namespace calcar;
using namespace calcar::mesh;
using namespace calcar::mesh::test;
using Catch::Contains;

TEST_CASE("what is written for Gmsh is read back to the last bit", "[gmsh]")
{
  const TemporaryFolder folder;
  for (Mesh mesh : {two_tetrahedra(), two_hexahedra()})
    for (const int degree : {1, 2})
    {
      mesh.degree = degree;
      write_gmsh(folder / "mesh.msh", mesh);
      const ReadMesh back = read_mesh(folder / "mesh.msh");
      check_same(back.mesh, mesh, true);
      CHECK(back.mesh.regions == mesh.regions);
      CHECK(back.mesh.point_tags == mesh.point_tags);
      CHECK(back.mesh.source.sha256.size() == 64);
      CHECK(back.warnings.size() == 1); // of the surface between the two cells
    }
}

TEST_CASE("names that Gmsh cannot hold are refused before anything is written", "[gmsh]")
{
  const TemporaryFolder folder;
  Mesh mesh = two_tetrahedra();
  mesh.regions[1] = "5\" nail";
  CHECK_THAT(refusal_of([&] { write_gmsh(folder / "m.msh", mesh); }, Fault::command),
             Contains("the name of a region or surface is \"5\" nail\""));
  CHECK_FALSE(std::filesystem::exists(folder / "m.msh"));
  CHECK_THAT(refusal_of([&] { write_gmsh(folder / "m.msh", Mesh()); }, Fault::command),
             Contains("a mesh without cells"));
}

TEST_CASE("numbers that begin with 0 become numbers from 1 for Gmsh", "[gmsh]")
{
  const TemporaryFolder folder;
  Mesh mesh = two_tetrahedra();
  mesh.point_tags = {0, 1, 2, 3, 4};
  mesh.cell_tags = {0, 1};
  write_gmsh(folder / "mesh.msh", mesh);
  const Mesh back = read_mesh(folder / "mesh.msh").mesh;
  CHECK(back.point_tags.empty());
  CHECK(back.cell_tags.empty());
  CHECK(back.points == mesh.points);
}
