// Benchmarks of NAFEMS, The Standard NAFEMS Benchmarks, TNSB rev. 3, 1990: LE1, LE10 and LE11, in
// mm, N, MPa. Cells are straight, so that curved surfaces are facets. Stresses at points of the
// boundary are fitted to those at the integration points of the cells around (fitted_at).

#include "bodies/elastic_fields.hpp"

#include <catch2/catch.hpp>

using namespace test_bodies;
using Catch::WithinRel;

namespace
{

constexpr double youngs = 210000; // MPa
constexpr double poisson = 0.3;

/**
 * The plate of LE1 and LE10: a quarter between the ellipses with half axes (2, 1) and
 * (3.25, 2.75) m. n: cells across (growing outward), around, up.
 *
 * The facets touch the ellipses in their middle: their corners are where tangents meet, and D lies
 * in the middle of a facet that the symmetry plane halves. With D on a corner, where two facets
 * make a re-entrant edge that the true plate does not have, the stress there came out between -14
 * and +11 percent, mesh by mesh.
 */
Mesh elliptic_plate(ElementKind kind, std::array<int, 3> n, double thickness)
{
  const int facets = n[1] - 1; // two of them half ones
  const auto touches = [=](int facet)
  { return std::pow(double(facet) / facets, 1.3) * std::numbers::pi / 2; };
  const auto place = [=](Vec3 s)
  {
    const int corner = static_cast<int>(std::lround(s.y * n[1]));
    double angle = s.y * std::numbers::pi / 2, out = 1; // at both ends
    if (corner > 0 && corner < n[1])
    {
      angle = (touches(corner - 1) + touches(corner)) / 2;
      out = 1 / std::cos((touches(corner) - touches(corner - 1)) / 2);
    }
    const double across = std::pow(s.x, 1.5);
    return Vec3{(2000 + 1250 * across) * out * (s.y == 1 ? 0 : std::cos(angle)),
                (1000 + 1750 * across) * out * std::sin(angle), thickness * s.z};
  };
  return made_of(kind, mapped_hexahedra(n, place));
}

std::vector<FaceOfCell> outer_edge(const Mesh& mesh)
{
  return boundary_where(mesh, [](Vec3 x)
                        { return std::pow(x.x / 3250, 2) + std::pow(x.y / 2750, 2) > 0.97; });
}

/// LE10: sigma_yy at D = (2, 0) on the upper side, MPa.
double thick_plate(ElementKind kind, std::array<int, 3> n)
{
  const double thickness = 600;
  const SolidBody body = uniform_body(elliptic_plate(kind, n, thickness), youngs, poisson);
  const Mesh& mesh = body.mesh;
  const auto edge = nodes_on(mesh, outer_edge(mesh));
  const auto points = calcar::mesh::nodes_of(mesh).points;
  std::vector<std::uint32_t> middle;
  for (const std::uint32_t n_edge : edge)
    if (std::abs(points[n_edge].z - thickness / 2) < 1e-6)
      middle.push_back(n_edge);
  Supports supports;
  prescribe(supports, mesh, edge, 0);
  prescribe(supports, mesh, edge, 1);
  prescribe(supports, mesh, middle, 2);
  prescribe_symmetry(supports, mesh, {true, true, false});
  const auto forces =
      traction_forces(mesh, boundary_where(mesh, [&](Vec3 x) { return x.z > thickness - 1e-6; }),
                      [](Vec3, Vec3 normal) { return -1 * normal; });
  return stress_at(body, solve_alone(body, supports, forces), {2000, 0, thickness}).yy;
}

/// LE1: sigma_yy at D = (2, 0), MPa, in half a thin layer whose sides are free.
double membrane(ElementKind kind, std::array<int, 3> n)
{
  const double half = 10;
  const SolidBody body = uniform_body(elliptic_plate(kind, n, half), youngs, poisson);
  const Mesh& mesh = body.mesh;
  Supports supports;
  prescribe_symmetry(supports, mesh, {true, true, true});
  const auto forces =
      traction_forces(mesh, outer_edge(mesh), [](Vec3, Vec3 normal) { return 10 * normal; });
  return stress_at(body, solve_alone(body, supports, forces), {2000, 0, 0}).yy;
}

/// Section of LE11 (radius, height) in m at s across (0 inside, 1 outside) and t along: a sphere of
/// radius 1 inside and 1.4 outside up to a taper, then a cylinder of radii 0.7071 and 1.
std::array<double, 2> section(double s, double t)
{
  struct Pair
  {
    std::array<double, 2> inner, outer;
  };
  const double root = std::sqrt(0.5);
  const auto arc = [](double radius, double degrees)
  {
    const double angle = degrees * std::numbers::pi / 180;
    return std::array<double, 2>{radius * std::cos(angle), radius * std::sin(angle)};
  };
  const double part = t * 4; // sphere, taper, elbow, cylinder
  const double u = part - std::min(3.0, std::floor(part));
  const auto between = [u](std::array<double, 2> a, std::array<double, 2> b) {
    return std::array<double, 2>{a[0] + u * (b[0] - a[0]), a[1] + u * (b[1] - a[1])};
  };
  const double elbow = (root + 1.79) / 2;
  const Pair pair =
      part < 1   ? Pair{arc(1, 22.5 * u), arc(1.4, 30 * u)}
      : part < 2 ? Pair{arc(1, 22.5 + 22.5 * u), between(arc(1.4, 30), {1.1062, 1.045})}
      : part < 3 ? Pair{between({root, root}, {root, elbow}), between({1.1062, 1.045}, {1, 1.39})}
                 : Pair{between({root, elbow}, {root, 1.79}), between({1, 1.39}, {1, 1.79})};
  return {pair.inner[0] + s * (pair.outer[0] - pair.inner[0]),
          pair.inner[1] + s * (pair.outer[1] - pair.inner[1])};
}

/// LE11: sigma_zz at A = (1, 0, 0), MPa. n: cells across, around, along a quarter of the section.
double heated_body(ElementKind kind, std::array<int, 3> n)
{
  const Mesh hexahedra = mapped_hexahedra({n[0], n[1], 4 * n[2]},
                                          [](Vec3 s)
                                          {
                                            const auto [r, z] = section(s.x, s.z);
                                            const double angle = s.y * std::numbers::pi / 2;
                                            return Vec3{1000 * r * (s.y == 1 ? 0 : std::cos(angle)),
                                                        1000 * r * std::sin(angle), 1000 * z};
                                          });
  const SolidBody body = uniform_body(made_of(kind, hexahedra), youngs, poisson);
  const Mesh& mesh = body.mesh;
  // Duhamel's analogy: the heated body moves as the cold one under the forces of its initial
  // stress, E alpha T / (1 - 2 nu), which is then taken off the stress.
  const auto heat = [](Vec3 x)
  {
    const double temperature = (std::hypot(x.x, x.y) + x.z) / 1000; // degrees, by metres
    const double p = youngs * 2.3e-4 * temperature / (1 - 2 * poisson);
    return SymTensor{p, p, p, 0, 0, 0};
  };
  ForceSum sum(mesh);
  over_cells(mesh, 4,
             [&](std::size_t c, const PointInCell& point)
             { sum.add_stress(c, point, heat(point.x)); });
  Supports supports;
  prescribe_symmetry(supports, mesh, {true, true, true});
  prescribe(supports, mesh, nodes_where(mesh, [](Vec3 x) { return x.z > 1790 - 1e-6; }), 2);
  const Solution solution = solve_alone(body, supports, sum.forces());
  std::vector<SymTensor> stress = stress_of(body, solution);
  const auto points = calcar::solid::integration_points(mesh);
  for (std::size_t q = 0; q < points.size(); ++q)
    stress[q] = stress[q] + (-1) * heat(points[q]);
  return fitted_at(mesh, stress, {1000, 0, 0}, 2).zz;
}

} // namespace

