#include "model/surface.hpp"
#include "unit/model/support.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <numbers>
#include <numeric>

using namespace calcar;
using namespace calcar::model;
using namespace bodies;

namespace
{
Surface surface(const VoxelBody& of)
{
  return surface_of(of, Lattice(of));
}

double total(const std::vector<double>& areas)
{
  return std::accumulate(areas.begin(), areas.end(), 0.0);
}

double angle(Vec3 a, Vec3 b)
{
  return geometry::angle_deg(a, b);
}
} // namespace

TEST_CASE("the surface of a ball has its area and radial normals, wherever it lies in the grid")
{
  const double radius = 12;
  for (const double turn : {0.0, 0.7})
    for (const Vec3& shift :
         {Vec3{0, 0, 0}, Vec3{0.5, 0.5, 0.5}, Vec3{0.31, -0.17, 0.43}, Vec3{0.08, 0.26, -0.39}})
    {
      CAPTURE(turn, shift.x);
      const VoxelBody of = body(bodies::grid({30, 30, 30}, {1, 1, 1}, turn), ball(shift, radius));
      const Surface found = surface(of);
      CHECK(total(found.areas) == Approx(4 * std::numbers::pi * radius * radius).epsilon(0.03));
      double worst = 0;
      double oblique = 0; // area whose normal is off by more than 10 degrees
      for (std::size_t n = 0; n < found.nodes.size(); ++n)
      {
        const double off = angle(found.normals[n], found.points[n] - shift);
        worst = std::max(worst, off);
        oblique += off > 10 ? found.areas[n] : 0;
        CHECK(norm(found.normals[n]) == Approx(1));
        CHECK(norm(found.points[n] - node_position(of.grid, found.nodes[n])) < 1e-12);
      }
      CHECK(oblique < 0.02 * total(found.areas));
      CHECK(worst < 15); // at nodes that stick out
    }
}

TEST_CASE("the area of a plane does not depend on how it lies in the grid")
{
  // A thick slab cut out of an oblique half space: nodes whose foot on the plane lies in a disc.
  const double radius = 12;
  for (const Vec3& direction :
       {Vec3{0, 0, 1}, Vec3{0, 1, 4}, Vec3{1, 2, 3}, Vec3{1, 1, 1}, Vec3{-3, 1, 2}})
    for (const double level : {0.0, 0.4, 0.75})
    {
      CAPTURE(direction.x, direction.y, direction.z, level);
      const Vec3 normal = normalized(direction);
      const VoxelBody of =
          body(bodies::grid({44, 44, 44}), [&](Vec3 p)
               { return dot(p, normal) < level && dot(p, normal) > -6 && norm(p) < 21; });
      const Surface found = surface(of);
      double area = 0;
      double worst = 0;
      for (std::size_t n = 0; n < found.nodes.size(); ++n)
      {
        const double height = dot(found.points[n], normal);
        if (std::abs(height - level) > 1 || norm(found.points[n] - height * normal) > radius)
          continue;
        area += found.areas[n];
        worst = std::max(worst, angle(found.normals[n], normal));
      }
      CHECK(area == Approx(std::numbers::pi * radius * radius).epsilon(0.03));
      CHECK(worst < 10);
    }
}

TEST_CASE("the faces of a block aligned with the grid have their areas off the edges")
{
  const Vec3 spacing{1, 1.5, 0.8};
  const VoxelBody of = body(bodies::grid({20, 20, 30}, spacing), [](Vec3) { return true; });
  const Surface found = surface(of);
  int flat = 0;
  for (std::size_t n = 0; n < found.nodes.size(); ++n)
  {
    const NodeIndex node = found.nodes[n];
    if (node.k != 30 || std::min(node.i, 20 - node.i) < 4 || std::min(node.j, 20 - node.j) < 4)
      continue;
    CHECK(found.normals[n].z == Approx(1));
    CHECK(found.areas[n] == Approx(1 * 1.5));
    ++flat;
  }
  CHECK(flat == 13 * 13);
  // Every node of the border is there once: 21 x 21 x 31 less the inner ones.
  CHECK(found.nodes.size() == 21 * 21 * 31 - 19 * 19 * 29);
  CHECK(total(found.areas) ==
        Approx(2 * (20 * 30 + 20 * 24 + 30 * 24)).epsilon(0.05)); // edges are rounded off
}

TEST_CASE("normals and areas turn with the grid")
{
  const Place lump = [](Vec3 p) { return norm(p) < 7 || (p.x > 0 && std::hypot(p.y, p.z) < 2); };
  const image::Grid plain = bodies::grid({20, 20, 20});
  image::Grid turned = plain;
  const Mat3 rotation = geometry::rotation_about({3, -1, 2}, 1.1);
  turned.direction = rotation;
  turned.origin = rotation * plain.origin;
  const VoxelBody of = body(plain, lump);
  VoxelBody other = of;
  other.grid = turned;
  const Surface a = surface(of);
  const Surface b = surface(other);
  REQUIRE(a.nodes == b.nodes);
  CHECK(a.areas == b.areas);
  for (std::size_t n = 0; n < a.nodes.size(); ++n)
    REQUIRE(norm(b.normals[n] - rotation * a.normals[n]) < 1e-12);
}

TEST_CASE("the closed surface of any body has no resultant of its normals")
{
  const VoxelBody of = body(bodies::grid({40, 30, 30}),
                            [](Vec3 p)
                            {
                              return norm({p.x / 1.6, p.y, p.z}) < 10 ||
                                     (std::hypot(p.y, p.z - 4) < 4 && p.x > 0 && p.x < 18);
                            });
  const Surface found = surface(of);
  Vec3 sum;
  for (std::size_t n = 0; n < found.nodes.size(); ++n)
    sum += found.areas[n] * found.normals[n];
  CHECK(norm(sum) < 0.02 * total(found.areas));
}
