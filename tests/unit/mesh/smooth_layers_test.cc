#include "mesh/hexahedra.hpp"
#include "mesh/labels_of_mask.hpp"
#include "mesh/smooth_layers.hpp"
#include "refusal.hpp"
#include "small_meshes.hpp"
#include "unit/model/support.hpp"

#include <catch2/catch.hpp>

#include <numbers>
#include <set>

using namespace calcar;
using namespace calcar::mesh;
using namespace calcar::test;
using Catch::Contains;
using Catch::WithinAbs;
using Catch::WithinRel;

namespace
{
constexpr double pi = std::numbers::pi;

/// All between two heights along `up`.
geometry::Solid between(Vec3 up, double from, double to)
{
  return {[=](const Vec3& p) { return std::max(from - dot(p, up), dot(p, up) - to); }};
}

/// An upright cylinder of bone, 10 mm in radius and 20 mm high, in a turned scan of 1 mm, with a
/// disc of its own outline above and a wide cap below.
struct Column
{
  image::Mask mask;
  Vec3 up;
  load::Rig rig;
  LabelledSolid solid;

  explicit Column(double turn, double spacing = 1)
  {
    const int wide = static_cast<int>(26 / spacing);
    const image::Grid grid = bodies::grid({wide, wide, static_cast<int>(28 / spacing)},
                                          {spacing, spacing, spacing}, turn);
    up = {0, 0, 1};
    mask =
        bodies::mask(grid, [](Vec3 p) { return std::hypot(p.x, p.y) < 10 && std::abs(p.z) < 10; });
    rig.name = "press";
    rig.layers = {
        {"disc", "", "disc", between(up, 6, 15.3), up, 12},
        {"cap", "", "pmma_cap", geometry::cylinder({0, 0, -8}, {0, 0, -16}, 12.5), -up, 0}};
    const SmoothBody body = smooth_body(mask, {});
    solid.body = body.solid;
    solid.box = body.box;
    add_layers(solid, mask, rig);
  }
};

std::vector<std::uint8_t> nodes_of_region(const Mesh& mesh, std::size_t region)
{
  std::vector<std::uint8_t> in(mesh.points.size(), 0);
  for (std::size_t c = 0; c < mesh.cells(); ++c)
    if (mesh.region[c] == region)
      for (const std::uint32_t p : mesh.cell(c))
        in[p] = 1;
  return in;
}

double highest(const Mesh& mesh, std::size_t region, Vec3 up)
{
  const auto in = nodes_of_region(mesh, region);
  double highest = -1e9;
  for (std::size_t p = 0; p < in.size(); ++p)
    if (in[p])
      highest = std::max(highest, dot(mesh.points[p], up));
  return highest;
}

/// Area of the faces between two regions.
double interface_area(const Mesh& mesh, std::size_t a, std::size_t b)
{
  double area = 0;
  const auto faces = sorted_faces(mesh);
  for (std::size_t n = 1; n < faces.size(); ++n)
    if (faces[n].first == faces[n - 1].first)
    {
      const std::set<std::size_t> pair = {mesh.region[faces[n].second.cell],
                                          mesh.region[faces[n - 1].second.cell]};
      if (pair == std::set<std::size_t>{a, b})
        area += area_of(mesh, {faces[n].second});
    }
  return area;
}
} // namespace

TEST_CASE("layers of tetrahedra fill their zones beside the bone and share its surface", "[layers]")
{
  for (const double turn : {0.0, 0.7})
  {
    CAPTURE(turn);
    const Column column(turn);
    MeshSizes sizes;
    sizes.edge_mm = sizes.surface_mm = 2.5;
    const MeshedSolid meshed = make_tetrahedra(column.solid, sizes);
    REQUIRE(meshed.mesh.regions == std::vector<std::string>{"bone", "disc", "cap"});
    const double disc = pi * 100 * 5.3, cap = pi * (12.5 * 12.5 * 8 - 100 * 2);
    CHECK_THAT(meshed.regions[1].volume_mm3, WithinRel(disc, 0.03));
    CHECK_THAT(meshed.regions[2].volume_mm3, WithinRel(cap, 0.03));
    CHECK_THAT(meshed.regions[0].volume_mm3, WithinRel(pi * 2000, 0.03));
    // Faces of zones stay where they are, whatever the voxels.
    CHECK_THAT(highest(meshed.mesh, 1, column.up), WithinAbs(15.3, 0.15));
    CHECK_THAT(highest(meshed.mesh, 2, -column.up), WithinAbs(16, 0.15));
    // One conforming mesh: the disc lies on the whole upper end, the cap around the lower one too.
    CHECK_THAT(interface_area(meshed.mesh, 0, 1), WithinRel(pi * 100, 0.06));
    // The edge of the bone's end, which lies in the cap, is rounded.
    CHECK_THAT(interface_area(meshed.mesh, 0, 2), WithinRel(pi * 100 + 2 * pi * 10 * 2, 0.13));
    CHECK(interface_area(meshed.mesh, 1, 2) == 0);
    // Where three regions meet, a sliver may be left.
    CHECK(meshed.smallest_dihedral_deg > 3);
  }
}

