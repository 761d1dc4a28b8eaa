#include "base/error.hpp"
#include "mesh/tetrahedra.hpp"
#include "small_meshes.hpp"
#include "unit/mesh/meshing_support.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <map>
#include <numbers>

using namespace calcar;
using namespace calcar::mesh;
using namespace calcar::test;
using Catch::WithinAbs;
using Catch::WithinRel;

namespace
{
constexpr double pi = std::numbers::pi;

Box box_about(Vec3 centre, double reach)
{
  const Vec3 r{reach, reach, reach};
  return {centre - r, centre + r};
}

LabelledSolid ball(Vec3 centre, double radius)
{
  LabelledSolid solid;
  solid.body = geometry::sphere(centre, radius);
  solid.box = box_about(centre, radius);
  return solid;
}

double mean_edge(const Mesh& mesh, const std::vector<FaceOfCell>& faces)
{
  double sum = 0;
  for (const FaceOfCell& face : faces)
  {
    const auto c = face_corners(mesh, face);
    for (std::size_t n = 0; n < 3; ++n)
      sum += norm(mesh.points[c[n]] - mesh.points[c[(n + 1) % 3]]) / 3;
  }
  return sum / static_cast<double>(faces.size());
}

/// What every mesh made here has to hold to.
void check_sound(const MeshedSolid& meshed)
{
  const Mesh& mesh = meshed.mesh;
  REQUIRE(mesh.cells() > 0);
  double least = 1e300;
  for (std::size_t c = 0; c < mesh.cells(); ++c)
    least = std::min(least, volume(mesh, c));
  CHECK(least > 0);
  // Conforming: two cells at most on a face, and the boundary closed: each of its edges is in two
  // of its faces.
  const auto faces = sorted_faces(mesh);
  for (std::size_t n = 2; n < faces.size(); ++n)
    if (faces[n].first == faces[n - 2].first)
      FAIL("three cells share a face");
  std::map<std::pair<std::uint32_t, std::uint32_t>, int> edges;
  for (const FaceOfCell& face : boundary_faces(mesh))
  {
    const auto c = face_corners(mesh, face);
    for (std::size_t n = 0; n < 3; ++n)
      edges[{c[n], c[(n + 1) % 3]}] += 1;
  }
  bool closed = true;
  for (const auto& [edge, count] : edges)
    closed = closed && count == 1 && edges.contains({edge.second, edge.first});
  CHECK(closed);
  std::vector<bool> used(mesh.points.size(), false);
  for (const std::uint32_t corner : mesh.corners)
    used[corner] = true;
  CHECK(std::count(used.begin(), used.end(), false) == 0);
  CHECK(meshed.smallest_dihedral_deg > 8);
  CHECK(meshed.largest_dihedral_deg < 168);
  CHECK(meshed.warnings.empty());
}

void check_refused(const LabelledSolid& solid, const MeshSizes& sizes,
                   const std::vector<std::string>& parts)
{
  test::check_refused([&] { make_tetrahedra(solid, sizes); }, parts);
}
} // namespace

TEST_CASE("volume and area of a meshed ball converge with the square of the edge length",
          "[tetrahedra]")
{
  const LabelledSolid solid = ball({10, 20, 30}, 20);
  const double volume = 4.0 / 3 * pi * 8000;
  const double surface = 4 * pi * 400;
  std::vector<double> volume_error;
  std::vector<double> area_error;
  for (const double edge : {5.0, 2.5})
  {
    const MeshedSolid meshed = make_tetrahedra(solid, sizes_of(edge));
    check_sound(meshed);
    const auto boundary = boundary_faces(meshed.mesh);
    volume_error.push_back(1 - total_volume(meshed.mesh) / volume);
    area_error.push_back(1 - area_of(meshed.mesh, boundary) / surface);
    // A sphere is cut by chords: less volume and area, never more.
    CHECK(volume_error.back() > 0);
    CHECK(area_error.back() > 0);
    double off = 0;
    for (const FaceOfCell& face : boundary)
      for (const std::uint32_t p : face_corners(meshed.mesh, face))
        off = std::max(off, std::abs(solid.body.distance(meshed.mesh.points[p])));
    CHECK(off < 1e-5);
  }
  CHECK(volume_error[0] < 0.03);
  CHECK(volume_error[1] < 0.35 * volume_error[0]);
  CHECK(area_error[1] < 0.35 * area_error[0]);
}

