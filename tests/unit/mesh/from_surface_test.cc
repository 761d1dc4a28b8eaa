#include "geometry/read_surface.hpp"
#include "mesh/from_surface.hpp"
#include "mesh/hexahedra.hpp"
#include "small_meshes.hpp"
#include "unit/geometry/closed_surfaces.hpp"
#include "unit/mesh/meshing_support.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <filesystem>
#include <iostream>
#include <map>
#include <numbers>

using namespace calcar;
using namespace calcar::mesh;
using namespace calcar::test;
using Catch::WithinAbs;
using Catch::WithinRel;
using geometry::test::box_surface;
using geometry::test::mirrored;
using geometry::test::together;

namespace
{
constexpr double pi = std::numbers::pi;
using Surface = geometry::TriangleSurface;

/// A ball of `rings` x 2 rings triangles.
Surface ball_surface(Vec3 centre, double radius, int rings)
{
  Surface surface;
  const int around = 2 * rings;
  surface.points.push_back(centre + Vec3{0, 0, radius});
  for (int r = 1; r < rings; ++r)
    for (int a = 0; a < around; ++a)
    {
      const double polar = pi * r / rings, turn = 2 * pi * a / around;
      surface.points.push_back(centre + radius * Vec3{std::sin(polar) * std::cos(turn),
                                                      std::sin(polar) * std::sin(turn),
                                                      std::cos(polar)});
    }
  surface.points.push_back(centre - Vec3{0, 0, radius});
  const auto last = static_cast<std::uint32_t>(surface.points.size()) - 1;
  const auto at = [&](int r, int a)
  { return static_cast<std::uint32_t>(1 + (r - 1) * around + a % around); };
  for (int a = 0; a < around; ++a)
  {
    surface.triangles.push_back({0, at(1, a), at(1, a + 1)});
    for (int r = 1; r + 1 < rings; ++r)
    {
      surface.triangles.push_back({at(r, a), at(r + 1, a), at(r + 1, a + 1)});
      surface.triangles.push_back({at(r, a), at(r + 1, a + 1), at(r, a + 1)});
    }
    surface.triangles.push_back({last, at(rings - 1, a + 1), at(rings - 1, a)});
  }
  return surface;
}

double volume_of(const Surface& surface)
{
  double sum = 0;
  for (const auto& t : surface.triangles)
    sum += dot(surface.points[t[0]], cross(surface.points[t[1]], surface.points[t[2]])) / 6;
  return sum;
}
} // namespace

TEST_CASE("a box keeps its edges, corners and volume", "[from_surface]")
{
  const MeshedSolid meshed = make_tetrahedra(box_surface({20, 10, 6}), sizes_of(2), "block");
  CHECK(meshed.mesh.regions == std::vector<std::string>{"block"});
  // Faces are flat and edges straight; a few flat cells along edges may be missing.
  CHECK_THAT(total_volume(meshed.mesh), WithinRel(1200, 2e-3));
  for (const Vec3& corner : box_surface({20, 10, 6}).points)
    CHECK(std::any_of(meshed.mesh.points.begin(), meshed.mesh.points.end(),
                      [&](const Vec3& p) { return norm(p - corner) < 1e-9; }));
  CHECK(meshed.smallest_dihedral_deg > 8);
  CHECK_THAT(meshed.mean_edge_mm, WithinRel(2, 0.15));
}

TEST_CASE("a ball of triangles keeps its volume, and its mesh is the same each time",
          "[from_surface]")
{
  const Surface surface = ball_surface({5, 6, 7}, 20, 40);
  const MeshedSolid first = make_tetrahedra(surface, sizes_of(3));
  CHECK_THAT(total_volume(first.mesh), WithinRel(volume_of(surface), 0.015));
  CHECK(first.regions[0].expected_mm3 == Approx(volume_of(surface)));
  CHECK(first.smallest_dihedral_deg > 8);
  CHECK(first.warnings.empty());
  const MeshedSolid second = make_tetrahedra(surface, sizes_of(3));
  CHECK((first.mesh.points == second.mesh.points));
  CHECK((first.mesh.corners == second.mesh.corners));
}

