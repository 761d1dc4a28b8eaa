#include "mesh/from_surface_queries.hpp"
#include "mesh/meshing_result.hpp"
#include "unit/mesh/flat_bodies.hpp"

#include <catch2/catch.hpp>

using namespace calcar;
using namespace calcar::mesh;
using namespace calcar::mesh::test;
using Catch::Contains;
using Catch::WithinAbs;

namespace
{
TaggedSurface tagged(const geometry::TriangleSurface& surface)
{
  TaggedSurface made{surface.points, surface.triangles, {}};
  made.sides.assign(surface.triangles.size(), {});
  return made;
}

TaggedSurface box_at(const Vec3& at, double size)
{
  Prism prism = box_prism(size, size, size);
  prism.at = at;
  return tagged(surface_of(prism));
}

MeshedSolid off_by(double mm)
{
  MeshedSolid meshed;
  meshed.surface = SurfaceDistance{mm, 0.01, {1, 2, 3}};
  return meshed;
}
} // namespace

TEST_CASE("the distance of a surface from itself is nothing", "[from_surface][distance]")
{
  const SurfaceDistance distance = distance_between(box_at({1, 2, 3}, 10), box_at({1, 2, 3}, 10));
  CHECK_THAT(distance.most_mm, WithinAbs(0, 1e-12));
  CHECK_THAT(distance.mean_mm, WithinAbs(0, 1e-12));
}

TEST_CASE("the distance of boxes inside each other is that of their corners",
          "[from_surface][distance]")
{
  // Corners of the inner box lie 1 mm from the outer one's faces, and its corners the diagonal of a
  // cube of 1 mm from the inner one's: only the second way sees that.
  const TaggedSurface outer = box_at({0, 0, 0}, 10);
  const TaggedSurface inner = box_at({1, 1, 1}, 8);
  const SurfaceDistance inwards = distance_between(outer, inner);
  CHECK_THAT(inwards.most_mm, WithinAbs(std::sqrt(3.0), 1e-12));
  CHECK_THAT(inwards.mean_mm, WithinAbs(1, 1e-12));
  const SurfaceDistance outwards = distance_between(inner, outer);
  CHECK_THAT(outwards.most_mm, WithinAbs(std::sqrt(3.0), 1e-12));
  CHECK(outwards.mean_mm > 1);
}

TEST_CASE("a spike that a mesh lost is found from the given surface", "[from_surface][distance]")
{
  const TaggedSurface made = box_at({0, 0, 0}, 10);
  TaggedSurface given = made;
  const auto tip = static_cast<std::uint32_t>(given.points.size());
  given.points.push_back({5, 5, 17});
  const auto t = given.triangles.back();
  given.triangles.back() = {t[0], t[1], tip};
  const SurfaceDistance distance = distance_between(given, made);
  CHECK_THAT(distance.most_mm, WithinAbs(7, 1e-12));
  CHECK(distance.farthest == Vec3{5, 5, 17});
}

TEST_CASE("a mesh far off its surface is warned of, then refused", "[from_surface][distance]")
{
  MeshSizes sizes;
  sizes.surface_mm = 3;
  sizes.approximation_mm = 0.1;
  MeshedSolid near = off_by(0.29);
  judge_surface(near, sizes, "femur.stl");
  CHECK(near.warnings.empty());
  MeshedSolid off = off_by(0.31);
  judge_surface(off, sizes, "femur.stl");
  REQUIRE(off.warnings.size() == 1);
  CHECK(off.warnings[0].code == "surface_off");
  CHECK_THAT(off.warnings[0].text, Contains("0.31 mm off the given one at 1, 2, 3 mm"));
  MeshedSolid far = off_by(1.6);
  CHECK_THROWS_WITH(judge_surface(far, sizes, "femur.stl"),
                    Contains("femur.stl") && Contains("1.6 mm off") && Contains("at most 1.5 mm") &&
                        Contains("smaller surface_mm"));
}
