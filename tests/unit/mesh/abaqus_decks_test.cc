// Decks in the habits of the programs that people write them with, made for these tests.

#include "base/error.hpp"
#include "mesh/read_mesh.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <numeric>

using namespace calcar;
using namespace calcar::mesh;
using Catch::Contains;

namespace
{
const std::filesystem::path decks =
    std::filesystem::path(CALCAR_SOURCE_DIR) / "tests/data/meshes/abaqus";

ReadMesh read(const std::string& deck, double mm_per_unit = 1)
{
  return read_mesh(decks / deck, mm_per_unit);
}

double total_volume(const Mesh& mesh)
{
  double sum = 0;
  for (std::size_t c = 0; c < mesh.cells(); ++c)
  {
    CHECK(volume(mesh, c) > 0);
    sum += volume(mesh, c);
  }
  return sum;
}

std::size_t cells_in(const Mesh& mesh, const std::string& region)
{
  const auto found = std::find(mesh.regions.begin(), mesh.regions.end(), region);
  return found == mesh.regions.end()
             ? 0
             : static_cast<std::size_t>(std::count(mesh.region.begin(), mesh.region.end(),
                                                   found - mesh.regions.begin()));
}

std::vector<std::uint32_t> points_in(const Mesh& mesh, const std::string& name)
{
  for (const PointSet& set : mesh.point_sets)
    if (set.name == name)
      return set.points;
  FAIL("no point set " << name);
  return {};
}

std::vector<FaceOfCell> faces_in(const Mesh& mesh, const std::string& name)
{
  for (const FaceSet& set : mesh.face_sets)
    if (set.name == name)
      return set.faces;
  FAIL("no face set " << name);
  return {};
}

/// The box around the corners of some faces.
Box box_of(const Mesh& mesh, const std::vector<FaceOfCell>& faces)
{
  Mesh corners;
  for (const FaceOfCell& face : faces)
    for (const std::uint32_t corner : face_corners(mesh, face))
      corners.points.push_back(mesh.points[corner]);
  return box(corners);
}

bool has_warning(const ReadMesh& read, const std::string& code, const std::string& words)
{
  return std::any_of(read.warnings.begin(), read.warnings.end(),
                     [&](const Warning& warning) {
                       return warning.code == code && warning.text.find(words) != std::string::npos;
                     });
}

void check_near(const Vec3& a, const Vec3& b)
{
  INFO(a.x << " " << a.y << " " << a.z);
  CHECK(norm(a - b) < 1e-12);
}
} // namespace

TEST_CASE("a deck of Abaqus/CAE gives instances, sections as regions, sets and surfaces")
{
  const ReadMesh deck = read("cae_assembly.inp");
  const Mesh& mesh = deck.mesh;
  CHECK(mesh.shape == CellShape::tetrahedron);
  CHECK(mesh.degree == 2);
  CHECK(mesh.cells() == 24);
  CHECK(mesh.points.size() == 12 + 8 + 8);
  CHECK(total_volume(mesh) == Approx(20 * 8 * 6 + 2 * 4 * 2 * 2));
  CHECK(mesh.regions == std::vector<std::string>{"Bone-1.Set-Proximal", "Bone-1.Set-Distal",
                                                 "Plate-1.Set-1", "Plate-2.Set-1"});
  for (const std::string& region : mesh.regions)
    CHECK(cells_in(mesh, region) == 6);

  CHECK(points_in(mesh, "Set-Fixed").size() == 4);
  for (const std::uint32_t point : points_in(mesh, "Set-Fixed"))
    CHECK(mesh.points[point].x == 0);
  CHECK(points_in(mesh, "Bone-1.Set-Bone").size() == 12);
  const auto top = faces_in(mesh, "Surf-Top");
  CHECK(top.size() == 4);
  CHECK(box_of(mesh, top).low == Vec3{0, 0, 6});
  CHECK(box_of(mesh, top).high == Vec3{20, 8, 6});

  CHECK(has_warning(deck, "mesh_cards_not_read", "*Boundary"));
  CHECK(has_warning(deck, "mesh_cards_not_read", "*Dsload"));
  CHECK(has_warning(deck, "mesh_cards_not_read", "*Material (3, first at "));
  CHECK(has_warning(deck, "mesh_constraints_not_read", "*Tie"));
  CHECK(std::none_of(mesh.point_sets.begin(), mesh.point_sets.end(),
                     [](const PointSet& set) { return set.name == "_PickedSet7"; }));
}