TEST_CASE("a cavity stays empty and parts apart are both meshed", "[from_surface]")
{
  const Surface hollow =
      together(box_surface({20, 20, 20}), mirrored(ball_surface({10, 10, 10}, 5, 24)));
  const MeshedSolid one = make_tetrahedra(hollow, sizes_of(2.5));
  CHECK_THAT(total_volume(one.mesh), WithinRel(volume_of(hollow), 0.01));
  for (std::size_t c = 0; c < one.mesh.cells(); ++c)
    CHECK(norm(centre(one.mesh, c) - Vec3{10, 10, 10}) > 4.5);

  const Surface two = together(box_surface({10, 10, 10}), box_surface({5, 5, 5}, {30, 0, 0}));
  const MeshedSolid apart = make_tetrahedra(two, sizes_of(2.5));
  CHECK_THAT(total_volume(apart.mesh), WithinRel(1125, 2e-3));
  REQUIRE(apart.warnings.size() == 1);
  CHECK(apart.warnings[0].code == "pieces");
}

TEST_CASE("surfaces that enclose nothing are refused with the place", "[from_surface]")
{
  SECTION("open")
  {
    Surface surface = box_surface({10, 10, 10});
    surface.triangles.pop_back();
    check_refused([&] { make_tetrahedra(surface, sizes_of(2)); },
                  {"the surface is open at", "close its holes"});
  }
  SECTION("inside out")
  {
    check_refused(
        [&] {
          make_tetrahedra(mirrored(box_surface({10, 10, 10})), sizes_of(2));
        },
        {"encloses -1000 mm3", "face inwards"});
  }
  SECTION("two boxes through one another")
  {
    const Surface surface =
        together(box_surface({10, 10, 10}), box_surface({10, 10, 10}, {5, 5.5, 6}));
    check_refused([&] { make_tetrahedra(surface, sizes_of(2)); },
                  {"the surface cuts itself", "pairs of triangles", "repair it there"});
  }
  SECTION("a fold: a corner pushed through the opposite side")
  {
    Surface surface = ball_surface({0, 0, 0}, 10, 12);
    surface.points[0].z = -20;
    check_refused([&] { make_tetrahedra(surface, sizes_of(2)); }, {"the surface cuts itself"});
  }
  SECTION("empty")
  {
    check_refused([&] { make_tetrahedra(Surface{}, sizes_of(2)); }, {"no triangles"});
  }
  SECTION("too fine")
  {
    check_refused(
        [&] {
          make_tetrahedra(box_surface({400, 400, 400}), sizes_of(1));
        },
        {"would give about", "times as long"});
  }
}

TEST_CASE("remeshing mends bad cells and keeps volume, surface and degree",
          "[from_surface][remesh]")
{
  // A ball whose inner points are moved at random: cells inverted and flat, the surface good.
  LabelledSolid solid;
  solid.body = geometry::sphere({0, 0, 0}, 15);
  solid.box = {{-15, -15, -15}, {15, 15, 15}};
  Mesh bad = make_tetrahedra(solid, sizes_of(3)).mesh;
  bad.degree = 2;
  bad.face_sets = {{"some", {{0, 0}}}};
  std::uint32_t state = 1;
  const auto random = [&] { return (state = state * 1664525U + 1013904223U) / 4294967296.0 - 0.5; };
  for (Vec3& p : bad.points)
    if (norm(p) < 9)
      p += 5 * Vec3{random(), random(), random()};
  double least = 1;
  for (std::size_t c = 0; c < bad.cells(); ++c)
    least = std::min(least, volume(bad, c));
  REQUIRE(least < 0);
  const MeshedSolid good = remesh(bad, sizes_of(3));
  CHECK(good.smallest_dihedral_deg > 8);
  CHECK(good.mesh.degree == 2);
  CHECK(good.mesh.regions == bad.regions);
  // Moving inner points leaves the sum of volumes as it is.
  CHECK_THAT(total_volume(good.mesh), WithinRel(total_volume(bad), 0.02));
  REQUIRE(good.warnings.size() == 1);
  CHECK(good.warnings[0].code == "sets_lost");
}

