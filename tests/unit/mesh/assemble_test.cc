#include "mesh/nodes.hpp"
#include "unit/mesh/file_support.hpp"

#include <catch2/catch.hpp>

#include <limits>

using namespace calcar;
using namespace calcar::mesh;
using namespace calcar::mesh::test;
using Catch::Contains;

namespace
{

const Source source = {"bone.msh", "abc"};

/// A mesh as a file would list it, with its mid-edge nodes, and quads or triangles for surfaces.
FileMesh listed(const Mesh& mesh, ElementKind kind)
{
  const Nodes nodes = nodes_of(mesh);
  FileMesh file;
  file.regions = mesh.regions;
  file.points = nodes.points;
  for (std::size_t p = 0; p < nodes.points.size(); ++p)
    file.node_tags.push_back(p < mesh.points.size() ? mesh.point_tag(p) : 1000 + p);
  ElementBlock block = {kind, {}, {}, mesh.region};
  for (std::size_t c = 0; c < mesh.cells(); ++c)
  {
    block.tags.push_back(mesh.cell_tag(c));
    for (std::size_t n = 0; n < node_count(kind); ++n)
      block.nodes.push_back(file.node_tags[nodes.cell(c)[n]]);
  }
  file.blocks.push_back(std::move(block));
  return file;
}

FileMesh listed(const Mesh& mesh)
{
  return listed(mesh, mesh.shape == CellShape::tetrahedron ? ElementKind::tet4 : ElementKind::hex8);
}

Mesh of_degree_2(Mesh mesh)
{
  mesh.degree = 2;
  return mesh;
}

std::string refused(FileMesh file)
{
  return refusal_of([&] { assemble(std::move(file), source); });
}

} // namespace

TEST_CASE("cells, regions and numbers come out as the file has them", "[assemble]")
{
  Mesh mesh = two_tetrahedra();
  const ReadMesh read = assemble(listed(mesh), source);
  CHECK(read.mesh.corners == mesh.corners);
  CHECK(read.mesh.points == mesh.points);
  CHECK(read.mesh.region == mesh.region);
  CHECK(read.mesh.regions == mesh.regions);
  CHECK(read.mesh.point_tags == mesh.point_tags);
  CHECK(read.mesh.cell_tags == mesh.cell_tags);
  CHECK(read.mesh.source.sha256 == "abc");
  CHECK(read.warnings.empty());
}

TEST_CASE("regions without cells are given up", "[assemble]")
{
  FileMesh file = listed(two_tetrahedra());
  file.regions = {"nothing", "here", "lesion"};
  file.blocks[0].region = {2, 1};
  const Mesh mesh = assemble(file, source).mesh;
  CHECK(mesh.regions == std::vector<std::string>{"here", "lesion"});
  CHECK(mesh.region == std::vector<std::uint16_t>{1, 0});
}

TEST_CASE("second-order elements with straight edges become cells of degree 2", "[assemble]")
{
  for (const auto& [mesh, kind] : std::vector<std::pair<Mesh, ElementKind>>{
           {of_degree_2(two_tetrahedra()), ElementKind::tet10},
           {of_degree_2(two_hexahedra()), ElementKind::hex20},
           {of_degree_2(two_hexahedra()), ElementKind::hex27}})
  {
    FileMesh file = listed(mesh, kind);
    const ReadMesh read = assemble(file, source);
    CHECK(read.mesh.degree == 2);
    CHECK(read.mesh.corners == mesh.corners);
    CHECK(read.mesh.points == mesh.points);
    // the 20-node hexahedra leave the middles of faces and cells over
    CHECK(has_warning(read.warnings, "mesh_unused_nodes") == (kind == ElementKind::hex20));

    // 1 % of the edge is the limit
    const ReferenceCell& cell = reference_cell(mesh.shape);
    const std::size_t middle = static_cast<std::size_t>(cell.corners);
    const Vec3 a = mesh.points[mesh.corners[cell.edges[0][0]]];
    const Vec3 b = mesh.points[mesh.corners[cell.edges[0][1]]];
    const Vec3 aside = normalized(cross(b - a, Vec3{0.3, 0.2, 0.9}));
    const std::uint64_t tag = file.blocks[0].nodes[middle];
    std::size_t place = 0;
    while (file.node_tags[place] != tag)
      ++place;
    const Vec3 straight = file.points[place];
    file.points[place] = straight + 0.0099 * norm(b - a) * aside;
    CHECK_NOTHROW(assemble(file, source));
    file.points[place] = straight + 0.0101 * norm(b - a) * aside;
    CHECK_THAT(refused(file),
               Contains("bone.msh: a curved element: node " + std::to_string(tag)) &&
                   Contains("straight edges, mid-edge nodes within 1 % of the middle"));
  }
}