TEST_CASE("instances are moved, then turned, and their numbers raised")
{
  const ReadMesh deck = read("cae_assembly.inp");
  const auto both = points_in(deck.mesh, "Set-Both");
  REQUIRE(both.size() == 3);
  // Node 1 of the bone; nodes 2 and 3 of the first plate, which is moved by (0, 20, 0).
  CHECK(deck.mesh.points[both[0]] == Vec3{0, 0, 0});
  CHECK(deck.mesh.points[both[1]] == Vec3{4, 20, 0});
  CHECK(deck.mesh.points[both[2]] == Vec3{0, 22, 0});
  CHECK(deck.mesh.point_tag(both[0]) == 1);
  CHECK(deck.mesh.point_tag(both[1]) == 1'000'000'002);
  // The second plate: (4, 0, 0) goes to (34, 0, 0), then by 90 degrees about the vertical axis
  // through (30, 0, 0) to (30, 4, 0).
  check_near(deck.mesh.points[20], {30, 0, 0});
  check_near(deck.mesh.points[21], {30, 4, 0});
  check_near(deck.mesh.points[22], {28, 0, 0});
  CHECK(deck.mesh.point_tag(21) == 2'000'000'002);
  CHECK(has_warning(deck, "mesh_instance_numbers", "Plate-2 by 2000000000"));
}

TEST_CASE("an instance with a mesh of its own is moved as a whole; names in quotes keep blanks")
{
  const Mesh mesh = read("cae_independent.inp").mesh;
  CHECK(mesh.shape == CellShape::hexahedron);
  CHECK(mesh.cells() == 4);
  CHECK(total_volume(mesh) == Approx(3 * 2 * 2));
  CHECK(box(mesh).low == Vec3{5, -3, 2});
  CHECK(box(mesh).high == Vec3{8, -1, 4});
  CHECK(mesh.regions == std::vector<std::string>{"Block-1.Whole block"});
  const auto top = points_in(mesh, "Top nodes");
  CHECK(top.size() == 9);
  for (const std::uint32_t point : top)
    CHECK(mesh.points[point].z == 4);
  CHECK(faces_in(mesh, "Sides") == std::vector<FaceOfCell>{{0, 5}, {1, 3}, {2, 5}});
}

TEST_CASE("a deck of HyperMesh gives regions of its components, with its own numbers")
{
  const ReadMesh deck = read("hypermesh.inp");
  const Mesh& mesh = deck.mesh;
  CHECK(mesh.cells() == 18);
  CHECK(mesh.degree == 1);
  CHECK(total_volume(mesh) == Approx(6 * 2 * 2));
  CHECK(cells_in(mesh, "cortex") == 12);
  CHECK(cells_in(mesh, "lesion") == 6);
  CHECK(mesh.point_tag(1) == 1007);
  CHECK(mesh.cell_tag(12) == 5001);
  CHECK(points_in(mesh, "fixed_nodes").size() == 4);
  for (const std::uint32_t point : points_in(mesh, "fixed_nodes"))
    CHECK(mesh.points[point].x == -3);
  const auto loaded = faces_in(mesh, "load_surface");
  CHECK(loaded.size() == 2);
  CHECK(box_of(mesh, loaded).low == Vec3{3, 1, 100});
  CHECK(box_of(mesh, loaded).high == Vec3{3, 3, 102});
  CHECK(has_warning(deck, "mesh_element_sets", "everything"));
}

TEST_CASE("a deck of Gmsh in metres: triangles become face sets, lines are left out")
{
  const ReadMesh deck = read("gmsh_metres.inp", 1000);
  const Mesh& mesh = deck.mesh;
  CHECK(mesh.cells() == 12);
  CHECK(total_volume(mesh) == Approx(20 * 10 * 10));
  CHECK(cells_in(mesh, "Volume1") == 6);
  CHECK(cells_in(mesh, "Volume2") == 6);
  CHECK(faces_in(mesh, "Surface1").size() == 2);
  CHECK(faces_in(mesh, "clamped") == faces_in(mesh, "Surface1"));
  CHECK(box_of(mesh, faces_in(mesh, "clamped")).high == Vec3{0, 10, 10});
  CHECK(faces_in(mesh, "ends").size() == 4);
  CHECK(points_in(mesh, "clamped").size() == 4);
  CHECK(has_warning(deck, "mesh_left_out", "2 elements of type T3D2"));
  CHECK(has_warning(deck, "mesh_surface_elements", "4 elements of type CPS3"));
  CHECK(has_warning(deck, "mesh_element_sets", "bone"));
}

TEST_CASE("a deck of Mimics gives one region per material")
{
  const Mesh mesh = read("mimics.inp").mesh;
  CHECK(mesh.cells() == 24);
  CHECK(mesh.degree == 2);
  CHECK(mesh.points.size() == 18);
  CHECK(total_volume(mesh) == Approx(4));
  CHECK(cells_in(mesh, "MATERIAL_1") == 7);
  CHECK(cells_in(mesh, "MATERIAL_2") == 12);
  CHECK(cells_in(mesh, "MATERIAL_3") == 5);
  CHECK(cells_in(mesh, "Volume_Femur") == 0);
}

TEST_CASE(
    "a deck written by hand: tabs, blank fields, D exponents, continued keywords, sets of sets")
{
  const ReadMesh deck = read("hand.inp");
  const Mesh& mesh = deck.mesh;
  CHECK(mesh.shape == CellShape::hexahedron);
  CHECK(mesh.cells() == 2);
  CHECK(total_volume(mesh) == Approx(2 * 1 * 1.5));
  CHECK(mesh.regions == std::vector<std::string>{"Left", "Right"});
  CHECK(points_in(mesh, "all").size() == 12);
  CHECK(points_in(mesh, "everything").size() == 12);
  CHECK(points_in(mesh, "bottom") == std::vector<std::uint32_t>{0, 1, 2, 3, 4, 5});
  CHECK(points_in(mesh, "bottom and more") == std::vector<std::uint32_t>{0, 1, 2, 3, 4, 5, 6});
  CHECK(points_in(mesh, "Tip") == std::vector<std::uint32_t>{0, 8});
  CHECK(faces_in(mesh, "Ends") == std::vector<FaceOfCell>{{0, 5}, {1, 3}});
  CHECK(
      has_warning(deck, "mesh_element_variant", "1 elements C3D8R (integrated with fewer points)"));
  CHECK(has_warning(deck, "mesh_cards_not_read", "*amplitud"));
}

TEST_CASE("a deck of Salome for CalculiX in three files: C3D20R over two lines")
{
  const ReadMesh deck = read("salome_calculix.inp");
  const Mesh& mesh = deck.mesh;
  CHECK(mesh.shape == CellShape::hexahedron);
  CHECK(mesh.degree == 2);
  CHECK(mesh.cells() == 2);
  CHECK(mesh.points.size() == 12);
  CHECK(total_volume(mesh) == Approx(6 * 2 * 1));
  CHECK(mesh.regions == std::vector<std::string>{"eall"});
  CHECK(points_in(mesh, "nall").size() == 12);
  CHECK(points_in(mesh, "fix").size() == 4);
  CHECK(faces_in(mesh, "press") == std::vector<FaceOfCell>{{0, 1}, {1, 1}});
  CHECK(has_warning(deck, "mesh_element_variant", "C3D20R"));
  CHECK(has_warning(deck, "mesh_included_files", "salome_nodes.inc (SHA-256 "));
}

TEST_CASE("a deck of FreeCAD: the section's set lists another set")
{
  const Mesh mesh = read("freecad.inp").mesh;
  CHECK(mesh.cells() == 12);
  CHECK(mesh.degree == 2);
  CHECK(total_volume(mesh) == Approx(250));
  CHECK(mesh.regions == std::vector<std::string>{"MaterialSolid"});
  CHECK(points_in(mesh, "Nall").size() == 12);
  CHECK(points_in(mesh, "ConstraintFixed").size() == 4);
}

TEST_CASE("a deck of PrePoMax: surfaces by element sets per face")
{
  const Mesh mesh = read("prepomax.inp").mesh;
  CHECK(mesh.cells() == 12);
  CHECK(total_volume(mesh) == Approx(4 * 6 * 2));
  CHECK(mesh.regions == std::vector<std::string>{"Solid_part-1"});
  const auto load = faces_in(mesh, "Load");
  CHECK(load.size() == 4);
  CHECK(box_of(mesh, load).low == Vec3{0, 0, 2});
  CHECK(box_of(mesh, load).high == Vec3{4, 6, 2});
}

TEST_CASE("nodes and elements in files of their own")
{
  const Mesh mesh = read("input_files.inp").mesh;
  CHECK(mesh.cells() == 2);
  CHECK(mesh.regions == std::vector<std::string>{"all"});
  CHECK(points_in(mesh, "ALL").size() == 5);
  CHECK(std::abs(volume(mesh, 0)) == Approx(1.0 / 6));
}

TEST_CASE("decks with elements that carry load beside the solids are refused at their line")
{
  CHECK_THROWS_WITH(read("refused_wedge.inp"),
                    Contains("refused_wedge.inp:8: elements of TYPE=C3D6 are not supported") &&
                        Contains("allowed: C3D4, C3D8, C3D10, C3D20"));
  CHECK_THROWS_WITH(read("refused_skin.inp"),
                    Contains("refused_skin.inp:11: *SHELL SECTION gives element 2 of type S3"));
  CHECK_THROWS_WITH(read("refused_spring.inp"),
                    Contains("refused_spring.inp:8: elements of TYPE=SPRINGA"));
  CHECK_THROWS_WITH(read("refused_generated.inp"),
                    Contains("refused_generated.inp:4: *NGEN makes or changes the mesh"));
}
