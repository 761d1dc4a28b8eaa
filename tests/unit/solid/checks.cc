#include "bodies.hpp"

#include <catch2/catch.hpp>

#include <limits>

using namespace bodies;
using Catch::Contains;
namespace solid = calcar::solid;

namespace
{

bool at_bottom(Vec3 p)
{
  return p.z < 1e-9;
}

Supports held(const Mesh& mesh)
{
  Supports supports;
  hold(supports, calcar::mesh::nodes_of(mesh), at_bottom);
  return supports;
}

std::string refusal(const SolidBody& body, const Supports& supports,
                    const std::vector<NodalForce>& forces = {})
{
  try
  {
    solid::Engine(body, supports, MPI_COMM_WORLD).solve({forces}, {1});
  }
  catch (const calcar::InputError& error)
  {
    CHECK(error.fault() == calcar::Fault::data);
    return error.what();
  }
  return "";
}

Mesh two_hexahedra()
{
  return grid(kinds()[2], {1, 1, 2});
}

/// Two unit cubes; the second one is moved.
Mesh two_cubes(Vec3 by, bool join)
{
  Mesh mesh = grid(kinds()[2], {1, 1, 1});
  const Mesh one = mesh;
  for (const std::uint32_t corner : one.corners)
  {
    const Vec3 at = one.points[corner] + by;
    std::uint32_t number = static_cast<std::uint32_t>(mesh.points.size());
    for (std::uint32_t p = 0; join && p < 8; ++p)
      if (norm(one.points[p] - at) < 1e-9)
        number = p;
    if (number == mesh.points.size())
      mesh.points.push_back(at);
    mesh.corners.push_back(number);
  }
  mesh.region.push_back(0);
  return mesh;
}

} // namespace

TEST_CASE("moduli out of range are refused with the cell's number in the file")
{
  SolidBody body = bodies::body(two_hexahedra());
  body.mesh.cell_tags = {501, 502};
  body.mesh.source.path = "femur.inp";
  const Supports supports = held(body.mesh);
  CHECK(refusal(body, supports) == "");
  for (const double bad : {0.0, -3.0, std::nan(""), std::numeric_limits<double>::infinity()})
  {
    SolidBody wrong = body;
    wrong.youngs[1] = bad;
    CHECK_THAT(refusal(wrong, supports), Contains("femur.inp: cell 502: Young's modulus") &&
                                             Contains("allowed: more than 0 and finite") &&
                                             Contains("leave void cells out"));
  }
  for (const double bad : {0.5, -1.0, std::nan("")})
  {
    SolidBody wrong = body;
    wrong.poisson[0] = bad;
    CHECK_THAT(refusal(wrong, supports), Contains("femur.inp: cell 501: Poisson's ratio") &&
                                             Contains("more than -1 and less than 0.5"));
  }
  SolidBody wrong = body;
  wrong.youngs.push_back(1);
  CHECK_THAT(refusal(wrong, supports),
             Contains("3 Young's moduli and 2 Poisson's ratios for 2 cells") &&
                 Contains("one for each of the 16 integration points"));
}

TEST_CASE("cells that are turned, flat or folded are refused with their place")
{
  for (const Kind& kind : kinds())
  {
    CAPTURE(kind.name);
    SolidBody body = bodies::body(grid(kind, {1, 1, 2}));
    const Supports supports = held(body.mesh);
    SolidBody turned = body;
    if (kind.shape == CellShape::tetrahedron)
      std::swap(turned.mesh.corners[4], turned.mesh.corners[5]);
    else
      for (std::size_t n = 0; n < 4; ++n)
        std::swap(turned.mesh.corners[8 + n], turned.mesh.corners[12 + n]);
    CHECK_THAT(refusal(turned, supports), Contains("cell 2 at (") && Contains("volume -") &&
                                              Contains("turn the order of its corners"));
  }
  SolidBody folded = bodies::body(two_hexahedra());
  folded.mesh.points[0] = {0.95, 0.95, 0.48};
  CHECK_THAT(refusal(folded, held(folded.mesh)),
             Contains("cell 1 at (") && Contains("it is folded"));
  SolidBody flat = bodies::body(grid(kinds()[0], {1, 1, 1}));
  for (Vec3& p : flat.mesh.points)
    p.x = 0;
  CHECK_THAT(refusal(flat, held(flat.mesh)), Contains("volume 0 mm^3"));
}

