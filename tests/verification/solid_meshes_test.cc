// The meshes and elements with which the finite elements of the room solid are verified, against
// closed forms of their own.

#include "bodies/elastic_fields.hpp"

#include <catch2/catch.hpp>

using namespace test_bodies;
using Catch::WithinAbs;
using Catch::WithinRel;

namespace
{

const double pi = std::numbers::pi;

double volume_of(const Mesh& mesh)
{
  double sum = 0;
  for (std::size_t c = 0; c < mesh.cells(); ++c)
    sum += calcar::mesh::volume(mesh, c);
  return sum;
}

double smallest_volume(const Mesh& mesh)
{
  double smallest = calcar::mesh::volume(mesh, 0);
  for (std::size_t c = 0; c < mesh.cells(); ++c)
    smallest = std::min(smallest, calcar::mesh::volume(mesh, c));
  return smallest;
}

double area_of(const Mesh& mesh, const std::vector<FaceOfCell>& faces)
{
  double sum = 0;
  over_faces(mesh, faces, 3, [&](const FaceOfCell&, const PointInCell& p) { sum += p.weight; });
  return sum;
}

/// The area vectors of a closed surface add up to zero.
Vec3 closing_error(const Mesh& mesh)
{
  Vec3 sum;
  over_faces(mesh, calcar::mesh::boundary_faces(mesh), 3,
             [&](const FaceOfCell&, const PointInCell& p) { sum += p.weight * p.normal; });
  return sum;
}

/// Every face belongs to one or two cells, seen from opposite sides.
bool conforms(const Mesh& mesh)
{
  const auto faces = calcar::mesh::sorted_faces(mesh);
  for (std::size_t n = 0; n + 2 < faces.size(); ++n)
    if (faces[n].first == faces[n + 2].first)
      return false;
  return norm(closing_error(mesh)) < 1e-9 * area_of(mesh, calcar::mesh::boundary_faces(mesh));
}

} // namespace

TEST_CASE("boxes of all kinds of elements keep volume and sides when they are shaken")
{
  for (const ElementKind kind : element_kinds)
  {
    INFO(kind.name);
    const Mesh mesh = made_of(kind, shaken(box_of_hexahedra({4, 3, 5}, {8, 6, 10}), 0.4));
    CHECK(mesh.cells() == (kind.shape == CellShape::hexahedron ? 60U : 360U));
    CHECK(conforms(mesh));
    CHECK(smallest_volume(mesh) > 0);
    CHECK_THAT(volume_of(mesh), WithinRel(480, 1e-12));
    const auto top = boundary_where(mesh, [](Vec3 x) { return x.z > 10 - 1e-9; });
    CHECK(top.size() == (kind.shape == CellShape::hexahedron ? 12U : 24U));
    CHECK_THAT(area_of(mesh, top), WithinRel(48, 1e-12));
  }
}

TEST_CASE("bodies with curved surfaces lie inside their true shape by the known share of facets")
{
  const int around = 12;
  const double chord = pi / 2 / around;
  // A ring of n-gons has the area of its triangles, r^2 sin(angle) / 2 each.
  const double ring = (16.0 - 4.0) * std::sin(chord) / 2 * around;
  for (const ElementKind kind : element_kinds)
  {
    INFO(kind.name);
    const Mesh quarter = made_of(kind, elliptic_quarter({3, around, 2}, {2, 2}, {4, 4}, 1.5, 1.5));
    CHECK(conforms(quarter));
    CHECK(smallest_volume(quarter) > 0);
    CHECK_THAT(volume_of(quarter), WithinRel(1.5 * ring, 1e-12));

    const Mesh tube = made_of(kind, tube_sector({2, 4 * around, 3}, 2, 4, 0, 2 * pi, 5));
    CHECK(conforms(tube));
    CHECK(smallest_volume(tube) > 0);
    CHECK_THAT(volume_of(tube), WithinRel(4 * 5 * ring, 1e-12));

    const Mesh open = made_of(kind, tube_sector({2, 4 * around, 3}, 2, 4, 0.1, 2 * pi - 0.1, 5));
    CHECK(conforms(open));
    const auto slit = boundary_where(
        open, [](Vec3 x) { return std::abs(std::atan2(std::abs(x.y), x.x) - 0.1) < 1e-9; });
    CHECK_THAT(area_of(open, slit), WithinRel(2 * 2.0 * 5.0, 1e-12)); // its two banks
  }
}