TEST_CASE("a body with layers keeps its lesions, and its labels its order", "[layers]")
{
  Column column(0.3);
  column.solid.parts.push_back({"lesion", geometry::sphere({0, 0, 0}, 5)});
  CHECK(column.solid.label({0, 0, 0}) == 2);
  CHECK(column.solid.label({0, 0, 8}) == 1);
  CHECK(column.solid.label({0, 0, 13}) == 3);
  CHECK(column.solid.label({11, 0, 13}) == 0);
  CHECK(column.solid.label({11, 0, -12}) == 4);
  CHECK(column.solid.is_layer(3));
  CHECK_FALSE(column.solid.is_layer(2));
  MeshSizes sizes;
  sizes.edge_mm = sizes.surface_mm = 4;
  sizes.lesion_mm = 2;
  const MeshedSolid meshed = make_tetrahedra(column.solid, sizes);
  CHECK(meshed.mesh.regions == std::vector<std::string>{"bone", "lesion", "disc", "cap"});
  CHECK_THAT(meshed.regions[1].volume_mm3, WithinRel(4.0 / 3 * pi * 125, 0.05));
}

TEST_CASE("a layer on a rounded edge ends with a blunt rim", "[layers]")
{
  // A ball under a disc as wide as itself: where the bone's side is upright, the disc would thin
  // out to nothing.
  const image::Mask mask =
      bodies::mask(bodies::grid({28, 28, 30}), [](Vec3 p) { return norm(p) < 11; });
  const SmoothBody body = smooth_body(mask, {});
  LabelledSolid solid;
  solid.body = body.solid;
  solid.box = body.box;
  load::Rig rig;
  rig.layers = {{"disc", "", "disc", between({0, 0, 1}, -2, 14), {0, 0, 1}, 12}};
  add_layers(solid, mask, rig);
  MeshSizes sizes;
  sizes.edge_mm = sizes.surface_mm = 3;
  const MeshedSolid meshed = make_tetrahedra(solid, sizes);
  CHECK(meshed.smallest_dihedral_deg > 5);
  CHECK(meshed.warnings.empty());
  const double ball_above = 2.0 / 3 * pi * 11 * 11 * 11;
  CHECK_THAT(meshed.regions[1].volume_mm3, WithinRel(pi * 121 * 14 - ball_above, 0.05));
}

TEST_CASE("a layer that does not touch the bone is refused, as on voxels", "[layers]")
{
  Column column(0);
  load::Rig far;
  far.name = "far";
  far.layers = {{"pad", "", "disc", geometry::sphere({0, 0, 40}, 5), {0, 0, 1}, 0}};
  const std::string said =
      refusal_of([&] { add_layers(column.solid, column.mask, far); }, Fault::data);
  CHECK_THAT(said, Contains("layer \"pad\" of rig \"far\"") && Contains("touches the bone"));
}

TEST_CASE("hexahedra of a bone with layers are its voxels and those of the layers", "[layers]")
{
  const Column column(0.4, 2);
  model::VoxelModel bone;
  bone.body = bodies::body(column.mask.grid,
                           [&](Vec3 p) { return std::hypot(p.x, p.y) < 10 && std::abs(p.z) < 10; });
  const std::size_t voxels = bone.body.voxels.size();
  bone.tissue.assign(voxels, model::TissueKind::bone);
  for (auto* values : {&bone.ash, &bone.compressive_strength, &bone.tensile_strength})
    values->assign(voxels, 1);
  const auto layers = model::layer_voxels(bone.body, column.rig);
  const Mesh mesh = hexahedra_of(bone, layers);
  CHECK(mesh.regions == std::vector<std::string>{"bone", "disc", "cap"});
  REQUIRE(mesh.cells() == voxels + layers.voxels.size());
  CHECK(std::count(mesh.region.begin(), mesh.region.end(), 0) == static_cast<long>(voxels));
  for (std::size_t layer = 0; layer < 2; ++layer)
    CHECK(std::count(mesh.region.begin(), mesh.region.end(), layer + 1) ==
          std::count(layers.layer.begin(), layers.layer.end(), layer));
  for (std::size_t c = 0; c < mesh.cells(); ++c)
    if (mesh.region[c] > 0) // the disc is above, the cap below
      REQUIRE((centre(mesh, c).z > 0) == (mesh.region[c] == 1));
}
