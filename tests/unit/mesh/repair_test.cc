#include "base/error.hpp"
#include "mesh/defects.hpp"
#include "mesh/improve.hpp"
#include "mesh/quality.hpp"
#include "mesh/repair.hpp"
#include "mesh/select_cells.hpp"
#include "mesh/turn_cells.hpp"
#include "small_meshes.hpp"

#include <catch2/catch.hpp>

#include <random>

using namespace calcar;
using namespace calcar::mesh;
using namespace calcar::test;
using Catch::Contains;

namespace
{
std::string codes(const Warnings& warnings)
{
  std::string all;
  for (const Warning& warning : warnings)
    all += warning.code + " ";
  return all;
}

/// The corners of a cell the other way round.
void mirror(Mesh& mesh, std::size_t cell)
{
  turn_cells(mesh, {static_cast<std::uint32_t>(cell)});
}

Vec3 centre_of(const Mesh& mesh, FaceOfCell face)
{
  Vec3 sum;
  const auto corners = face_corners(mesh, face);
  for (const std::uint32_t p : corners)
    sum += mesh.points[p] / static_cast<double>(corners.size());
  return sum;
}

/// Moves inner points about until there are slivers, without turning a cell inside out.
Mesh crumpled(std::uint32_t n, unsigned seed)
{
  Mesh mesh = cut_bricks(n, {1, 1, 1});
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> in(-1, 1);
  for (int round = 0; round < 12; ++round)
    for (Vec3& p : mesh.points)
    {
      const bool inner = p.x > 0 && p.y > 0 && p.z > 0 && p.x < n && p.y < n && p.z < n;
      if (!inner)
        continue;
      const Vec3 before = p;
      p += 0.5 * Vec3{in(random), in(random), in(random)};
      for (std::size_t c = 0; c < mesh.cells(); ++c)
        if (volume(mesh, c) < 1e-5)
          p = before;
    }
  return mesh;
}
} // namespace

TEST_CASE("a sound mesh is left as it is, to the last number")
{
  for (const Mesh& mesh : {bricks(3, {1, 2, 3}), cut_bricks(3, {1, 2, 3})})
  {
    const RepairedMesh repaired = repair(mesh);
    CHECK(repaired.warnings.empty());
    CHECK(repaired.mesh.points == mesh.points);
    CHECK(repaired.mesh.corners == mesh.corners);
    CHECK(repaired.mesh.region == mesh.region);
  }
}

TEST_CASE("turning a cell twice is nothing, once keeps its faces and turns its volume")
{
  for (Mesh mesh : {bricks(1, {1, 2, 3}), cut_bricks(1, {1, 2, 3})})
  {
    mesh.face_sets.push_back({"all", boundary_faces(mesh)});
    const Mesh original = mesh;
    std::vector<Vec3> before;
    for (const FaceOfCell& face : mesh.face_sets[0].faces)
      before.push_back(centre_of(mesh, face));
    turn_cells(mesh, {0});
    CHECK(volume(mesh, 0) == Approx(-volume(original, 0)));
    for (const Vec3& x : before) // the same faces, perhaps by other numbers
      CHECK(std::any_of(mesh.face_sets[0].faces.begin(), mesh.face_sets[0].faces.end(),
                        [&](const FaceOfCell& face)
                        { return norm(centre_of(mesh, face) - x) < 1e-14; }));
    turn_cells(mesh, {0});
    CHECK(mesh.corners == original.corners);
    CHECK(mesh.face_sets[0].faces == original.face_sets[0].faces);
  }
}

TEST_CASE("cells in the wrong order are turned, all or some, tetrahedra or hexahedra")
{
  for (const Mesh& mesh : {bricks(3, {1, 1, 1}), cut_bricks(3, {1, 1, 1})})
  {
    Mesh all = mesh;
    for (std::size_t c = 0; c < all.cells(); ++c)
      mirror(all, c);
    CHECK(total_volume(all) == Approx(-27));
    RepairedMesh repaired = repair(all);
    CHECK(codes(repaired.warnings) == "cells_turned ");
    CHECK(repaired.mesh.corners == mesh.corners);

    Mesh some = mesh;
    for (const std::size_t c : {0u, 5u, 6u, 17u})
      mirror(some, c);
    repaired = repair(some);
    CHECK_THAT(repaired.warnings.at(0).text, Contains("4 of " + std::to_string(mesh.cells())));
    CHECK(repaired.mesh.corners == mesh.corners);
    CHECK(require_sound(repaired.mesh).empty());
  }
}

