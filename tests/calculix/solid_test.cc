// The finite elements on meshes against CalculiX on the same mesh, which it is handed as our writer
// of decks writes it. P1, P2 and Q1 are its C3D4, C3D10 and C3D8 to the digit; its C3D20 has 20 of
// the 27 functions of Q2.

#include "base/files.hpp"
#include "calculix/calculix.hpp"
#include "calculix/solid_input.hpp"
#include "mesh/nodes.hpp"
#include "solid/engine.hpp"
#include "temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>
#include <functional>
#include <random>

using namespace calcar;
using mesh::CellShape;
using mesh::Mesh;

namespace
{
constexpr double length = 9;
constexpr double width = 4;
constexpr double height = 5;

/// A box in uneven hexahedra, or each of these cut into six tetrahedra; plane sides stay plane.
Mesh uneven_box(CellShape shape, int degree, std::array<std::uint32_t, 3> n)
{
  Mesh mesh;
  mesh.shape = shape;
  mesh.degree = degree;
  std::mt19937 random(11);
  const auto place = [&](std::uint32_t index, std::uint32_t count, double size)
  {
    const double shift = static_cast<double>(random() % 1000) / 1000 - 0.5;
    const bool inside = index > 0 && index < count;
    return size * (index + (inside ? 0.4 * shift : 0.0)) / count;
  };
  for (std::uint32_t k = 0; k <= n[2]; ++k)
    for (std::uint32_t j = 0; j <= n[1]; ++j)
      for (std::uint32_t i = 0; i <= n[0]; ++i)
        mesh.points.push_back(
            {place(i, n[0], length), place(j, n[1], width), place(k, n[2], height)});
  constexpr int tets[6][4] = {{0, 1, 2, 6}, {0, 2, 3, 6}, {0, 3, 7, 6},
                              {0, 7, 4, 6}, {0, 4, 5, 6}, {0, 5, 1, 6}};
  for (std::uint32_t k = 0; k < n[2]; ++k)
    for (std::uint32_t j = 0; j < n[1]; ++j)
      for (std::uint32_t i = 0; i < n[0]; ++i)
      {
        const std::uint32_t row = n[0] + 1;
        const std::uint32_t layer = row * (n[1] + 1);
        const std::uint32_t o = i + row * j + layer * k;
        const std::uint32_t corners[8] = {
            o,         o + 1,         o + row + 1,         o + row,
            o + layer, o + layer + 1, o + layer + row + 1, o + layer + row};
        if (shape == CellShape::hexahedron)
          mesh.corners.insert(mesh.corners.end(), corners, corners + 8);
        else
          for (const auto& tet : tets)
            for (const int corner : tet)
              mesh.corners.push_back(corners[corner]);
      }
  const auto per_cell = static_cast<std::size_t>(mesh::reference_cell(shape).corners);
  mesh.region.assign(mesh.corners.size() / per_cell, 0);
  return mesh;
}

/// Tissue by tissue: cortex, spongy bone, nearly incompressible marrow, dense spongy bone.
solid::SolidBody with_tissues(Mesh mesh, const std::function<std::uint16_t(std::size_t)>& tissue)
{
  constexpr double youngs[4] = {17000, 800, 60, 5000};
  constexpr double poisson[4] = {0.3, 0.2, 0.45, 0.2};
  solid::SolidBody body;
  mesh.regions = {"CORTEX", "SPONGY", "MARROW", "DENSE"};
  for (std::size_t c = 0; c < mesh.cells(); ++c)
  {
    mesh.region[c] = tissue(c);
    body.youngs.push_back(youngs[mesh.region[c]]);
    body.poisson.push_back(poisson[mesh.region[c]]);
  }
  body.mesh = std::move(mesh);
  return body;
}

/// The side x = 0 is turned and stretched.
solid::Supports bent_side(const Mesh& mesh)
{
  solid::Supports supports;
  supports.names = {"side"};
  const mesh::Nodes nodes = mesh::nodes_of(mesh);
  for (std::uint32_t n = 0; n < nodes.points.size(); ++n)
    if (const Vec3& x = nodes.points[n]; x.x == 0)
    {
      const double u[3] = {1e-3 * (x.y - 2), 2e-3 * x.z, -1e-3};
      for (int axis = 0; axis < 3; ++axis)
        supports.fixed.push_back({n, axis, u[axis], 0});
    }
  return supports;
}

/// Forces in all directions on all nodes of the side x = length.
std::vector<solid::NodalForce> pulling(const Mesh& mesh)
{
  std::vector<solid::NodalForce> forces;
  const mesh::Nodes nodes = mesh::nodes_of(mesh);
  for (std::uint32_t n = 0; n < nodes.points.size(); ++n)
    if (const Vec3& x = nodes.points[n]; x.x == length)
      forces.push_back({n, {5 + x.y, 2, -x.z}});
  return forces;
}

calculix::Answer ask_calculix(const calculix::SolidProblem& problem)
{
  const test::TemporaryFolder folder;
  calculix::write_input(folder.path() / "solid.inp", problem);
  calculix::run(folder.path() / "solid.inp");
  return calculix::read_answer(folder.path() / "solid.dat",
                               calculix::nodes_in_calculix(problem.body.mesh),
                               problem.body.mesh.cells());
}

solid::Solution solve(const solid::SolidBody& body, const solid::Supports& supports,
                      const std::vector<solid::NodalForce>& forces)
{
  solid::Options options;
  options.relative_residual = 1e-12;
  options.method = solid::Method::mumps;
  solid::Engine engine(body, supports, MPI_COMM_SELF, options);
  return engine.solve({forces}, {1}).front();
}

/// Largest difference over the largest displacement, at the nodes that both have.
double displacement_difference(const solid::Solution& ours, const calculix::Answer& theirs)
{
  REQUIRE(ours.displacement.size() >= theirs.displacement.size());
  double largest = 0;
  double apart = 0;
  for (std::size_t n = 0; n < theirs.displacement.size(); ++n)
  {
    largest = std::max(largest, norm(theirs.displacement[n]));
    apart = std::max(apart, norm(ours.displacement[n] - theirs.displacement[n]));
  }
  return apart / largest;
}

double size_of(const SymTensor& tensor)
{
  return std::sqrt(contract(tensor, tensor));
}

/// Hooke's law.
SymTensor stress_of(const SymTensor& strain, double youngs, double poisson)
{
  const double lambda = youngs * poisson / ((1 + poisson) * (1 - 2 * poisson));
  const double pressure = lambda * trace(strain);
  return youngs / (1 + poisson) * strain + SymTensor{pressure, pressure, pressure, 0, 0, 0};
}

/// dV/d(xi, eta, zeta) of a hexahedron with straight edges.
double jacobian(const Mesh& mesh, std::size_t cell, const std::array<double, 3>& xi)
{
  constexpr double corner[8][3] = {{-1, -1, -1}, {1, -1, -1}, {1, 1, -1}, {-1, 1, -1},
                                   {-1, -1, 1},  {1, -1, 1},  {1, 1, 1},  {-1, 1, 1}};
  Vec3 along[3];
  for (std::size_t n = 0; n < 8; ++n)
    for (std::size_t a = 0; a < 3; ++a)
    {
      const std::size_t b = (a + 1) % 3;
      const std::size_t c = (a + 2) % 3;
      along[a] += corner[n][a] / 8 * (1 + corner[n][b] * xi[b]) * (1 + corner[n][c] * xi[c]) *
                  mesh.points[mesh.cell(cell)[n]];
    }
  return dot(along[0], cross(along[1], along[2]));
}

/// Weights of the integration points of ccx: 1 or 4 equal ones in tetrahedra; 2 x 2 x 2 or
/// 3 x 3 x 3 of Gauss in hexahedra, along the first direction first.
std::vector<double> weights(const Mesh& mesh, std::size_t cell)
{
  if (mesh.shape == CellShape::tetrahedron)
    return std::vector<double>(mesh.degree == 1 ? 1 : 4, 1);
  const double g = mesh.degree == 1 ? std::sqrt(1.0 / 3) : std::sqrt(0.6);
  const std::vector<std::pair<double, double>> line =
      mesh.degree == 1 ? std::vector<std::pair<double, double>>{{-g, 1}, {g, 1}}
                       : std::vector<std::pair<double, double>>{{-g, 5}, {0, 8}, {g, 5}};
  std::vector<double> weights;
  for (const auto& z : line)
    for (const auto& y : line)
      for (const auto& x : line)
        weights.push_back(x.second * y.second * z.second *
                          jacobian(mesh, cell, {x.first, y.first, z.first}));
  return weights;
}

SymTensor mean(const std::vector<SymTensor>& stresses, const std::vector<double>& weights)
{
  REQUIRE(stresses.size() == weights.size());
  SymTensor sum;
  double total = 0;
  for (std::size_t n = 0; n < weights.size(); ++n)
  {
    sum = sum + weights[n] * stresses[n];
    total += weights[n];
  }
  return 1 / total * sum;
}

/// Largest difference of the elements' mean stresses over the largest of them.
double stress_difference(const solid::SolidBody& body, const solid::Solution& ours,
                         const calculix::Answer& theirs)
{
  REQUIRE(ours.strain.size() == theirs.stresses.size());
  double largest = 0;
  double apart = 0;
  for (std::size_t e = 0; e < ours.strain.size(); ++e)
  {
    const SymTensor expected = mean(theirs.stresses[e], weights(body.mesh, e));
    const SymTensor stress = stress_of(ours.strain[e], body.youngs[e], body.poisson[e]);
    largest = std::max(largest, size_of(expected));
    apart = std::max(apart, size_of(stress + -1.0 * expected));
  }
  return apart / largest;
}

/// All tissues in turns.
solid::SolidBody mixed(CellShape shape, int degree)
{
  return with_tissues(uneven_box(shape, degree, {5, 3, 4}),
                      [](std::size_t c) { return static_cast<std::uint16_t>(7 * c / 3 % 3); });
}
} // namespace