TEST_CASE("the middles of faces and cells must lie in the middle, too", "[assemble]")
{
  const Mesh mesh = of_degree_2(two_hexahedra());
  for (std::size_t n = 20; n < 27; ++n)
  {
    FileMesh file = listed(mesh, ElementKind::hex27);
    const std::uint64_t tag = file.blocks[0].nodes[n];
    for (std::size_t p = 0; p < file.points.size(); ++p)
      if (file.node_tags[p] == tag)
        file.points[p] += Vec3{0.05, 0.05, 0.05};
    CHECK_THAT(refused(file), Contains("a curved element: node " + std::to_string(tag)));
  }
}

TEST_CASE("nodes without a cell are left out and counted", "[assemble]")
{
  FileMesh file = listed(two_tetrahedra());
  file.node_tags.insert(file.node_tags.begin(), 77);
  file.points.insert(file.points.begin(), Vec3{1, 2, 3});
  const ReadMesh read = assemble(file, source);
  CHECK(read.mesh.points == two_tetrahedra().points);
  REQUIRE(read.warnings.size() == 1);
  CHECK(read.warnings[0].text == "1 node is used by no cell and left out");
}

TEST_CASE("triangles become faces of the cells that they lie on", "[assemble]")
{
  // every face of both cells, its corners turned round at will
  const Mesh mesh = two_tetrahedra();
  for (std::uint32_t c = 0; c < 2; ++c)
    for (std::uint8_t f = 0; f < 4; ++f)
    {
      FileMesh file = listed(mesh);
      file.regions.push_back("load");
      auto corners = face_corners(mesh, {c, f});
      std::swap(corners[0], corners[(c + f) % 3]);
      ElementBlock triangles = {ElementKind::triangle, {99}, {}, {2}};
      for (const std::uint32_t corner : corners)
        triangles.nodes.push_back(mesh.point_tags[corner]);
      file.blocks.push_back(triangles);
      const ReadMesh read = assemble(file, source);
      REQUIRE(read.mesh.face_sets.size() == 1);
      CHECK(read.mesh.face_sets[0].name == "load");
      const bool between = f == 0; // face 0 of both is the one they share
      CHECK(read.mesh.face_sets[0].faces == std::vector<FaceOfCell>{{between ? 0 : c, f}});
      CHECK(has_warning(read.warnings, "mesh_inner_surface") == between);
    }
}

TEST_CASE("quads become faces of hexahedra, each once in each of their surfaces", "[assemble]")
{
  const Mesh mesh = two_hexahedra();
  FileMesh file = listed(mesh);
  file.regions = {"left", "right", "bottom", "all"};
  ElementBlock quads = {ElementKind::quad, {}, {}, {}};
  const auto add = [&](FaceOfCell face, std::uint16_t region)
  {
    quads.tags.push_back(50 + quads.tags.size());
    quads.region.push_back(region);
    for (const std::uint32_t corner : face_corners(mesh, face))
      quads.nodes.push_back(corner + 1);
  };
  add({1, 0}, 2);
  add({0, 0}, 2);
  add({0, 0}, 3);
  add({0, 0}, 3);
  file.blocks.insert(file.blocks.begin(), quads);
  const Mesh read = assemble(file, source).mesh;
  REQUIRE(read.face_sets.size() == 2);
  CHECK(read.face_sets[0].faces == std::vector<FaceOfCell>{{0, 0}, {1, 0}});
  CHECK(read.face_sets[1].faces == std::vector<FaceOfCell>{{0, 0}});
  CHECK(read.regions == std::vector<std::string>{"left", "right"});
}

TEST_CASE("a piece of a surface that is no face of a cell is refused", "[assemble]")
{
  FileMesh file = listed(two_tetrahedra());
  file.regions.push_back("load");
  file.blocks.push_back({ElementKind::triangle, {99}, {7, 12, 5}, {2}});
  CHECK_THAT(refused(file), Contains("element 99 of surface \"load\" is the face of no cell"));
  file.blocks.back().nodes = {7, 12, 6};
  CHECK_THAT(refused(file), Contains("element 99 of surface \"load\" uses node 6, which the file "
                                     "does not have"));
  // a quadrilateral of which a node is in no cell is not the triangle of its other corners
  file.node_tags.push_back(6);
  file.points.push_back({});
  file.blocks.back() = {ElementKind::quad, {99}, {7, 3, 12, 6}, {2}};
  CHECK_THAT(refused(file), Contains("is the face of no cell"));
}