TEST_CASE("a hexahedron that is folded at one corner alone is refused")
{
  SolidBody folded = bodies::body(grid(kinds()[2], {1, 1, 1}));
  const Supports supports = held(folded.mesh);
  folded.mesh.points[7] = 0.64 * folded.mesh.points[7];
  CHECK_THAT(refusal(folded, supports),
             Contains("it is folded") && Contains("negative at a corner"));
}

TEST_CASE("cells that take one place are refused, for they would be solved, and too stiff")
{
  for (const Kind& kind : kinds())
  {
    CAPTURE(kind.name);
    SolidBody twice = bodies::body(grid(kind, {1, 1, 2}));
    const Supports supports = held(twice.mesh);
    const auto last = twice.mesh.cell(twice.mesh.cells() - 1);
    const std::vector<std::uint32_t> corners(last.begin(), last.end());
    twice.mesh.corners.insert(twice.mesh.corners.end(), corners.begin(), corners.end());
    twice.mesh.region.push_back(0);
    twice.youngs.push_back(twice.youngs.back());
    twice.poisson.push_back(twice.poisson.back());
    CHECK_THAT(refusal(twice, supports), Contains("cells share") && Contains("cells overlap"));
  }
  // One cell alone, twice: no face of it has more than two.
  SolidBody alone = bodies::body(grid(kinds()[2], {1, 1, 1}));
  const std::vector<std::uint32_t> corners = alone.mesh.corners;
  alone.mesh.corners.insert(alone.mesh.corners.end(), corners.begin(), corners.end());
  alone.mesh.region.push_back(0);
  alone.youngs.push_back(alone.youngs.back());
  alone.poisson.push_back(alone.poisson.back());
  CHECK_THAT(refusal(alone, held(alone.mesh)),
             Contains("the same corners as cell 1") && Contains("leave one of them out"));
}

TEST_CASE("a mesh without cells, with loose points or with corners that are not there is refused")
{
  SolidBody body = bodies::body(two_hexahedra());
  const Supports supports = held(body.mesh);
  CHECK_THAT(refusal(SolidBody{}, Supports{}), Contains("no cell; allowed: at least one"));
  SolidBody loose = body;
  loose.mesh.points.push_back({7, 8, 9});
  CHECK_THAT(refusal(loose, supports),
             Contains("point 13 at (7, 8, 9) mm: it belongs to no cell") &&
                 Contains("leave it out of the mesh"));
  SolidBody beyond = body;
  beyond.mesh.corners[3] = 12;
  CHECK_THAT(refusal(beyond, supports), Contains("cell 1: a corner that is point number 12"));
  SolidBody nan = body;
  nan.mesh.points[4].y = std::nan("");
  CHECK_THAT(refusal(nan, supports), Contains("point 5: coordinates that are not finite"));
  SolidBody cubic = body;
  cubic.mesh.degree = 3;
  CHECK_THAT(refusal(cubic, supports), Contains("degree 3; allowed: 1 or 2"));
}

