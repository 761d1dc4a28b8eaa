#include "base/error.hpp"
#include "mesh/defects.hpp"
#include "small_meshes.hpp"

#include <catch2/catch.hpp>

using namespace calcar;
using namespace calcar::mesh;
using namespace calcar::test;
using Catch::Contains;

namespace
{
using Numbers = std::vector<std::uint32_t>;

bool tells(const Mesh& mesh, const std::string& code, const std::string& words, bool stops)
{
  for (const DefectLine& line : defect_lines(find_defects(mesh), mesh))
    if (line.code == code)
    {
      UNSCOPED_INFO(line.words);
      return line.words.find(words) != std::string::npos && line.stops == stops;
    }
  return false;
}
} // namespace

TEST_CASE("sound meshes have no defects")
{
  for (const Mesh& mesh : {bricks(3, {1, 2, 3}), cut_bricks(3, {1, 2, 3})})
  {
    const Defects defects = find_defects(mesh);
    CHECK(defects.sound());
    CHECK(defect_lines(defects, mesh).empty());
    REQUIRE(defects.parts.size() == 1);
    CHECK(defects.parts[0].cells == mesh.cells());
    CHECK(defects.parts[0].volume == Approx(27 * 6));
    CHECK(require_sound(mesh).empty());
  }
}

TEST_CASE("inverted, degenerate and sliver cells are found by their numbers in the file")
{
  Mesh mesh = cut_bricks(2, {1, 1, 1});
  for (std::size_t c = 0; c < mesh.cells(); ++c)
    mesh.cell_tags.push_back(1000 + c);
  std::swap(mesh.corners[4 * 7], mesh.corners[4 * 7 + 1]);
  CHECK(find_defects(mesh).inverted == Numbers{7});
  CHECK(tells(mesh, "inverted_cells", "1 inverted cells: cell 1007 at (", true));

  Mesh flat = tetrahedron({0, 0, 0}, {1, 0, 0}, {0, 1, 0}, {1, 1, 0});
  CHECK(find_defects(flat).degenerate == Numbers{0});
  flat.points[3].z = 0.01;
  CHECK(find_defects(flat).slivers == Numbers{0});
  CHECK(tells(flat, "slivers", "1 slivers (an angle between faces below 5 degrees", true));
  CHECK_THROWS_WITH(require_sound(flat),
                    Contains("slivers") && Contains("calcar mesh FILE -o NEW"));
}

TEST_CASE("a crack along duplicated points is found, touching or not within the tolerance")
{
  Mesh cracked = side_by_side(bricks(1, {1, 1, 1}), bricks(1, {1, 1, 1}), {1, 0, 0});
  CHECK(find_defects(cracked).duplicate_points == Numbers{8, 10, 12, 14});
  CHECK(tells(cracked, "duplicate_points", "4 points", true));
  CHECK(find_defects(cracked).parts.size() == 2);
  for (std::size_t p = 8; p < 16; ++p)
    cracked.points[p].x += 1e-10;
  CHECK(find_defects(cracked).duplicate_points.size() == 4);
  for (std::size_t p = 8; p < 16; ++p)
    cracked.points[p].x += 1e-6;
  CHECK(find_defects(cracked).duplicate_points.empty());
}

TEST_CASE("duplicate cells and faces of more than two cells are found")
{
  Mesh twice = cut_bricks(1, {1, 1, 1});
  const auto cell = twice.cell(2);
  const Numbers again = {cell[1], cell[2], cell[0], cell[3]};
  twice.corners.insert(twice.corners.end(), again.begin(), again.end());
  twice.region.push_back(0);
  CHECK(find_defects(twice).duplicate_cells == Numbers{6});
  CHECK(find_defects(twice).crowded_faces.size() == 2); // its two inner faces
  CHECK(tells(twice, "duplicate_cells", "cell 7 at (", true));
  CHECK(tells(twice, "crowded_faces", "2 faces", true));
}

TEST_CASE("bodies joined by an edge or a point alone are parts of their own")
{
  // Bricks at (0,0,0) and (1,1,0) share an edge; the point (1,1,0) of the first is number 3.
  Mesh by_edge = side_by_side(bricks(1, {1, 1, 1}), bricks(1, {1, 1, 1}), {1, 1, 0});
  use_instead(by_edge, 8, 3);
  use_instead(by_edge, 12, 7);
  Defects d = find_defects(by_edge);
  CHECK(d.branching_edges == std::vector<EdgeKey>{{3, 7}});
  CHECK(d.pinched_points.empty());
  CHECK(d.parts.size() == 2);
  CHECK(d.unreferenced_points == Numbers{8, 12});
  CHECK_FALSE(d.sound());
  CHECK(tells(by_edge, "branching_edges", "points 4 and 8 at (1, 1, 0.5) mm", false));
  CHECK(tells(by_edge, "parts", "2 parts that no face joins, the largest with 50 % of the volume",
              true));

  Mesh by_point = side_by_side(bricks(1, {1, 1, 1}), bricks(1, {1, 1, 1}), {1, 1, 1});
  use_instead(by_point, 8, 7);
  d = find_defects(by_point);
  CHECK(d.branching_edges.empty());
  CHECK(d.pinched_points == Numbers{7});
  CHECK(d.parts.size() == 2);
}

TEST_CASE("a point at which bodies meet that hang together elsewhere is told but does not stop")
{
  const Mesh grid = bricks(2, {1, 1, 1});
  Mesh stairs = grid;
  stairs.corners.clear();
  stairs.region.clear();
  for (const std::size_t c : {0u, 1u, 5u, 7u, 6u, 2u}) // a ring around the gaps 3 and 4
  {
    stairs.corners.insert(stairs.corners.end(), grid.cell(c).begin(), grid.cell(c).end());
    stairs.region.push_back(0);
  }
  const Defects d = find_defects(stairs);
  CHECK(d.parts.size() == 1);
  CHECK(d.sound());
  CHECK(d.pinched_points == Numbers{13}); // the gaps meet there
  const Warnings warnings = require_sound(stairs);
  REQUIRE(warnings.size() == 2);
  CHECK(warnings[0].code == "pinched_points");
  CHECK(warnings[1].code == "unreferenced_points"); // those of the two cells left out alone
}

TEST_CASE("hanging points of unequal refinement are found on edges and faces")
{
  // A brick of 2 beside four of 1: the large one's face has the small ones' middle points.
  Mesh mesh = side_by_side(bricks(2, {1, 1, 1}), bricks(1, {2, 2, 2}), {2, 0, 0});
  for (const auto& [large, small] : {std::pair{27u, 2u}, {29u, 8u}, {31u, 20u}, {33u, 26u}})
    use_instead(mesh, large, small);
  const Defects d = find_defects(mesh);
  CHECK(d.hanging_points == Numbers{5, 11, 14, 17, 23});
  CHECK(d.parts.size() == 2);
  CHECK(tells(mesh, "hanging_points", "5 points in the middle", true));
}
