#include "mesh/summary.hpp"
#include "small_meshes.hpp"

#include <catch2/catch.hpp>

using namespace calcar;
using namespace calcar::mesh;
using namespace calcar::test;

TEST_CASE("the summary of a box has its exact measures, regions and sets")
{
  for (Mesh mesh : {bricks(4, {10, 20, 30}), cut_bricks(4, {10, 20, 30})})
  {
    mesh.regions = {"cortex", "marrow", "nothing"};
    for (std::size_t c = 0; c < mesh.cells(); ++c)
      mesh.region[c] = c < mesh.cells() / 4 ? 1 : 0; // the lowest layer
    mesh.point_sets = {{"corner", {0}}, {"row", {0, 1, 2}}};
    FaceSet bottom = {"bottom", {}};
    for (const FaceOfCell& face : boundary_faces(mesh))
    {
      const auto corners = face_corners(mesh, face);
      if (std::all_of(corners.begin(), corners.end(),
                      [&](std::uint32_t p) { return mesh.points[p].z == 0; }))
        bottom.faces.push_back(face);
    }
    mesh.face_sets = {bottom};
    const MeshSummary s = summarise(mesh);
    CHECK(s.points == 125);
    CHECK(s.cells == mesh.cells());
    CHECK(s.boundary_faces == (mesh.shape == CellShape::tetrahedron ? 192 : 96));
    CHECK(s.volume == Approx(40.0 * 80 * 120).epsilon(1e-13));
    CHECK(s.area == Approx(2 * (40.0 * 80 + 80 * 120 + 120 * 40)).epsilon(1e-13));
    CHECK(s.box.high == Vec3{40, 80, 120});
    REQUIRE(s.regions.size() == 3);
    CHECK(s.regions[1].volume == Approx(s.volume / 4).epsilon(1e-13));
    CHECK(s.regions[0].volume == Approx(3 * s.volume / 4).epsilon(1e-13));
    CHECK(s.regions[2].cells == 0);
    CHECK(s.face_sets.at(0).area == Approx(3200).epsilon(1e-13));
    CHECK(s.point_sets.at(1).members == 3);
    CHECK(s.defects.empty());
    CHECK(s.unit.millimetres());
  }
}

TEST_CASE("the unit is guessed from the numbers of the file, not from what they were made")
{
  // A file in metres, read as such: 0.12 in the file.
  const MeshSummary s = summarise(bricks(4, {10, 20, 30}), 1000);
  CHECK(s.unit.longest_side == Approx(0.12));
  REQUIRE(s.unit.plausible.size() == 1);
  CHECK(s.unit.plausible[0].name == "m");
}

TEST_CASE("a warped quadrilateral has the area of four triangles to its middle, a flat one its own")
{
  Mesh mesh = bricks(1, {2, 3, 1});
  const FaceOfCell top = {0, 1};
  CHECK(area(mesh, top) == Approx(6).epsilon(1e-14));
  // A square of side 2 with opposite corners lifted and lowered by h in turn has its middle in
  // place; each triangle has the corners (-1, -1, h), (1, -1, -h), (0, 0, 0), and the area sqrt(1 +
  // h^2).
  mesh = bricks(1, {2, 2, 2});
  const double h = 0.3;
  for (const auto& [point, lift] : {std::pair{4, h}, {5, -h}, {7, h}, {6, -h}})
    mesh.points[static_cast<std::size_t>(point)].z += lift;
  CHECK(area(mesh, top) == Approx(4 * std::sqrt(1 + h * h)).epsilon(1e-14));
}

TEST_CASE("a mesh with every kind of defect is summarised all the same")
{
  Mesh mesh = side_by_side(cut_bricks(2, {1, 1, 1}), cut_bricks(2, {1, 1, 1}), {2, 0, 0});
  std::swap(mesh.corners[0], mesh.corners[1]);
  mesh.points.push_back({50, 0, 0});
  const MeshSummary s = summarise(mesh);
  std::string codes;
  for (const DefectLine& line : s.defects)
    codes += line.code + " ";
  CHECK(codes == "inverted_cells duplicate_points parts unreferenced_points ");
  CHECK(summarise(Mesh{}).cells == 0);
}