TEST_CASE("edges are as long as asked for, inside, on the surface and in lesions", "[tetrahedra]")
{
  LabelledSolid solid = ball({0, 0, 0}, 24);
  const MeshedSolid plain = make_tetrahedra(solid, sizes_of(3));
  CHECK_THAT(plain.mean_edge_mm, WithinRel(3, 0.1));
  CHECK_THAT(mean_edge(plain.mesh, boundary_faces(plain.mesh)), WithinRel(3, 0.1));

  MeshSizes fine = sizes_of(5);
  fine.surface_mm = 2.5;
  fine.approximation_mm = 0.2;
  const MeshedSolid shell = make_tetrahedra(solid, fine);
  check_sound(shell);
  CHECK_THAT(mean_edge(shell.mesh, boundary_faces(shell.mesh)), WithinRel(2.5, 0.15));
  CHECK(shell.mesh.cells() < plain.mesh.cells());

  solid.parts = {{"lesion", geometry::sphere({6, 0, 0}, 10)}};
  MeshSizes lesion = sizes_of(5);
  lesion.lesion_mm = 2;
  const MeshedSolid both = make_tetrahedra(solid, lesion);
  check_sound(both);
  double edges = 0;
  double count = 0;
  for (std::size_t c = 0; c < both.mesh.cells(); ++c)
    if (both.mesh.region[c] == 1)
      for (const CellEdge& e : reference_cell(CellShape::tetrahedron).edges)
      {
        const auto corner = both.mesh.cell(c);
        edges += norm(both.mesh.points[corner[e[0]]] - both.mesh.points[corner[e[1]]]);
        count += 1;
      }
  CHECK_THAT(edges / count, WithinRel(2, 0.12));
}

TEST_CASE("a sphere in a sphere keeps its volume, and its interface is shared faces",
          "[tetrahedra]")
{
  LabelledSolid solid = ball({0, 0, 0}, 20);
  solid.name = "cortex";
  solid.parts = {{"lesion", geometry::sphere({5, 0, 0}, 8)}};
  MeshSizes sizes;
  sizes.lesion_mm = 1.5;
  const MeshedSolid meshed = make_tetrahedra(solid, sizes);
  check_sound(meshed);
  REQUIRE(meshed.mesh.regions == std::vector<std::string>{"cortex", "lesion"});
  REQUIRE(meshed.regions.size() == 2);
  const double lesion = 4.0 / 3 * pi * 512;
  CHECK_THAT(meshed.regions[1].volume_mm3, WithinRel(lesion, 0.02));
  CHECK_THAT(meshed.regions[0].volume_mm3, WithinRel(4.0 / 3 * pi * 8000 - lesion, 0.02));
  CHECK_THAT(meshed.regions[1].expected_mm3, WithinRel(lesion, 0.005));
  CHECK_THAT(meshed.regions[0].volume_mm3 + meshed.regions[1].volume_mm3,
             WithinRel(total_volume(meshed.mesh), 1e-12));
  // Points on the interface lie on the lesion's sphere.
  std::vector<int> regions_at(meshed.mesh.points.size(), 0);
  for (std::size_t c = 0; c < meshed.mesh.cells(); ++c)
    for (const std::uint32_t p : meshed.mesh.cell(c))
      regions_at[p] |= 1 << meshed.mesh.region[c];
  double off = 0;
  for (std::size_t p = 0; p < regions_at.size(); ++p)
    if (regions_at[p] == 3)
      off = std::max(off, std::abs(solid.parts[0].solid.distance(meshed.mesh.points[p])));
  CHECK(off < 1e-5);
}

