#include "mesh/mesh_model.hpp"
#include "mesh/sample_points.hpp"
#include "small_meshes.hpp"
#include "unit/model/support.hpp"

#include <catch2/catch.hpp>

#include <numbers>
#include <set>

using namespace calcar;
using namespace calcar::mesh;
using namespace calcar::test;
using Catch::Contains;

namespace
{
/// A scan of 20 x 20 x 20 voxels of 1 mm about the origin, all bone of one density.
struct Scan
{
  image::Grid grid = bodies::grid({20, 20, 20}, {1, 1, 1}, 0.4);
  image::Mask mask = bodies::mask(grid, [](Vec3) { return true; });
  image::Volume density = bodies::volume(grid, [](Vec3) { return 0.5; });

  MeshModel mapped(Mesh mesh, std::vector<lesion::PlacedLesion> lesions = {},
                   const MappingOptions& options = {}) const
  {
    const model::MaterialField field({density, mask, bodies::rizzoli(), std::move(lesions)});
    return map_materials(std::move(mesh), field, options);
  }
};

Mesh block(CellShape shape, int n = 4, double half = 5)
{
  return brick(shape, {n, n, n}, {-half, -half, -half}, {half, half, half});
}
} // namespace

TEST_CASE("sample points add up to the cell and are as near as asked")
{
  for (const CellShape shape : {CellShape::tetrahedron, CellShape::hexahedron})
  {
    Mesh mesh = block(shape, 1, 2);
    mesh.points[0] = {-2.5, -2.2, -1.9};
    for (const double spacing : {10.0, 2.0, 0.7, 0.01})
      for (std::size_t c = 0; c < mesh.cells(); ++c)
      {
        double sum = 0;
        Vec3 moment;
        for (const SamplePoint& sample : sample_points(mesh, c, spacing))
        {
          CHECK(sample.volume > 0);
          sum += sample.volume;
          moment += sample.volume * sample.point;
        }
        // Midpoints do not integrate a distorted hexahedron's Jacobian exactly.
        const double slack = shape == CellShape::tetrahedron ? 1e-12 : 0.02;
        CHECK(sum == Approx(volume(mesh, c)).epsilon(slack));
        if (shape == CellShape::tetrahedron)
          CHECK(norm(moment / sum - centre(mesh, c)) < 1e-12);
      }
    CHECK(sample_points(mesh, 0, 100).size() == 1);
    CHECK(sample_points(mesh, 0, 1e-6).size() == 512);
  }
}

TEST_CASE("bone of one density has its modulus everywhere, on any mesh")
{
  const Scan scan;
  for (const CellShape shape : {CellShape::tetrahedron, CellShape::hexahedron})
  {
    const MeshModel model = scan.mapped(block(shape));
    CHECK(model.volume_mm3 == Approx(1000));
    for (std::size_t c = 0; c < model.mesh.cells(); ++c)
    {
      CHECK(model.youngs[c] == Approx(bodies::rizzoli_youngs(0.5)).epsilon(1e-5));
      CHECK(model.ash[c] == Approx(bodies::rizzoli_ash(0.5)).epsilon(1e-5));
      CHECK(model.tissue[c] == model::TissueKind::bone);
      CHECK(model.volume[c] == Approx(volume(model.mesh, c)));
    }
    CHECK(model.outside_mask == 0);
    std::set<std::uint32_t> outer;
    for (const FaceOfCell& face : model.surface)
      outer.insert(face.cell);
    const std::size_t inner = model.mesh.cells() - outer.size();
    CHECK(inner > 0);
    if (shape == CellShape::hexahedron)
      CHECK(inner == 8);
  }
}