TEST_CASE("remeshing keeps regions and their interface, flat cuts and rims",
          "[from_surface][remesh]")
{
  LabelledSolid solid;
  solid.body = geometry::capsule({0, 0, -60}, {0, 0, 60}, 12);
  solid.box = {{-12, -12, -25}, {12, 12, 25}};
  solid.cuts = {{"low", {0, 0, -20}, {0, 0, -1}}, {"high", {0, 0, 20}, {0, 0, 1}}};
  solid.parts = {{"lesion", geometry::sphere({2, 0, 0}, 7)}};
  const Mesh mesh = make_tetrahedra(solid, sizes_of(2)).mesh;
  const MeshedSolid again = remesh(mesh, sizes_of(2.5));
  CHECK(again.mesh.regions == mesh.regions);
  for (std::size_t r = 0; r < 2; ++r)
  {
    double before = 0;
    for (std::size_t c = 0; c < mesh.cells(); ++c)
      before += mesh.region[c] == r ? volume(mesh, c) : 0;
    CHECK(again.regions[r].expected_mm3 == Approx(before));
    CHECK_THAT(again.regions[r].volume_mm3, WithinRel(before, 0.02));
  }
  const Box extent = box(again.mesh);
  CHECK_THAT(extent.low.z, WithinAbs(-20, 1e-9));
  CHECK_THAT(extent.high.z, WithinAbs(20, 1e-9));
  double top = 0;
  for (const FaceOfCell& face : boundary_faces(again.mesh))
  {
    const auto c = face_corners(again.mesh, face);
    const auto& p = again.mesh.points;
    if (p[c[0]].z > 20 - 1e-9 && p[c[1]].z > 20 - 1e-9 && p[c[2]].z > 20 - 1e-9)
      top += 0.5 * norm(cross(p[c[1]] - p[c[0]], p[c[2]] - p[c[0]]));
  }
  CHECK_THAT(top, WithinRel(pi * 144, 0.03));
}

TEST_CASE("hexahedra are not remeshed", "[from_surface][remesh]")
{
  model::VoxelBody voxels;
  voxels.grid.size = {1, 1, 1};
  voxels.voxels = {0};
  check_refused([&] { remesh(hexahedra_of(voxels), sizes_of(2)); },
                {"hexahedra", "allowed: tetrahedra"});
}

TEST_CASE("real surfaces are meshed with their volume", "[from_surface][real]")
{
  const std::filesystem::path folder = std::filesystem::path(CALCAR_REAL_DATA) / "surfaces";
  if (!std::filesystem::exists(folder))
  {
    WARN("no real data: skipped");
    return;
  }
  for (const char* name : {"femur_whole_mm.stl", "lumbar_vertebra_mm.stl"})
  {
    const Surface surface = geometry::read_surface(folder / name).surface;
    MeshSizes sizes;
    sizes.approximation_mm = 0.3;
    const MeshedSolid meshed = make_tetrahedra(surface, sizes);
    INFO(name << ": " << meshed.mesh.cells() << " cells in " << meshed.seconds << " s");
    CHECK_THAT(total_volume(meshed.mesh), WithinRel(volume_of(surface), 0.01));
    // Sharp edges that are kept cost a few flat cells; none is a sliver (5 degrees).
    CHECK(meshed.smallest_dihedral_deg > 5);
    CHECK(meshed.warnings.empty());
  }
}