TEST_CASE("supports on nodes that are not there or that contradict each other are refused")
{
  const SolidBody body = bodies::body(two_hexahedra());
  const Supports good = held(body.mesh);
  Supports supports = good;
  supports.fixed.push_back({12, 0, 0, 0});
  CHECK_THAT(refusal(body, supports),
             Contains("node number 12: a support where there is no node; allowed: 0 to 11"));
  supports = good;
  supports.fixed.push_back({1, 2, 0.25, 0});
  CHECK_THAT(refusal(body, supports), Contains("point 2 at (1, 0, 0) mm: displacements 0 and 0.25 "
                                               "mm along z") &&
                                          Contains("let the supports not overlap"));
  supports = good;
  supports.fixed.push_back({5, 3, 0, 0});
  CHECK_THAT(refusal(body, supports), Contains("along axis 3"));
  supports = good;
  supports.fixed.push_back({5, 1, std::nan(""), 0});
  CHECK_THAT(refusal(body, supports), Contains("a finite displacement"));
  supports = good;
  supports.fixed.push_back({5, 1, 0, 4});
  CHECK_THAT(refusal(body, supports), Contains("support number 4; allowed: 0 to 0"));
}

TEST_CASE("springs that push or are not numbers are refused")
{
  const SolidBody body = bodies::body(two_hexahedra());
  const Supports good = held(body.mesh);
  Supports supports = good;
  supports.springs.push_back({8, {1, 1, -1, 0, 0, 0}, 0});
  CHECK_THAT(refusal(body, supports), Contains("point 9 at (0, 0, 1) mm: a spring with stiffness "
                                               "-1 N/mm in one direction"));
  supports.springs.back().stiffness.xx = std::nan("");
  CHECK_THAT(refusal(body, supports), Contains("0 or more in every direction"));
  supports.springs.back() = {99, {1, 1, 1, 0, 0, 0}, 0};
  CHECK_THAT(refusal(body, supports), Contains("a spring where there is no node"));
  supports.springs.back() = {8, {1, 1, 1, 0, 0, 0}, -1};
  CHECK_THAT(refusal(body, supports), Contains("support number -1"));
  // Along one direction only, two eigenvalues are 0 but for rounding.
  const Vec3 d = calcar::normalized({1, 2, 3});
  supports.springs.back() = {
      8, 7 * SymTensor{d.x * d.x, d.y * d.y, d.z * d.z, d.y * d.z, d.z * d.x, d.x * d.y}, 0};
  CHECK(refusal(body, supports) == "");
}

TEST_CASE("forces on nodes that are not there or not finite are refused")
{
  const SolidBody body = bodies::body(two_hexahedra());
  const Supports supports = held(body.mesh);
  CHECK_THAT(refusal(body, supports, {{12, {1, 0, 0}}}),
             Contains("node number 12: a force where there is no node"));
  CHECK_THAT(refusal(body, supports, {{9, {0, std::nan(""), 0}}}),
             Contains("point 10 at (1, 0, 1) mm: a force that is not a number"));
}

TEST_CASE("what the supports leave free is named")
{
  const SolidBody body = bodies::body(two_hexahedra());
  const auto nodes = calcar::mesh::nodes_of(body.mesh);
  Supports none;
  CHECK_THAT(refusal(body, none),
             Contains("the piece of 2 cells with cell 1: its supports leave it free: translation "
                      "along x, translation along y, translation along z, rotation about x, "
                      "rotation about y, rotation about z"));
  Supports ball = none;
  ball.names = {"ball"};
  for (int axis = 0; axis < 3; ++axis)
    ball.fixed.push_back({3, axis, 0, 0});
  CHECK_THAT(refusal(body, ball),
             Contains("free: rotation about x, rotation about y, rotation about z;"));
  Supports roller;
  roller.names = {"roller"};
  for (std::uint32_t n = 0; n < nodes.points.size(); ++n)
    if (at_bottom(nodes.points[n]))
      roller.fixed.push_back({n, 2, 0, 0});
  CHECK_THAT(refusal(body, roller),
             Contains("free: translation along x, translation along y, rotation about z;"));
  Supports springs; // along x alone, on two opposite sides
  springs.names = {"springs"};
  for (std::uint32_t n = 0; n < nodes.points.size(); ++n)
    springs.springs.push_back({n, {1, 0, 0, 0, 0, 0}, 0});
  CHECK_THAT(refusal(body, springs), Contains("translation along y, translation along z, rotation "
                                              "about x;"));
  springs.springs.push_back({0, {0, 1, 1, 0, 0, 0}, 0});
  springs.springs.push_back({7, {0, 1, 1, 0, 0, 0}, 0});
  CHECK(refusal(body, springs) == "");
}