TEST_CASE("E is averaged over a cell, not taken of its mean density")
{
  Scan scan;
  // Layers of 1 mm, light and dense: the mean density is 0.5, the mean modulus higher.
  scan.density =
      bodies::volume(scan.grid, [&](Vec3 p)
                     { return int(std::floor(scan.grid.index(p).z + 0.5)) % 2 ? 0.2 : 0.8; });
  MappingOptions options;
  options.sample_mm = 0.2;
  const MeshModel model = scan.mapped(block(CellShape::hexahedron, 2, 6), {}, options);
  // The density is interpolated between the layers: linear from 0.2 to 0.8 and back.
  double mean = 0;
  constexpr int steps = 1000;
  for (int n = 0; n < steps; ++n)
    mean += bodies::rizzoli_youngs(0.2 + 0.6 * (n + 0.5) / steps) / steps;
  for (std::size_t c = 0; c < model.mesh.cells(); ++c)
    CHECK(model.youngs[c] == Approx(mean).epsilon(0.02));
  CHECK(mean > 1.03 * bodies::rizzoli_youngs(0.5));
}

TEST_CASE("a lesion fills the cells it holds and its volume is counted")
{
  const Scan scan;
  const double radius = 3.2;
  const MeshModel model = scan.mapped(block(CellShape::tetrahedron, 10),
                                      {bodies::sphere_lesion({0.3, 0.2, -0.1}, radius)});
  REQUIRE(model.lesion_volume_mm3.size() == 1);
  CHECK(model.lesion_volume_mm3[0] ==
        Approx(4.0 / 3 * std::numbers::pi * std::pow(radius, 3)).epsilon(0.01));
  int tumour = 0;
  for (std::size_t c = 0; c < model.mesh.cells(); ++c)
  {
    const double distance = norm(model.centre[c] - Vec3{0.3, 0.2, -0.1});
    if (distance < radius - 1)
      CHECK(model.tissue[c] == model::TissueKind::tumour);
    if (distance > radius + 1)
      CHECK(model.tissue[c] == model::TissueKind::bone);
    tumour += model.tissue[c] == model::TissueKind::tumour;
  }
  CHECK(tumour > 0);
}

TEST_CASE("cells that stick out of the mask get the density of its nearest voxel")
{
  Scan scan;
  scan.grid = bodies::grid({20, 20, 20});
  // Bone up to x = 4 (voxel centres up to 3.5); its outermost layer is half air, beyond is air.
  scan.mask = bodies::mask(scan.grid, [](Vec3 p) { return p.x < 4; });
  scan.density =
      bodies::volume(scan.grid, [](Vec3 p) { return p.x < 3   ? 0.6
                                                    : p.x < 4 ? 0.3
                                                              : 0.0; });
  const Mesh mesh = brick(CellShape::hexahedron, {1, 1, 1}, {4.2, -1, -1}, {5.2, 1, 1});
  const MeshModel nearest = scan.mapped(mesh);
  CHECK(nearest.youngs[0] == Approx(bodies::rizzoli_youngs(0.3)).epsilon(1e-5));
  CHECK(nearest.outside_mask == Approx(1));
  MappingOptions options;
  options.surface = SurfaceDensity::eroded;
  CHECK(scan.mapped(mesh, {}, options).youngs[0] ==
        Approx(bodies::rizzoli_youngs(0.6)).epsilon(1e-5));
  // Also within the outermost layer itself, but not below it.
  const Mesh rim = brick(CellShape::hexahedron, {1, 1, 1}, {3.1, -1, -1}, {3.9, 1, 1});
  CHECK(scan.mapped(rim, {}, options).youngs[0] ==
        Approx(bodies::rizzoli_youngs(0.6)).epsilon(1e-5));
  CHECK(scan.mapped(rim).youngs[0] < 0.6 * bodies::rizzoli_youngs(0.6));
  const Mesh below = brick(CellShape::hexahedron, {1, 1, 1}, {0.1, -1, -1}, {1.9, 1, 1});
  CHECK(scan.mapped(below, {}, options).youngs[0] == scan.mapped(below).youngs[0]);
}

