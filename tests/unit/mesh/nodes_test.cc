#include "mesh/nodes.hpp"
#include "small_meshes.hpp"

#include <catch2/catch.hpp>

#include <set>
#include <tuple>

using namespace calcar;
using namespace calcar::mesh;
using namespace calcar::test;

namespace
{
Mesh block(CellShape shape, int degree)
{
  return brick(shape, {2, 3, 4}, {0, 0, 0}, {2, 3, 4}, degree);
}

std::size_t places_of(const std::vector<Vec3>& points)
{
  std::set<std::tuple<double, double, double>> places;
  for (const Vec3& p : points)
    places.insert({p.x, p.y, p.z});
  return places.size();
}
} // namespace

TEST_CASE("cells and faces of a block: volumes, outward normals, boundary")
{
  for (const CellShape shape : {CellShape::tetrahedron, CellShape::hexahedron})
  {
    const Mesh mesh = block(shape, 1);
    double sum = 0;
    for (std::size_t c = 0; c < mesh.cells(); ++c)
    {
      CHECK(volume(mesh, c) > 0);
      sum += volume(mesh, c);
      for (std::size_t f = 0; f < reference_cell(shape).faces.size(); ++f)
      {
        const auto corners = face_corners(mesh, {std::uint32_t(c), std::uint8_t(f)});
        const Vec3 normal = cross(mesh.points[corners[1]] - mesh.points[corners[0]],
                                  mesh.points[corners[2]] - mesh.points[corners[0]]);
        CHECK(dot(normal, mesh.points[corners[0]] - centre(mesh, c)) > 0);
      }
    }
    CHECK(sum == Approx(24));
    double area = 0;
    Vec3 closed;
    for (const FaceOfCell& face : boundary_faces(mesh))
    {
      const auto c = face_corners(mesh, face);
      Vec3 twice =
          cross(mesh.points[c[1]] - mesh.points[c[0]], mesh.points[c[2]] - mesh.points[c[0]]);
      if (c.size() == 4)
        twice +=
            cross(mesh.points[c[2]] - mesh.points[c[0]], mesh.points[c[3]] - mesh.points[c[0]]);
      area += 0.5 * norm(twice);
      closed += twice;
    }
    CHECK(area == Approx(52));
    CHECK(norm(closed) < 1e-12);
    CHECK(box(mesh).high.z == 4);
  }
}

TEST_CASE("a hexahedron of any form has the volume of the divergence theorem")
{
  Mesh mesh = brick(CellShape::hexahedron, {1, 1, 1}, {0, 0, 0}, {1, 1, 1});
  mesh.points[7] = {1.4, 1.2, 1.7};
  mesh.points[2] = {-0.1, 1.3, 0.2};
  // Trilinear faces: integral of x . n / 3 over bilinear patches, by 2 x 2 Gauss points exactly.
  double divergence = 0;
  const double g = 0.5 / std::sqrt(3.0);
  for (const FaceOfCell& face : boundary_faces(mesh))
  {
    const auto c = face_corners(mesh, face);
    const Vec3 p0 = mesh.points[c[0]], p1 = mesh.points[c[1]], p2 = mesh.points[c[2]],
               p3 = mesh.points[c[3]];
    for (const double s : {0.5 - g, 0.5 + g})
      for (const double t : {0.5 - g, 0.5 + g})
      {
        const Vec3 x = (1 - s) * (1 - t) * p0 + s * (1 - t) * p1 + s * t * p2 + (1 - s) * t * p3;
        const Vec3 ds = (1 - t) * (p1 - p0) + t * (p2 - p3);
        const Vec3 dt = (1 - s) * (p3 - p0) + s * (p2 - p1);
        divergence += 0.25 * dot(x, cross(ds, dt)) / 3;
      }
  }
  CHECK(volume(mesh, 0) == Approx(divergence).epsilon(1e-12));
}

TEST_CASE("nodes of degree 2 are one per place, each where VTK's order has it")
{
  const Nodes linear = nodes_of(block(CellShape::hexahedron, 1));
  CHECK(linear.points.size() == 3 * 4 * 5);
  CHECK(linear.per_cell == 8);

  const Nodes hexahedra = nodes_of(block(CellShape::hexahedron, 2));
  CHECK(hexahedra.points.size() == 5 * 7 * 9);
  CHECK(places_of(hexahedra.points) == 5 * 7 * 9);

  const Mesh tets = block(CellShape::tetrahedron, 2);
  const Nodes tetrahedra = nodes_of(tets);
  CHECK(tetrahedra.per_cell == 10);
  CHECK(places_of(tetrahedra.points) == tetrahedra.points.size());
  // Euler's formula for a ball: points - edges + faces - cells = 1.
  std::set<FaceKey> faces;
  for (const auto& [key, face] : sorted_faces(tets))
    faces.insert(key);
  const std::size_t edges = tetrahedra.points.size() - tets.points.size();
  CHECK(tets.points.size() + faces.size() - edges - tets.cells() == 1);
}

TEST_CASE("VTK's triquadratic hexahedron: corners, edges, faces -x +x -y +y -z +z, middle")
{
  Mesh mesh = brick(CellShape::hexahedron, {1, 1, 1}, {-1, -1, -1}, {1, 1, 1}, 2);
  const Nodes nodes = nodes_of(mesh);
  REQUIRE(nodes.per_cell == 27);
  const auto at = [&](std::size_t n) { return nodes.points[nodes.cell(0)[n]]; };
  CHECK(at(8) == Vec3{0, -1, -1});
  CHECK(at(9) == Vec3{1, 0, -1});
  CHECK(at(12) == Vec3{0, -1, 1});
  CHECK(at(16) == Vec3{-1, -1, 0});
  CHECK(at(18) == Vec3{1, 1, 0});
  CHECK(at(20) == Vec3{-1, 0, 0});
  CHECK(at(21) == Vec3{1, 0, 0});
  CHECK(at(22) == Vec3{0, -1, 0});
  CHECK(at(23) == Vec3{0, 1, 0});
  CHECK(at(24) == Vec3{0, 0, -1});
  CHECK(at(25) == Vec3{0, 0, 1});
  CHECK(at(26) == Vec3{0, 0, 0});
}

TEST_CASE("the nodes of a face lie on it: corners, then middles of its edges, then its own")
{
  for (const CellShape shape : {CellShape::tetrahedron, CellShape::hexahedron})
  {
    const Mesh mesh = brick(shape, {1, 1, 1}, {0, 0, 0}, {1, 2, 3}, 2);
    const Nodes nodes = nodes_of(mesh);
    const auto& reference = reference_cell(shape);
    const auto count = static_cast<std::size_t>(reference.corners_of_face);
    for (std::size_t f = 0; f < reference.faces.size(); ++f)
    {
      const auto of_face = nodes_of_face(shape, 2, static_cast<int>(f));
      REQUIRE(of_face.size() == (count == 3 ? 6 : 9));
      const auto place = [&](std::size_t n) { return nodes.points[nodes.cell(0)[of_face[n]]]; };
      const auto corners = face_corners(mesh, {0, std::uint8_t(f)});
      Vec3 middle;
      for (std::size_t n = 0; n < count; ++n)
      {
        CHECK(place(n) == mesh.points[corners[n]]);
        CHECK(norm(place(count + n) - 0.5 * (place(n) + place((n + 1) % count))) < 1e-12);
        middle += place(n) / 4;
      }
      if (count == 4)
        CHECK(norm(place(8) - middle) < 1e-12);
      CHECK(nodes_of_face(shape, 1, static_cast<int>(f)).size() == count);
    }
  }
}