TEST_CASE("each part must be held, and parts that hang on edges or corners may swing")
{
  const auto with = [](const Mesh& mesh) { return refusal(bodies::body(mesh), held(mesh)); };
  CHECK(with(two_cubes({0, 0, 1}, true)) == "");
  // Side by side, both on the ground: each held by itself, joined or not.
  CHECK(with(two_cubes({1, 0, 0}, true)) == "");
  CHECK(with(two_cubes({1.5, 0, 0}, false)) == "");
  CHECK(with(two_cubes({1, 1, 0}, true)) == "");
  CHECK_THAT(with(two_cubes({0, 0, 2}, false)),
             Contains("the piece of 1 cells with cell 2: its supports leave it free: translation "
                      "along x"));
  // Above, beside, joined by an edge or a corner.
  CHECK_THAT(
      with(two_cubes({1, 0, 1}, true)),
      Contains("the part of 1 cells with cell 2: it hangs on edges or corners of cells as on "
               "hinges, and can swing"));
  CHECK_THAT(with(two_cubes({1, 1, 1}, true)), Contains("can swing"));
  // Lying on the same points of space without being joined is being free as well.
  CHECK_THAT(with(two_cubes({0, 0, 1}, false)), Contains("its supports leave it free"));
}

TEST_CASE("a ring of parts on hinges is judged by all of them together")
{
  // Three cubes in the plane, each joined to the next by an edge, form a triangle when they close;
  // here an arch of cubes between two that are held is a chain that can move.
  Mesh mesh = grid(kinds()[2], {5, 1, 3});
  Mesh arch = mesh;
  arch.corners.clear();
  arch.region.clear();
  // Cells (0,0), (1,1), (2,2), (3,1), (4,0): joined by edges only.
  for (const std::uint32_t cell : {0U, 6U, 12U, 8U, 4U})
  {
    arch.corners.insert(arch.corners.end(), mesh.cell(cell).begin(), mesh.cell(cell).end());
    arch.region.push_back(0);
  }
  std::vector<std::uint32_t> number(mesh.points.size(), 0xffffffff);
  arch.points.clear();
  for (std::uint32_t& corner : arch.corners)
  {
    if (number[corner] == 0xffffffff)
    {
      number[corner] = static_cast<std::uint32_t>(arch.points.size());
      arch.points.push_back(mesh.points[corner]);
    }
    corner = number[corner];
  }
  // The cubes at the feet are held: four hinges, three bodies between them: a mechanism.
  CHECK_THAT(refusal(bodies::body(arch), held(arch)), Contains("can swing"));
  // Two bodies between two held feet with three hinges: a three-hinged arch stands.
  Mesh three = grid(kinds()[2], {4, 1, 2});
  Mesh stands = three;
  stands.corners.clear();
  stands.region.clear();
  stands.points.clear();
  std::fill(number.begin(), number.end(), 0xffffffff);
  number.resize(three.points.size(), 0xffffffff);
  for (const std::uint32_t cell : {0U, 5U, 2U, 7U})
    stands.corners.insert(stands.corners.end(), three.cell(cell).begin(), three.cell(cell).end());
  stands.region.assign(4, 0);
  for (std::uint32_t& corner : stands.corners)
  {
    if (number[corner] == 0xffffffff)
    {
      number[corner] = static_cast<std::uint32_t>(stands.points.size());
      stands.points.push_back(three.points[corner]);
    }
    corner = number[corner];
  }
  // Cubes at (0,0) and (2,0) stand on the ground; (1,1) hangs on an edge of each: held. (3,1)
  // hangs on one edge: it swings.
  const std::string message = refusal(bodies::body(stands), held(stands));
  CHECK_THAT(message, Contains("cell 4: it hangs on edges") && !Contains("cell 2:"));
}
