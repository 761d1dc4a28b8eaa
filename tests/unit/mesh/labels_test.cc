#include "image/mask.hpp"
#include "image/read.hpp"
#include "mesh/labels_of_mask.hpp"
#include "mesh/tetrahedra.hpp"
#include "small_meshes.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <filesystem>
#include <functional>
#include <iostream>
#include <numbers>

using namespace calcar;
using namespace calcar::mesh;
using namespace calcar::test;
using Catch::WithinAbs;
using Catch::WithinRel;

namespace
{
constexpr double pi = std::numbers::pi;

/// A mask of the voxels whose centres a function holds, in a turned grid.
image::Mask mask_of(const std::function<bool(const Vec3&)>& inside, std::array<int, 3> size,
                    Vec3 spacing, double turn = 0)
{
  image::Mask mask;
  mask.grid.size = size;
  mask.grid.spacing = spacing;
  const double c = std::cos(turn), s = std::sin(turn);
  mask.grid.direction = {Vec3{c, 0, s}, Vec3{0, 1, 0}, Vec3{-s, 0, c}};
  const Vec3 middle{0.5 * (size[0] - 1), 0.5 * (size[1] - 1), 0.5 * (size[2] - 1)};
  mask.grid.origin = -1.0 * mask.grid.point(middle);
  for (int k = 0; k < size[2]; ++k)
    for (int j = 0; j < size[1]; ++j)
      for (int i = 0; i < size[0]; ++i)
        mask.values.push_back(inside(mask.grid.point({double(i), double(j), double(k)})) ? 1 : 0);
  return mask;
}

double volume_mm3(const image::Mask& mask)
{
  return static_cast<double>(image::count(mask)) * mask.grid.voxel_volume();
}

LabelledSolid solid_of(const image::Mask& mask, const std::vector<CutPlane>& cuts)
{
  const SmoothBody body = smooth_body(mask, cuts);
  LabelledSolid solid;
  solid.body = body.solid;
  solid.box = body.box;
  solid.cuts = cuts;
  return solid;
}
} // namespace

TEST_CASE("a mask of a ball becomes a ball without the staircase of its voxels", "[labels]")
{
  const image::Mask mask =
      mask_of([](const Vec3& p) { return norm(p) < 12; }, {40, 34, 22}, {0.8, 1, 1.6}, 0.3);
  const SmoothBody body = smooth_body(mask, {});
  CHECK(body.warnings.empty());
  CHECK(body.moved_share < 0.05);
  // How far its surface is from the centre, over many directions: a staircase would scatter by half
  // a voxel.
  double mean = 0;
  double square = 0;
  const int rays = 500;
  for (int n = 0; n < rays; ++n)
  {
    const double z = 2 * (n + 0.5) / rays - 1, turn = 2.399963 * n, r = std::sqrt(1 - z * z);
    const Vec3 direction{r * std::cos(turn), r * std::sin(turn), z};
    double low = 5, high = 20;
    while (high - low > 1e-6)
      (body.solid.contains(0.5 * (low + high) * direction) ? low : high) = 0.5 * (low + high);
    mean += low / rays;
    square += low * low / rays;
  }
  CHECK_THAT(mean, WithinAbs(12, 0.1));
  CHECK(std::sqrt(square - mean * mean) < 0.12);
  const MeshedSolid meshed = make_tetrahedra(solid_of(mask, {}), {});
  CHECK_THAT(meshed.regions[0].volume_mm3, WithinRel(volume_mm3(mask), 0.015));
}