TEST_CASE("octants of spheres close without gaps and approach the volume at second order")
{
  for (const ElementKind kind : element_kinds)
  {
    INFO(kind.name);
    std::vector<double> missing;
    for (const int n : {3, 6})
    {
      const Mesh mesh = made_of(kind, shell_octant(n, 3, 1, 2, 1.3));
      CHECK(conforms(mesh));
      CHECK(smallest_volume(mesh) > 0);
      missing.push_back(pi / 6 * 7 - volume_of(mesh));
    }
    CHECK(missing[1] > 0);
    CHECK_THAT(missing[0] / missing[1], WithinAbs(4, 0.3));
    const Mesh cube = made_of(
        kind, octant(4, 5, [](Vec3 d, double s) { return (1 - s) / norm(d) * d + 3 * s * d; }));
    CHECK(conforms(cube));
    CHECK(smallest_volume(cube) > 0);
    CHECK_THAT(volume_of(cube), WithinRel(27 - pi / 6, 0.002));
    CHECK_THAT(area_of(cube, boundary_where(cube, [](Vec3 x) { return x.z > 3 - 1e-9; })),
               WithinRel(9, 1e-12));
  }
}

TEST_CASE("the elements of the tests interpolate polynomials of their degree with their gradient")
{
  const auto exact = [](int degree, Vec3 x)
  { return degree == 1 ? 1 + 2 * x.x - x.y + 3 * x.z : x.x * x.x - 2 * x.y * x.z + x.z * x.x; };
  const auto slope = [](int degree, Vec3 x) {
    return degree == 1 ? Vec3{2, -1, 3} : Vec3{2 * x.x + x.z, -2 * x.z, -2 * x.y + x.x};
  };
  for (const ElementKind kind : element_kinds)
  {
    INFO(kind.name);
    const Mesh mesh = made_of(kind, shaken(box_of_hexahedra({2, 2, 2}, {1, 1, 1}), 0.1));
    const auto nodes = calcar::mesh::nodes_of(mesh);
    double wrong = 0, wrong_slope = 0, wrong_place = 0;
    over_cells(mesh, 3,
               [&](std::size_t c, const PointInCell& point)
               {
                 double value = 0;
                 Vec3 gradient, place;
                 for (std::size_t n = 0; n < nodes.cell(c).size(); ++n)
                 {
                   const Vec3 x = nodes.points[nodes.cell(c)[n]];
                   const double f = exact(kind.degree, x);
                   value += point.shape.value[n] * f;
                   gradient += f * point.shape.gradient[n];
                   place += point.shape.value[n] * x;
                 }
                 wrong = std::max(wrong, std::abs(value - exact(kind.degree, point.x)));
                 wrong_slope = std::max(wrong_slope, norm(gradient - slope(kind.degree, point.x)));
                 wrong_place = std::max(wrong_place, norm(place - point.x));
               });
    CHECK(wrong < 1e-13);
    CHECK(wrong_slope < 1e-12);
    CHECK(wrong_place < 1e-14); // straight cells: nodes of degree 2 lie in the middles
  }
}

TEST_CASE("the quadrature of the tests is exact for the degree it states")
{
  // Integral of x^a y^b z^c over the unit simplex: a! b! c! / (a + b + c + 3)!; over the cube
  // 8 / ((a + 1) (b + 1) (c + 1)) for even exponents.
  double simplex = 0, cube = 0;
  for (const auto& q : cell_quadrature(CellShape::tetrahedron, 4))
    simplex += q.weight * std::pow(q.xi.x, 2) * std::pow(q.xi.y, 2) * q.xi.z;
  for (const auto& q : cell_quadrature(CellShape::hexahedron, 4))
    cube += q.weight * std::pow(q.xi.x, 6) * std::pow(q.xi.y, 4) * std::pow(q.xi.z, 2);
  CHECK_THAT(simplex, WithinRel(4.0 / 40320, 1e-13));
  CHECK_THAT(cube, WithinRel(8.0 / 105, 1e-13));
}