TEST_CASE("the properties at points asked for are those of the place itself")
{
  Scan scan;
  scan.density = bodies::volume(scan.grid, [](Vec3 p) { return 0.5 + 0.02 * p.x; });
  MappingOptions options;
  options.points = {{0.3, 0.1, 0.2}, {2, -3, 1}};
  const MeshModel model = scan.mapped(block(CellShape::tetrahedron), {}, options);
  REQUIRE(model.point_youngs.size() == 2);
  CHECK(model.point_youngs[0] == Approx(bodies::rizzoli_youngs(0.506)).epsilon(1e-5));
  CHECK(model.point_youngs[1] == Approx(bodies::rizzoli_youngs(0.54)).epsilon(1e-5));
}

TEST_CASE("a mesh that is not in the scan's place is refused in words")
{
  Scan scan;
  scan.mask = bodies::mask(scan.grid, [&](Vec3 p) { return norm(p) < 8; });
  Mesh mesh = block(CellShape::tetrahedron);
  for (Vec3& p : mesh.points)
    p.x += 9;
  MappingOptions options;
  options.place = "case.toml:12 [mesh]";
  CHECK_THROWS_WITH(scan.mapped(mesh, {}, options), Contains("case.toml:12 [mesh]") &&
                                                        Contains("3 mm outside the bone's mask") &&
                                                        Contains("check the mesh's unit and axes"));
  scan.mask = bodies::mask(scan.grid, [&](Vec3 p) { return std::abs(p.x) < 0.8; });
  options.surface = SurfaceDensity::eroded;
  CHECK_THROWS_WITH(scan.mapped(block(CellShape::tetrahedron), {}, options),
                    Contains("too thin for surface = \"eroded\""));
}

TEST_CASE("cells of a layer have its tissue whatever the scan shows, and count as no bone")
{
  const Scan scan;
  for (const CellShape shape : {CellShape::tetrahedron, CellShape::hexahedron})
    for (const SurfaceDensity surface : {SurfaceDensity::nearest, SurfaceDensity::eroded})
    {
      // Bone inside the scan, and a layer above it that leaves the scan.
      Mesh mesh = brick(shape, {2, 2, 8}, {-4, -4, -4}, {4, 4, 28});
      mesh.regions = {"bone", "disc"};
      for (std::size_t c = 0; c < mesh.cells(); ++c)
        mesh.region[c] = centre(mesh, c).z > 4 ? 1 : 0;
      MappingOptions options;
      options.surface = surface;
      options.layers = {{1, material::tissue("disc", "")}};
      for (std::size_t c = 0; c < mesh.cells(); ++c)
        options.points.insert(options.points.end(), 3, centre(mesh, c));
      const MeshModel model = scan.mapped(mesh, {bodies::sphere_lesion({0, 0, 5}, 3)}, options);
      const double bone = bodies::rizzoli_youngs(0.5);
      for (std::size_t c = 0; c < mesh.cells(); ++c)
      {
        const bool disc = mesh.region[c] == 1;
        CHECK((model.tissue[c] == model::TissueKind::layer) == disc);
        CHECK((model.ash[c] == 0) == disc);
        CHECK((model.compressive_strength[c] == 0) == disc);
        for (std::size_t n = 3 * c; disc && n < 3 * c + 3; ++n)
          CHECK((model.point_youngs[n] == 10 && model.point_poisson[n] == 0.45));
        if (disc)
          CHECK((model.youngs[c] == 10 && model.poisson[c] == 0.45F));
        else
          CHECK(double(model.youngs[c]) <= Approx(bone)); // less where the lesion reaches in
      }
      CHECK(model.volume_mm3 == Approx(8 * 8 * 8));
      CHECK(model.layer_volume_mm3.at(0) == Approx(8 * 8 * 24));
      CHECK(model.outside_mask == 0);
      CHECK(model.lesion_volume_mm3.at(0) < 0.5 * 4.19 * 27); // what of it is in the bone
      // The bone's surface goes on beneath the disc.
      double area = 0;
      for (const FaceOfCell& face : model.surface)
      {
        CHECK(mesh.region[face.cell] == 0);
        area += area_of(mesh, {face}) * (shape == CellShape::hexahedron ? 2 : 1);
      }
      CHECK(area == Approx(6 * 8 * 8));
    }
}