TEST_CASE("flat ends of a mask, on the border and inside, are found and stay flat", "[labels]")
{
  // A cylinder cut off by the border below and, three voxels inside the image, above.
  const image::Mask mask = mask_of(
      [](const Vec3& p) { return std::hypot(p.x, p.y) < 10 && p.z < 17; }, {30, 30, 42}, {1, 1, 1});
  const std::vector<CutPlane> cuts = flat_cuts(mask);
  REQUIRE(cuts.size() == 2);
  std::vector<double> heights = {cuts[0].point.z, cuts[1].point.z};
  std::sort(heights.begin(), heights.end());
  CHECK_THAT(heights[0], WithinAbs(-21, 1e-9));
  CHECK_THAT(heights[1], WithinAbs(17, 1e-9));
  for (const CutPlane& cut : cuts)
    CHECK_THAT(cut.normal.z, WithinAbs(cut.point.z < 0 ? -1 : 1, 1e-12));
  const MeshedSolid meshed = make_tetrahedra(solid_of(mask, cuts), {});
  const Box extent = box(meshed.mesh);
  CHECK_THAT(extent.low.z, WithinAbs(-21, 1e-9));
  CHECK_THAT(extent.high.z, WithinAbs(17, 1e-9));
  CHECK_THAT(meshed.regions[0].volume_mm3, WithinRel(volume_mm3(mask), 0.015));
  // The rim is not rounded off: the end is the whole disc.
  for (const FaceSet& set : meshed.mesh.face_sets)
    CHECK_THAT(area_of(meshed.mesh, set.faces), WithinRel(pi * 100, 0.03));
}

TEST_CASE("rounded ends are no cuts, and a plane that meets a larger one is left out", "[labels]")
{
  CHECK(flat_cuts(mask_of([](const Vec3& p) { return norm(p) < 10; }, {30, 30, 30}, {1, 1, 1}))
            .empty());
  // A block in the corner of the image: three borders are touched, and they meet.
  const auto cuts = flat_cuts(mask_of([](const Vec3& p) { return p.x < 5 && p.y < 3 && p.z < 0; },
                                      {30, 30, 30}, {1, 1, 1}));
  REQUIRE(cuts.size() >= 1);
  for (std::size_t a = 0; a < cuts.size(); ++a)
    for (std::size_t b = 0; b < a; ++b)
      CHECK(std::abs(dot(cuts[a].normal, cuts[b].normal)) > 0.99);
}

TEST_CASE("an oblique cut is found to a tenth of a voxel and a degree", "[labels]")
{
  const Vec3 normal = normalized({0.25, -0.15, -1});
  const Vec3 on_plane{0, 0, -12};
  const image::Mask mask = mask_of(
      [&](const Vec3& p) { return std::hypot(p.x, p.y) < 13 && dot(p - on_plane, normal) < 0; },
      {34, 34, 40}, {1, 1, 1});
  const auto cut = oblique_cut(mask, {0, 0, -12}, {0, 0, -1});
  REQUIRE(cut);
  CHECK(std::acos(dot(cut->normal, normal)) < pi / 180);
  CHECK(std::abs(dot(cut->point - on_plane, normal)) < 0.1);
  const MeshedSolid meshed = make_tetrahedra(solid_of(mask, {*cut}), {});
  double off = 0;
  for (const FaceOfCell& face : meshed.mesh.face_sets[0].faces)
    for (const std::uint32_t p : face_corners(meshed.mesh, face))
      off = std::max(off, std::abs(dot(meshed.mesh.points[p] - cut->point, cut->normal)));
  CHECK(off < 1e-9);
  CHECK(!meshed.mesh.face_sets[0].faces.empty());
  // A rounded end is no plane.
  const image::Mask round =
      mask_of([](const Vec3& p) { return norm(p) < 11; }, {30, 30, 30}, {1, 1, 1});
  CHECK(!oblique_cut(round, {0, 0, -11}, {0, 0, -1}));
}

TEST_CASE("a real femur is meshed from its labels with its volume", "[labels][real]")
{
  const std::filesystem::path file =
      std::filesystem::path(CALCAR_REAL_DATA) / "femur_proximal_qct" / "labels.nii.gz";
  if (!std::filesystem::exists(file))
  {
    WARN("no real data: skipped");
    return;
  }
  const image::Mask mask =
      image::fill_holes(image::keep_largest(image::extract(image::read_labels(file).image, 2)).mask)
          .mask;
  const std::vector<CutPlane> cuts = flat_cuts(mask);
  REQUIRE(cuts.size() == 1);
  const MeshedSolid meshed = make_tetrahedra(solid_of(mask, cuts), {});
  CHECK_THAT(meshed.regions[0].volume_mm3, WithinRel(volume_mm3(mask), 0.02));
  CHECK(meshed.smallest_dihedral_deg > 8);
  CHECK(meshed.warnings.empty());
  INFO(meshed.mesh.cells() << " cells in " << meshed.seconds << " s");
  CHECK(meshed.mesh.cells() > 20000);
}