TEST_CASE("P1, P2 and Q1 agree with C3D4, C3D10 and C3D8 on an uneven mesh of mixed tissues")
{
  for (const auto& [shape, degree] : {std::pair{CellShape::tetrahedron, 1},
                                      {CellShape::tetrahedron, 2},
                                      {CellShape::hexahedron, 1}})
  {
    const solid::SolidBody body = mixed(shape, degree);
    const solid::Supports supports = bent_side(body.mesh);
    const auto forces = pulling(body.mesh);
    const solid::Solution ours = solve(body, supports, forces);
    const calculix::Answer theirs = ask_calculix({body, supports, forces, {}});
    const double displacement = displacement_difference(ours, theirs);
    const double stress = stress_difference(body, ours, theirs);
    INFO(to_string(shape) << " of degree " << degree << ": displacement " << displacement
                          << ", stress " << stress);
    CHECK(displacement < 1e-5);
    CHECK(stress < 1e-5);
  }
}

namespace
{
/// A cortex around a core, in uneven hexahedra of second order.
solid::SolidBody shell_and_core(std::uint16_t tissue_of_core)
{
  const Mesh mesh = uneven_box(CellShape::hexahedron, 2, {9, 5, 6});
  return with_tissues(mesh,
                      [&](std::size_t c)
                      {
                        const Vec3 x = mesh::centre(mesh, c);
                        const bool core = x.y > 0.2 * width && x.y < 0.8 * width &&
                                          x.z > height / 6 && x.z < 5 * height / 6;
                        return core ? tissue_of_core : std::uint16_t{0};
                      });
}

/// Faces of the boundary whose corners all have a coordinate.
std::vector<mesh::FaceOfCell> side(const Mesh& mesh, std::size_t axis, double coordinate)
{
  std::vector<mesh::FaceOfCell> faces = mesh::boundary_faces(mesh);
  std::erase_if(faces,
                [&](const mesh::FaceOfCell& face)
                {
                  const auto corners = mesh::face_corners(mesh, face);
                  return !std::all_of(corners.begin(), corners.end(),
                                      [&](std::uint32_t corner)
                                      { return mesh.points[corner][axis] == coordinate; });
                });
  return faces;
}

/// Planes of symmetry through the origin: nothing is clamped, so that no edge is singular.
solid::Supports symmetric(const Mesh& mesh)
{
  solid::Supports supports;
  supports.names = {"planes"};
  const mesh::Nodes nodes = mesh::nodes_of(mesh);
  for (std::uint32_t n = 0; n < nodes.points.size(); ++n)
    for (int axis = 0; axis < 3; ++axis)
      if (nodes.points[n][static_cast<std::size_t>(axis)] == 0)
        supports.fixed.push_back({n, axis, axis == 0 ? 1e-3 : 0, 0});
  return supports;
}

/// A pressure on the top that falls along the length, and a pull at the end.
std::vector<calculix::FacePressure> pressed(const Mesh& mesh)
{
  std::vector<calculix::FacePressure> pressures;
  for (const mesh::FaceOfCell& face : side(mesh, 2, height))
    pressures.push_back({face, 3 - mesh::centre(mesh, face.cell).x / length});
  for (const mesh::FaceOfCell& face : side(mesh, 0, length))
    pressures.push_back({face, -2});
  return pressures;
}

/// The same as forces on our nodes.
std::vector<solid::NodalForce> forces_of(const Mesh& mesh,
                                         const std::vector<calculix::FacePressure>& pressures)
{
  std::vector<solid::NodalForce> forces;
  for (const calculix::FacePressure& pressure : pressures)
  {
    const solid::BoundaryNodes loaded = solid::boundary_nodes(mesh, {pressure.face});
    for (std::size_t n = 0; n < loaded.nodes.size(); ++n)
      forces.push_back({loaded.nodes[n], -pressure.pressure * loaded.areas[n] * loaded.normals[n]});
  }
  return forces;
}
} // namespace

