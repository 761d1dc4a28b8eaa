#include "base/files.hpp"
#include "mesh/abaqus.hpp"
#include "mesh/nodes.hpp"
#include "mesh/read_mesh.hpp"
#include "small_meshes.hpp"
#include "temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <random>

using namespace calcar;
using namespace calcar::mesh;
using namespace calcar::test;

namespace
{
/// Bricks, each whole or cut into six tetrahedra, with uneven corners, two regions in turns, sets.
Mesh uneven(CellShape shape, int degree)
{
  Mesh mesh = test_bodies::box_of_hexahedra({3, 2, 2}, {3, 2, 2});
  mesh.degree = degree;
  std::mt19937 random(3);
  std::uniform_real_distribution<double> shift(-0.2, 0.2);
  for (Vec3& p : mesh.points)
    p = {p.x + shift(random), 1e-3 * (p.y + shift(random)), 100 * (p.z + shift(random)) / 3};
  mesh.points.front() = {0, -6.123233995736766e-17, 1e-5};
  if (shape == CellShape::tetrahedron)
    mesh = cut_in_six(mesh);
  mesh.regions = {"cortex", "Lesion-1"};
  for (std::size_t c = 0; c < mesh.cells(); ++c)
    mesh.region[c] = c / 5 % 2 == 1;
  mesh.point_sets = {{"foot", {0, 1, 2, 3}}, {"all", {}}};
  for (std::uint32_t p = 0; p < mesh.points.size(); ++p)
    mesh.point_sets[1].points.push_back(p);
  mesh.face_sets = {{"skin", boundary_faces(mesh)}, {"one", {{3, 2}}}};
  return mesh;
}

void check_same(const Mesh& a, const Mesh& b)
{
  CHECK(a.shape == b.shape);
  CHECK(a.degree == b.degree);
  CHECK(a.points == b.points);
  CHECK(a.corners == b.corners);
  CHECK(a.region == b.region);
  CHECK(a.regions == b.regions);
  CHECK(a.point_tags == b.point_tags);
  CHECK(a.cell_tags == b.cell_tags);
  REQUIRE(a.point_sets.size() == b.point_sets.size());
  for (std::size_t n = 0; n < a.point_sets.size(); ++n)
  {
    CHECK(a.point_sets[n].name == b.point_sets[n].name);
    CHECK(a.point_sets[n].points == b.point_sets[n].points);
  }
  REQUIRE(a.face_sets.size() == b.face_sets.size());
  for (std::size_t n = 0; n < a.face_sets.size(); ++n)
  {
    CHECK(a.face_sets[n].name == b.face_sets[n].name);
    CHECK(a.face_sets[n].faces == b.face_sets[n].faces);
  }
}

ReadMesh written_and_read(const Mesh& mesh)
{
  const test::TemporaryFolder folder;
  write_abaqus(folder.path() / "mesh.inp", mesh);
  return read_mesh(folder.path() / "mesh.inp");
}
} // namespace

TEST_CASE("a mesh written as an Abaqus deck reads back to the bit")
{
  for (const CellShape shape : {CellShape::tetrahedron, CellShape::hexahedron})
    for (const int degree : {1, 2})
    {
      Mesh mesh = uneven(shape, degree);
      check_same(written_and_read(mesh).mesh, mesh);
      CHECK(written_and_read(mesh).warnings.empty());
      for (std::size_t p = 0; p < mesh.points.size(); ++p)
        mesh.point_tags.push_back(1000 - 7 * p);
      for (std::size_t c = 0; c < mesh.cells(); ++c)
        mesh.cell_tags.push_back(5 + 3 * c);
      check_same(written_and_read(mesh).mesh, mesh);
    }
}

TEST_CASE("numbers too large for Abaqus are replaced by 1, 2, 3")
{
  Mesh mesh = uneven(CellShape::tetrahedron, 2);
  for (std::size_t p = 0; p < mesh.points.size(); ++p)
    mesh.point_tags.push_back(1'000'000'000 + p);
  for (std::size_t c = 0; c < mesh.cells(); ++c)
    mesh.cell_tags.push_back(1'000'000'000 + c);
  const Mesh back = written_and_read(mesh).mesh;
  CHECK(back.point_tags.empty());
  CHECK(back.cell_tags.empty());
  CHECK(back.corners == mesh.corners);
}

TEST_CASE("names that a deck cannot hold are changed and stay apart")
{
  Mesh mesh = uneven(CellShape::hexahedron, 1);
  mesh.regions = {"cortical bone", "cortical_BONE"};
  mesh.point_sets[0].name = "foot, left";
  mesh.point_sets[1].name = "12";
  mesh.face_sets[0].name = "Haut (außen)";
  mesh.face_sets[1].name = "";
  const Mesh back = written_and_read(mesh).mesh;
  CHECK(back.regions == std::vector<std::string>{"cortical_bone", "cortical_BONE_2"});
  CHECK(back.point_sets[0].name == "foot__left");
  CHECK(back.point_sets[1].name == "S12");
  CHECK(back.face_sets[0].name == "Haut__au__en_");
  CHECK(back.face_sets[1].name == "S");
  CHECK(back.region == mesh.region);
}

TEST_CASE("the first 20 characters of a coordinate are a number of its size")
{
  // CalculiX reads no more of them.
  const test::TemporaryFolder folder;
  Mesh mesh = uneven(CellShape::tetrahedron, 1);
  mesh.points[1] = {-1.2345678901234567e-5, 123456.78901234567, -0.00099999999999999998};
  write_abaqus(folder.path() / "mesh.inp", mesh);
  const std::string text = read_text(folder.path() / "mesh.inp");
  std::size_t at = text.find("*NODE\n") + 6;
  for (std::size_t p = 0; p < mesh.points.size(); ++p)
    for (std::size_t axis = 0; axis < 3; ++axis)
    {
      at = text.find(", ", at) + 2;
      const std::size_t end = text.find_first_of(",\n", at);
      CHECK(end - at <= 60);
      const double seen = std::stod(text.substr(at, std::min<std::size_t>(20, end - at)));
      CHECK(std::abs(seen - mesh.points[p][axis]) <= 1e-14 * std::max(1.0, std::abs(seen)));
    }
}