TEST_CASE("sets keep what belongs to cells", "[assemble]")
{
  FileMesh file = listed(of_degree_2(two_tetrahedra()), ElementKind::tet10);
  file.node_sets = {{"fixed", {5, 7, 1005, 7}}, {"middles", {1005, 1006}}};
  file.face_sets = {{"load", {{4, 2}, {40, 1}, {4, 2}}}};
  const ReadMesh read = assemble(file, source);
  REQUIRE(read.mesh.point_sets.size() == 1);
  CHECK(read.mesh.point_sets[0].name == "fixed");
  CHECK(read.mesh.point_sets[0].points == std::vector<std::uint32_t>{0, 4});
  REQUIRE(read.mesh.face_sets.size() == 1);
  CHECK(read.mesh.face_sets[0].faces == std::vector<FaceOfCell>{{0, 1}, {1, 2}});
  REQUIRE(read.warnings.size() == 1);
  CHECK_THAT(read.warnings[0].text, Contains("node set \"middles\" has no corner of a cell"));

  FileMesh wrong = file;
  wrong.node_sets[0].nodes.push_back(8);
  CHECK_THAT(refused(wrong), Contains("node set \"fixed\" names node 8, which the file does not"));
  wrong = file;
  wrong.face_sets[0].faces.emplace_back(41, std::uint8_t{1});
  CHECK_THAT(refused(wrong), Contains("surface \"load\" names face 2 of element 41, which is no"));
  wrong = file;
  wrong.face_sets[0].faces.emplace_back(40, std::uint8_t{4});
  CHECK_THAT(refused(wrong), Contains("names face 5 of element 40, a tetrahedron"));
}

TEST_CASE("what cannot be one mesh is refused", "[assemble]")
{
  const FileMesh good = listed(two_tetrahedra());
  FileMesh file = good;
  file.blocks.clear();
  file.ignored = {"12 lines"};
  CHECK_THAT(refused(file), Contains("bone.msh: no tetrahedra or hexahedra, only 12 lines"));

  file = good;
  const FileMesh hexahedra = listed(two_hexahedra());
  file.blocks.push_back(hexahedra.blocks[0]);
  CHECK_THAT(refused(file), Contains("4-node tetrahedra and 8-node hexahedra in one mesh; allowed: "
                                     "one shape of cells"));
  file = good;
  file.blocks.push_back({ElementKind::tet10, {1}, std::vector<std::uint64_t>(10, 7), {0}});
  CHECK_THAT(refused(file), Contains("4-node tetrahedra and 10-node tetrahedra in one mesh; "
                                     "allowed: one order of elements"));
  file = good;
  file.node_tags[4] = 12;
  CHECK_THAT(refused(file), Contains("node number 12 is given twice"));
  file = good;
  file.node_tags[4] = file.node_tags[3] = 1'000'000'000'000; // the other way of looking up
  CHECK_THAT(refused(file), Contains("node number 1000000000000 is given twice"));
  file = good;
  file.blocks[0].tags = {4, 4};
  CHECK_THAT(refused(file), Contains("element number 4 is given twice"));
  file = good;
  file.blocks[0].nodes[7] = 6;
  CHECK_THAT(refused(file), Contains("element 4 uses node 6, which the file does not have"));
  file = good;
  file.blocks[0].nodes[7] = 7;
  CHECK_THAT(refused(file), Contains("element 4 lists node 7 twice"));
  file = good;
  file.blocks[0].nodes = {7, 3, 900, 12, 3, 12, 900, 7};
  CHECK_THAT(refused(file), Contains("elements 40 and 4 have the same corners"));
  file = good;
  file.points[2].y = std::numeric_limits<double>::quiet_NaN();
  CHECK_THAT(refused(file), Contains("node 900 has a coordinate that is not finite"));

  file = listed(of_degree_2(two_tetrahedra()), ElementKind::tet10);
  file.blocks[0].nodes[10 + 3] = file.blocks[0].nodes[7];
  CHECK_THAT(refused(file), Contains("is a corner of one element and a mid-edge node of another"));
}

TEST_CASE("the numbers of a file may be sparse and large", "[assemble]")
{
  Mesh mesh = two_tetrahedra();
  mesh.point_tags = {18'000'000'000'000'000'000ULL, 3, 900, 12, 5};
  mesh.cell_tags = {2, 9'000'000'000'000'000'000ULL};
  const Mesh read = assemble(listed(mesh), source).mesh;
  CHECK(read.point_tags == mesh.point_tags);
  CHECK(read.cell_tags == mesh.cell_tags);
  CHECK(read.corners == mesh.corners);
}

TEST_CASE("more than 65535 regions are refused", "[assemble]")
{
  RegionNames names;
  for (int n = 0; n < 65535; ++n)
    names.index(std::to_string(n), "f");
  CHECK(names.index("65534", "f") == 65534);
  CHECK(names.index("7", "f") == 7);
  CHECK_THAT(refusal_of([&] { names.index("one more", "f.vtu"); }),
             Contains("f.vtu: more than 65535 regions"));
}