TEST_CASE(
    "NAFEMS LE10: a thick plate under pressure has -5.38 MPa at D within two percent on every "
    "mesh")
{
  for (const ElementKind kind : {hex27, tet10})
    for (const std::array<int, 3> n : {std::array{5, 10, 4}, {6, 14, 5}, {8, 20, 6}})
    {
      const double stress = thick_plate(kind, n);
      INFO(kind.name << ", " << n[0] << " x " << n[1] << " x " << n[2] << ": " << stress);
      CHECK_THAT(stress, WithinRel(-5.38, 0.02));
    }
}

TEST_CASE(
    "NAFEMS LE1: an elliptic membrane goes to 92.7 MPa at D as the mesh is refined, within one "
    "percent")
{
  // Plane stress is the limit of a thin layer with free sides: its departure is of the order of
  // (nu thickness / radius of curvature)^2 = 1e-4 here, that of the facets below 1 %.
  for (const ElementKind kind : {hex27, tet10})
  {
    std::vector<double> errors;
    for (const std::array<int, 3> n : {std::array{6, 10, 1}, {8, 14, 1}, {12, 20, 1}})
    {
      errors.push_back(std::abs(membrane(kind, n) / 92.7 - 1));
      CAPTURE(kind.name, n[1]);
      CHECK(errors.back() < 0.02);
    }
    CAPTURE(kind.name, errors[0], errors[1], errors[2]);
    CHECK(errors[1] < 0.01);
    CHECK(errors[2] < errors[1]);
    CHECK(errors[1] < errors[0]);
  }
}

TEST_CASE("NAFEMS LE11: a heated body of cylinder, taper and sphere has -105 MPa at A within two "
          "percent")
{
  const double hexahedra = heated_body(hex27, {5, 8, 4});
  const double tetrahedra = heated_body(tet10, {4, 6, 4});
  INFO("hex27 " << hexahedra << ", tet10 " << tetrahedra);
  CHECK_THAT(hexahedra, WithinRel(-105, 0.02));
  CHECK_THAT(tetrahedra, WithinRel(-105, 0.02));
}