TEST_CASE("a lesion that breaks through the surface and one that is overlaid by an implant keep "
          "their volumes",
          "[tetrahedra]")
{
  LabelledSolid solid = ball({0, 0, 0}, 20);
  solid.parts = {{"lesion", geometry::sphere({15, 0, 0}, 10)},
                 {"nail", geometry::capsule({-10, 0, 0}, {10, 0, 0}, 4)}};
  MeshSizes sizes;
  sizes.lesion_mm = 1.5;
  const MeshedSolid meshed = make_tetrahedra(solid, sizes);
  REQUIRE(meshed.mesh.cells() > 0);
  CHECK(meshed.smallest_dihedral_deg > 5);
  const double nail = pi * 16 * 20 + 4.0 / 3 * pi * 64;
  CHECK_THAT(meshed.regions[2].volume_mm3, WithinRel(nail, 0.03));
  for (const MeshedRegion& region : meshed.regions)
    CHECK_THAT(region.volume_mm3, WithinRel(region.expected_mm3, 0.03));
}

TEST_CASE("cut faces are exactly flat and their rims lie on the circle", "[tetrahedra]")
{
  LabelledSolid solid;
  solid.body = geometry::capsule({0, 0, -60}, {0, 0, 60}, 12);
  solid.box = {{-12, -12, -40}, {12, 12, 40}};
  const Vec3 slanted = normalized({0.2, 0.3, 1});
  solid.cuts = {{"low", {1, 2, -20}, {0, 0, -1}}, {"high", {0, 0, 20}, slanted}};
  const MeshedSolid meshed = make_tetrahedra(solid, {});
  check_sound(meshed);
  const Mesh& mesh = meshed.mesh;
  REQUIRE(mesh.face_sets.size() == 2);
  for (std::size_t n = 0; n < 2; ++n)
  {
    const CutPlane& cut = solid.cuts[n];
    const FaceSet& set = mesh.face_sets[n];
    CHECK(set.name == cut.name);
    double off = 0;
    double outside = 0;
    for (const FaceOfCell& face : set.faces)
      for (const std::uint32_t p : face_corners(mesh, face))
      {
        off = std::max(off, std::abs(dot(mesh.points[p] - cut.point, cut.normal)));
        outside = std::max(outside, solid.body.distance(mesh.points[p]));
      }
    CHECK(off < 1e-9);
    CHECK(outside < 1e-3);
    // The whole cut is there: a disc, stretched by the slant; chords of its rim take a little.
    CHECK_THAT(area_of(mesh, set.faces), WithinRel(pi * 144 / std::abs(cut.normal.z), 0.02));
  }
  // What lies in no cut is the cylinder, and no point of the boundary is rounded off between.
  double off = 0;
  std::vector<FaceOfCell> cuts = mesh.face_sets[0].faces;
  cuts.insert(cuts.end(), mesh.face_sets[1].faces.begin(), mesh.face_sets[1].faces.end());
  std::sort(cuts.begin(), cuts.end());
  for (const FaceOfCell& face : boundary_faces(mesh))
    if (!std::binary_search(cuts.begin(), cuts.end(), face))
      for (const std::uint32_t p : face_corners(mesh, face))
        off = std::max(off, std::abs(std::hypot(mesh.points[p].x, mesh.points[p].y) - 12));
  CHECK(off < 0.02); // chords of the rim's polyline
  CHECK_THAT(total_volume(mesh), WithinRel(pi * 144 * 40, 0.015));
}

TEST_CASE("the same solid gives the same bits, and gives them again after another mesh",
          "[tetrahedra]")
{
  LabelledSolid solid = ball({0, 0, 0}, 15);
  solid.parts = {{"lesion", geometry::sphere({5, 0, 0}, 6)}};
  solid.cuts = {{"cut", {0, 0, -10}, {0, 0, -1}}};
  const MeshedSolid first = make_tetrahedra(solid, {});
  make_tetrahedra(ball({3, 2, 1}, 9), sizes_of(2));
  const MeshedSolid second = make_tetrahedra(solid, {});
  CHECK((first.mesh.points == second.mesh.points)); // too long to print
  CHECK((first.mesh.corners == second.mesh.corners));
  CHECK((first.mesh.region == second.mesh.region));
}