TEST_CASE("a folded cell is not turned: it fits its neighbours but lies inside out")
{
  Mesh mesh = bricks(3, {1, 1, 1});
  mesh.points[0] = {1.6, 1.6, 1.6}; // a corner pushed through its cell
  CHECK(misordered_cells(mesh).empty());
  const RepairedMesh repaired = repair(mesh);
  CHECK(repaired.warnings.empty());
  CHECK_THROWS_WITH(require_sound(repaired.mesh), Contains("1 inverted cells: cell 1 at ("));
}

TEST_CASE("duplicated points are joined, which closes the crack")
{
  Mesh cracked = side_by_side(cut_bricks(2, {1, 1, 1}), cut_bricks(2, {1, 1, 1}), {2, 0, 0});
  cracked.point_sets = {{"middle", {2, 27}}}; // both sides of one place, by two numbers
  const RepairedMesh repaired = repair(cracked);
  CHECK(codes(repaired.warnings) == "duplicate_points_joined ");
  CHECK_THAT(repaired.warnings[0].text, Contains("9 points"));
  CHECK(repaired.mesh.points.size() == 45);
  CHECK(find_defects(repaired.mesh).sound());
  CHECK(repaired.mesh.point_sets[0].points == std::vector<std::uint32_t>{2});
  CHECK(repaired.mesh.point_tag(27) == 28 + 1); // points keep their numbers: 28 was joined to 3
  CHECK(total_volume(repaired.mesh) == Approx(16));
  CHECK(area_of(repaired.mesh, boundary_faces(repaired.mesh)) == Approx(2 * 4 + 4 * 8));
}

TEST_CASE("points are not joined where that would spoil cells: the mesh is refused")
{
  Mesh mesh = cut_bricks(2, {1, 1, 1});
  mesh.points[1] = mesh.points[0]; // two corners of one cell in one place
  const RepairedMesh repaired = repair(mesh);
  CHECK(codes(repaired.warnings).find("joined") == std::string::npos);
  CHECK_THROWS_WITH(require_sound(repaired.mesh), Contains("points in the place of another"));
}

TEST_CASE("duplicate cells of one region are dropped, of two regions refused")
{
  Mesh mesh = bricks(2, {1, 1, 1});
  const std::vector<std::uint32_t> again(mesh.cell(3).begin(), mesh.cell(3).end());
  mesh.corners.insert(mesh.corners.end(), again.begin(), again.end());
  mesh.region.push_back(0);
  const RepairedMesh repaired = repair(mesh);
  CHECK(codes(repaired.warnings) == "duplicate_cells_dropped ");
  CHECK(repaired.mesh.cells() == 8);
  CHECK(require_sound(repaired.mesh).empty());
  mesh.regions.push_back("metal");
  mesh.region.back() = 1;
  CHECK_THROWS_WITH(require_sound(repair(mesh).mesh),
                    Contains("1 cells with the corners of another") && Contains("overlap"));
}

TEST_CASE("parts below one per cent of the volume are dropped, larger ones refused")
{
  const Mesh large = bricks(5, {1, 1, 1}); // 125
  Mesh crumb = side_by_side(large, bricks(1, {1, 1, 1}), {20, 0, 0});
  crumb.point_sets = {{"crumb", {0, static_cast<std::uint32_t>(crumb.points.size() - 1)}}};
  const RepairedMesh repaired = repair(crumb);
  CHECK(codes(repaired.warnings) == "small_parts_dropped ");
  CHECK_THAT(repaired.warnings[0].text, Contains("1 parts") && Contains("0.794 % of the volume"));
  CHECK(repaired.mesh.cells() == 125);
  CHECK(repaired.mesh.point_sets[0].points == std::vector<std::uint32_t>{0});
  CHECK(require_sound(repaired.mesh).empty());

  const Mesh two = side_by_side(crumb, bricks(1, {1, 1, 1}), {30, 0, 0}); // 1.6 % together
  CHECK(repair(two).mesh.cells() == 126);
  CHECK_THROWS_WITH(require_sound(repair(two).mesh),
                    Contains("2 parts that no face joins") && Contains("the largest with 99.2 %"));
}