TEST_CASE("Q2 agrees with C3D20 within 1 % under pressures that vary")
{
  // At interfaces of much larger contrast both are singular, and differ there by some per cent.
  for (const auto& [core, limit] : {std::pair{std::uint16_t{0}, 0.001}, {std::uint16_t{3}, 0.01}})
  {
    const solid::SolidBody body = shell_and_core(core);
    const solid::Supports supports = symmetric(body.mesh);
    const auto pressures = pressed(body.mesh);
    REQUIRE(pressures.size() == 9 * 5 + 5 * 6);
    const solid::Solution ours = solve(body, supports, forces_of(body.mesh, pressures));
    const calculix::Answer theirs = ask_calculix({body, supports, {}, pressures});
    const double displacement = displacement_difference(ours, theirs);
    const double stress = stress_difference(body, ours, theirs);
    INFO("core of tissue " << core << ": displacement " << displacement << ", stress " << stress);
    CHECK(displacement < limit);
    CHECK(stress < limit);
    // They are different elements, and the comparison sees it.
    CHECK(displacement > 1e-5);
  }
}

TEST_CASE("CalculiX understands the sets and coordinates that we write")
{
  solid::SolidBody body = mixed(CellShape::tetrahedron, 2);
  Mesh& mesh = body.mesh;
  mesh.point_sets = {{"Held side", {}}, {"tip", {}}};
  for (std::uint32_t p = 0; p < mesh.points.size(); ++p)
  {
    if (mesh.points[p].x == 0)
      mesh.point_sets[0].points.push_back(p);
    if (mesh.points[p].x == length)
      mesh.point_sets[1].points.push_back(p);
    if (mesh.points[p].y == 0) // 1e-17 with an exponent would be cut within the exponent
      mesh.points[p].y = -6.123233995736766e-17;
  }
  mesh.face_sets = {{"skin", mesh::boundary_faces(mesh)}};
  const test::TemporaryFolder folder;
  calculix::write_input(folder.path() / "sets.inp", {body, {}, {}, {}});
  std::string deck = read_text(folder.path() / "sets.inp");
  const std::string boundary = "*BOUNDARY\n";
  deck.insert(deck.find(boundary) + boundary.size(), "Held_side, 1, 3\n*CLOAD\nTIP, 3, 0.5\n");
  std::ofstream(folder.path() / "sets.inp") << deck;
  calculix::run(folder.path() / "sets.inp");
  const calculix::Answer theirs = calculix::read_answer(
      folder.path() / "sets.dat", calculix::nodes_in_calculix(mesh), mesh.cells());

  solid::Supports supports;
  supports.names = {"side"};
  std::vector<solid::NodalForce> forces;
  for (const std::uint32_t point : mesh.point_sets[0].points)
    for (int axis = 0; axis < 3; ++axis)
      supports.fixed.push_back({point, axis, 0, 0});
  for (const std::uint32_t point : mesh.point_sets[1].points)
    forces.push_back({point, {0, 0, 0.5}});
  CHECK(displacement_difference(solve(body, supports, forces), theirs) < 1e-5);
}