TEST_CASE("small lesions far from the surface are found", "[tetrahedra]")
{
  LabelledSolid solid = ball({0, 0, 0}, 40);
  solid.parts = {{"one", geometry::sphere({3, 1, 2}, 3)},
                 {"two", geometry::sphere({-25, 4, 0}, 3)}};
  MeshSizes sizes = sizes_of(8);
  sizes.lesion_mm = 1;
  const MeshedSolid meshed = make_tetrahedra(solid, sizes);
  check_sound(meshed);
  for (std::size_t n = 1; n < 3; ++n)
    CHECK_THAT(meshed.regions[n].volume_mm3, WithinRel(4.0 / 3 * pi * 27, 0.03));
}

TEST_CASE("solids that cannot be meshed are refused with what to do", "[tetrahedra]")
{
  LabelledSolid solid = ball({0, 0, 0}, 20);
  SECTION("too small a lesion for the edges")
  {
    solid.parts = {{"met", geometry::sphere({0, 0, 0}, 1.5)}};
    MeshSizes sizes = sizes_of(4);
    sizes.approximation_mm = 1;
    check_refused(solid, sizes, {"region \"met\"", "take a smaller lesion_mm"});
  }
  SECTION("a lesion outside the bone")
  {
    solid.parts = {{"met", geometry::sphere({50, 0, 0}, 4)}};
    check_refused(solid, {}, {"region \"met\" has no volume inside the body", "centre"});
  }
  SECTION("nothing inside")
  {
    solid.cuts = {{"cut", {0, 0, -30}, {0, 0, 1}}};
    check_refused(solid, {}, {"the solid is empty"});
  }
  SECTION("too fine")
  {
    MeshSizes sizes = sizes_of(1);
    sizes.most_cells = 1e5;
    check_refused(solid, sizes,
                  {"edge_mm = 1", "would give about", "at most 1e+05 cells", "times as long"});
  }
  SECTION("sizes out of bounds, all of them told")
  {
    MeshSizes sizes;
    sizes.edge_mm = 0;
    sizes.surface_mm = std::nan("");
    sizes.approximation_mm = 10;
    check_refused(solid, sizes,
                  {"edge_mm = 0", "surface_mm = nan", "approximation_mm = 10", "0.2 to 50 mm"});
  }
  SECTION("an approximation coarser than the surface")
  {
    MeshSizes sizes;
    sizes.approximation_mm = 2;
    check_refused(solid, sizes, {"approximation_mm = 2", "at most half of surface_mm"});
  }
}

TEST_CASE("the number of cells is predicted within a factor of 1.5", "[tetrahedra]")
{
  LabelledSolid solid = ball({0, 0, 0}, 20);
  MeshSizes fine = sizes_of(4);
  fine.surface_mm = 2;
  fine.approximation_mm = 0.15;
  for (const MeshSizes& sizes : {sizes_of(4), sizes_of(2), fine})
  {
    const double predicted = predicted_cells(solid, sizes);
    const auto cells = static_cast<double>(make_tetrahedra(solid, sizes).mesh.cells());
    CHECK(predicted < 1.5 * cells);
    CHECK(predicted > cells / 1.5);
  }
}

TEST_CASE("sizes are read from a table, with defaults that follow one another", "[tetrahedra]")
{
  CHECK(read_mesh_sizes(Table::parse("", "case.toml")) == MeshSizes{});
  const MeshSizes given = read_mesh_sizes(Table::parse(
      "edge_mm = 4\nsurface_mm = 2.5\nlesion_mm = 1\napproximation_mm = 0.1\n", "case.toml"));
  CHECK(given.edge_mm == 4);
  CHECK(given.surface_mm == 2.5);
  CHECK(given.lesion_mm == 1);
  CHECK(given.approximation_mm == 0.1);
  CHECK(read_mesh_sizes(Table::parse("edge_mm = 5", "case.toml")).surface_mm == 5);
  CHECK(read_mesh_sizes(Table::parse("surface_mm = 0.4", "case.toml")).approximation_mm == 0.1);
  const Table wrong = Table::parse("edge_mm = 3\nlesion_mm = 0\n", "case.toml");
  read_mesh_sizes(wrong);
  CHECK_THROWS_WITH(wrong.check(), Catch::Contains("case.toml:2") && Catch::Contains("lesion_mm") &&
                                       Catch::Contains("0.2 to 50 mm"));
}