TEST_CASE("points of no cell are dropped with a warning, the others keep their numbers")
{
  Mesh mesh = bricks(1, {1, 1, 1});
  mesh.points.insert(mesh.points.begin(), Vec3{9, 9, 9});
  for (std::uint32_t& p : mesh.corners)
    ++p;
  const RepairedMesh repaired = repair(mesh);
  CHECK(codes(repaired.warnings) == "unreferenced_points_dropped ");
  CHECK(repaired.mesh.points.size() == 8);
  CHECK(repaired.mesh.point_tag(0) == 2);
}

TEST_CASE("slivers go when points are moved and cells exchanged; surface, regions and named faces "
          "stay")
{
  for (const unsigned seed : {1u, 2u, 3u})
  {
    Mesh mesh = crumpled(4, seed);
    mesh.regions.push_back("upper");
    for (std::size_t c = 0; c < mesh.cells(); ++c) // a ragged interface: cell by cell
      mesh.region[c] = c >= mesh.cells() / 2 ? 1 : 0;
    mesh.face_sets.push_back({"surface", boundary_faces(mesh)});
    FaceSet inside = {"inside", {{100, 0}, {200, 2}}};
    mesh.face_sets.push_back(inside);
    mesh.point_sets.push_back({"named", {62}});
    std::vector<double> volumes(2, 0);
    for (std::size_t c = 0; c < mesh.cells(); ++c)
      volumes[mesh.region[c]] += volume(mesh, c);

    const Improved improved = improve(mesh);
    INFO(improved.bad_before << " bad cells, then " << improved.bad_after);
    REQUIRE(improved.bad_before >= 5);
    CHECK(improved.bad_after < improved.bad_before / 4);
    const Mesh& now = improved.mesh;
    for (std::size_t c = 0; c < now.cells(); ++c)
    {
      volumes[now.region[c]] -= volume(now, c);
      CHECK(volume(now, c) > 0);
    }
    CHECK(std::abs(volumes[0]) < 1e-12 * 64);
    CHECK(std::abs(volumes[1]) < 1e-12 * 64);
    const Defects defects = find_defects(now); // still conforming
    CHECK(defects.crowded_faces.empty());
    CHECK(defects.parts.size() == 1);
    CHECK(defects.unreferenced_points.empty());
    CHECK(area_of(now, boundary_faces(now)) == Approx(6 * 16).epsilon(1e-13));
    CHECK(boundary_faces(now) == now.face_sets[0].faces);
    CHECK(now.points[62] == mesh.points[62]);
    REQUIRE(now.face_sets[1].faces.size() == 2);
    for (std::size_t n = 0; n < 2; ++n)
    {
      const Vec3 was = centre_of(mesh, inside.faces[n]);
      CHECK(std::any_of(now.face_sets[1].faces.begin(), now.face_sets[1].faces.end(),
                        [&](const FaceOfCell& f)
                        { return norm(centre_of(now, f) - was) < 1e-14; }));
    }
  }
}

TEST_CASE("improvement is the same every time")
{
  const Mesh mesh = crumpled(4, 9);
  const Improved a = improve(mesh);
  const Improved b = improve(mesh);
  CHECK(a.mesh.points == b.mesh.points);
  CHECK(a.mesh.corners == b.mesh.corners);
  CHECK(a.mesh.cell_tags == b.mesh.cell_tags);
}

TEST_CASE("what cannot be improved is refused in words")
{
  Mesh flat = tetrahedron({0, 0, 0}, {1, 0, 0}, {0, 1, 0}, {1, 1, 0.01});
  const RepairedMesh repaired = repair(flat);
  CHECK_THAT(repaired.warnings.at(0).text, Contains("1 slivers or worse") || Contains("turned"));
  CHECK_THROWS_WITH(require_sound(repaired.mesh),
                    Contains("mesh: 1 slivers") && Contains("calcar mesh FILE -o NEW"));
}
