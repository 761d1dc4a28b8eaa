#include "model/material_field.hpp"
#include "unit/material/scratch_file.hpp"
#include "unit/model/support.hpp"

#include <catch2/catch.hpp>

using namespace calcar;
using namespace calcar::model;
using namespace bodies;
using Catch::Contains;

namespace
{
bool everywhere(Vec3)
{
  return true;
}

/// A half space x < 0.5 mm of density 0.4 g/cm^3 on a grid of 1 mm.
struct HalfSpace
{
  image::Grid grid = bodies::grid({9, 5, 5});
  image::Mask mask = bodies::mask(grid, [](Vec3 p) { return p.x < 0.5; });
  image::Volume density = volume(grid, [](Vec3) { return 0.4; });
};
} // namespace

TEST_CASE("a point is inside where the interpolated mask is at least a half")
{
  const HalfSpace half;
  const MaterialField field({half.density, half.mask, rizzoli()});
  // Voxel centres at x = 0 (inside) and x = 1 (outside): the border lies half way.
  CHECK(field.at({0, 0, 0}));
  CHECK(field.at({0.49, 0.3, 0.2}));
  CHECK_FALSE(field.at({0.51, 0.3, 0.2}));
  CHECK_FALSE(field.at({1, 0, 0}));
}

TEST_CASE("a point exactly on the border is inside, however the image lies")
{
  for (const double turn : {0.0, 0.3, 0.9, 2.2})
  {
    const image::Grid grid = bodies::grid({9, 9, 9}, {0.7, 0.7, 0.7}, turn);
    image::Mask mask = bodies::mask(grid, [](Vec3) { return false; });
    for (int k = 0; k < 9; ++k)
      for (int j = 0; j < 9; ++j)
        for (int i = 3; i < 6; ++i)
          mask.at(i, j, k) = 1;
    const image::Volume density = volume(grid, [](Vec3) { return 0.4; });
    const MaterialField field({density, mask, rizzoli()});
    int inside = 0;
    for (int k = 1; k < 8; ++k)
      for (int j = 1; j < 8; ++j)
        for (const double i : {2.5, 5.5})
          inside += field.at(grid.point({i, j + 0.3, k - 0.2})).has_value();
    CHECK(inside == 2 * 49);
  }
}

TEST_CASE("half a voxel beyond the outermost centres still belongs to the image")
{
  const image::Grid grid = bodies::grid({5, 5, 5});
  const image::Mask mask = bodies::mask(grid, everywhere);
  const image::Volume density = volume(grid, [](Vec3 p) { return 0.4 + 0.1 * p.x; });
  const MaterialField field({density, mask, rizzoli()});
  REQUIRE(field.at({2.49, 0, 0}));
  CHECK(field.at({2.49, 0, 0})->ash == Approx(rizzoli_ash(0.6)));
  CHECK_FALSE(field.at({2.51, 0, 0}));
  CHECK_FALSE(field.at({0, -2.51, 0}));
  CHECK_FALSE(field.at({0, 0, 1e9}));
}

TEST_CASE("density is interpolated linearly before the laws are applied")
{
  const image::Grid grid = bodies::grid({9, 9, 9}, {1, 2, 0.5}, 0.6);
  const image::Mask mask = bodies::mask(grid, everywhere);
  const auto linear = [](Vec3 p) { return 0.5 + 0.03 * p.x - 0.02 * p.y + 0.05 * p.z; };
  const image::Volume density = volume(grid, linear);
  const MaterialField field({density, mask, rizzoli()});
  for (const Vec3& p : {Vec3{0.31, -0.77, 0.42}, Vec3{-1.1, 0.2, 0.9}, Vec3{0, 0, 0}})
  {
    const auto point = field.at(p);
    REQUIRE(point);
    CHECK(point->tissue == TissueKind::bone);
    CHECK(point->ash == Approx(rizzoli_ash(linear(p))).epsilon(1e-6));
    CHECK(point->youngs == Approx(rizzoli_youngs(linear(p))).epsilon(1e-6));
    CHECK(point->poisson == 0.3);
    // Keyak's law above 0.317 g/cm^3 ash; tension by the ratio of the strain limits.
    CHECK(point->compressive_strength == Approx(114 * std::pow(point->ash, 1.72)).epsilon(1e-6));
    CHECK(point->tensile_strength == Approx(0.7019 * point->compressive_strength));
    CHECK(point->lesion == -1);
    CHECK_FALSE(point->at_ceiling);
  }
}

TEST_CASE("below the protocol's threshold tissue is marrow without strength")
{
  const image::Grid grid = bodies::grid({3, 3, 3});
  const image::Mask mask = bodies::mask(grid, everywhere);
  for (const double cha : {-0.1, 0.0, 0.0349})
  {
    const image::Volume density = volume(grid, [&](Vec3) { return cha; });
    const auto point = MaterialField({density, mask, rizzoli()}).at({0, 0, 0});
    REQUIRE(point);
    CHECK(point->tissue == TissueKind::soft);
    CHECK(point->youngs == 5);
    CHECK(point->poisson == 0.45);
    CHECK(point->compressive_strength == 0);
    CHECK(point->tensile_strength == 0);
  }
  const image::Volume density = volume(grid, [](Vec3) { return 0.0351; });
  CHECK(MaterialField({density, mask, rizzoli()}).at({0, 0, 0})->tissue == TissueKind::bone);
}

TEST_CASE("ash density, modulus and strength stop at the cortical ceiling")
{
  const image::Grid grid = bodies::grid({3, 3, 3});
  const image::Mask mask = bodies::mask(grid, everywhere);
  const image::Volume density = volume(grid, [](Vec3) { return 2.5; });
  const auto point = MaterialField({density, mask, rizzoli()}).at({0, 0, 0});
  REQUIRE(point);
  CHECK(point->at_ceiling);
  CHECK(point->ash == 1.2);
  CHECK(point->youngs == Approx(6850 * std::pow(2, 1.49)));
  CHECK(point->compressive_strength == Approx(114 * std::pow(1.2, 1.72)));
  CHECK_FALSE(point->in_law_range);
  // Tested from 0.26 to 0.75 g/cm^3 apparent: 0.156 to 0.45 ash.
  const image::Volume tested = volume(grid, [](Vec3) { return 0.3; });
  CHECK(MaterialField({tested, mask, rizzoli()}).at({0, 0, 0})->in_law_range);
}

TEST_CASE("a lesion replaces the tissue inside it, and only there")
{
  const image::Grid grid = bodies::grid({21, 21, 21}, {1, 1, 1}, 0.5);
  const image::Mask mask = bodies::mask(grid, everywhere);
  const image::Volume density = volume(grid, [](Vec3) { return 0.8; });
  const Vec3 centre{1, -2, 0.5};
  const MaterialField field({density, mask, rizzoli(), {sphere_lesion(centre, 4)}});
  for (const Vec3& axis : {Vec3{1, 0, 0}, Vec3{0, -1, 0}, Vec3{0.6, 0, 0.8}})
  {
    const auto in = field.at(centre + 3.99 * axis);
    const auto out = field.at(centre + 4.01 * axis);
    REQUIRE(in);
    REQUIRE(out);
    CHECK(in->tissue == TissueKind::tumour);
    CHECK(in->lesion == 0);
    CHECK(in->youngs == 1.0);
    CHECK(in->poisson == 0.45);
    CHECK(in->ash == 0);
    CHECK(in->compressive_strength == 0);
    CHECK(out->tissue == TissueKind::bone);
    CHECK(out->lesion == -1);
    CHECK(out->youngs == Approx(rizzoli_youngs(0.8)).epsilon(1e-6));
  }
}

TEST_CASE("where lesions overlap the later one holds, and outside the mask there is none")
{
  const HalfSpace half;
  const MaterialField field(
      {half.density,
       half.mask,
       rizzoli(),
       {sphere_lesion({-1, 0, 0}, 2), sphere_lesion({0, 0, 0}, 2, "marrow")}});
  CHECK(field.at({-2.5, 0, 0})->lesion == 0);
  CHECK(field.at({-2.5, 0, 0})->youngs == 1);
  CHECK(field.at({-0.5, 0, 0})->lesion == 1);
  CHECK(field.at({-0.5, 0, 0})->youngs == 5);
  CHECK(field.at({-0.5, 0, 0})->tissue == TissueKind::tumour);
  CHECK_FALSE(field.at({1.2, 0, 0}));
}

TEST_CASE("a lesion of an unknown tissue is refused where it was given")
{
  const HalfSpace half;
  lesion::PlacedLesion lesion = sphere_lesion({0, 0, 0}, 2, "tumor_lytic");
  lesion.lesion.place = "case.toml:9";
  CHECK_THAT(refusal(
                 [&] {
                   MaterialField({half.density, half.mask, rizzoli(), {lesion}});
                 }),
             Contains("case.toml:9") && Contains("did you mean \"tumour_lytic\"?"));
}

TEST_CASE("an open growth plate is cartilage inside the bone, and a lesion in it takes its place")
{
  const image::Grid grid = bodies::grid({20, 20, 20});
  const image::Volume density = bodies::volume(grid, [](Vec3) { return 0.6; });
  const image::Mask mask = bodies::mask(grid, bodies::ball({0, 0, 0}, 8));
  const image::Mask plate = bodies::mask(grid, [](Vec3 p) { return std::abs(p.z) < 2; });
  const material::Tissue cartilage = material::tissue("growth_plate", "");
  const MaterialField field({density, mask, rizzoli(), {sphere_lesion({5, 0, 0}, 2)}, &plate});
  const auto in_plate = field.at({-4, 1, 0.5});
  REQUIRE(in_plate);
  CHECK(in_plate->tissue == TissueKind::cartilage);
  CHECK(in_plate->youngs == cartilage.youngs);
  CHECK(in_plate->poisson == cartilage.poisson);
  CHECK(in_plate->compressive_strength == 0);
  CHECK(in_plate->ash == 0);
  CHECK(field.at({-4, 1, 3})->tissue == TissueKind::bone);
  CHECK(field.at({5, 0, 0})->tissue == TissueKind::tumour);
  CHECK_FALSE(field.at({9.3, 0, 0})); // a plate beyond the bone is nothing
  CHECK(field.at_with_density_of({-4, 1, 0.5}, {10, 10, 10}).tissue == TissueKind::cartilage);
  const image::Mask small = bodies::mask(bodies::grid({4, 4, 4}), [](Vec3) { return true; });
  CHECK_THROWS_AS(MaterialField({density, mask, rizzoli(), {}, &small}), std::invalid_argument);
}

TEST_CASE("under a lesion that the CT shows every point keeps its material, bit for bit")
{
  const image::Grid grid = bodies::grid({21, 21, 21}, {1, 1, 1}, 0.4);
  const image::Mask mask = bodies::mask(grid, everywhere);
  const image::Volume density = volume(grid, [](Vec3 p) { return 0.6 + 0.07 * p.x - 0.05 * p.z; });
  lesion::PlacedLesion seen = sphere_lesion({1, 0, 0}, 6);
  seen.lesion.in_ct = true;
  seen.lesion.margin_mm = 2;
  seen.lesion.tissue.rim = lesion::Rim{2, 0.3};
  const MaterialField plain({density, mask, rizzoli()});
  const MaterialField field({density, mask, rizzoli(), {seen}});
  int inside = 0;
  for (double x = -8; x <= 8; x += 0.83)
    for (double y = -8; y <= 8; y += 0.83)
      for (double z = -8; z <= 8; z += 0.83)
      {
        const PointMaterial a = *plain.at({x, y, z}), b = *field.at({x, y, z});
        CHECK(a.youngs == b.youngs);
        CHECK(a.poisson == b.poisson);
        CHECK(a.ash == b.ash);
        CHECK(a.compressive_strength == b.compressive_strength);
        CHECK(a.tensile_strength == b.tensile_strength);
        CHECK(a.tissue == b.tissue);
        inside += b.lesion == 0;
      }
  CHECK(inside > 500);
}

TEST_CASE("bone of a blastic lesion follows the law at its gained density, times its factors")
{
  const image::Grid grid = bodies::grid({21, 21, 21});
  const image::Mask mask = bodies::mask(grid, everywhere);
  const image::Volume density = volume(grid, [](Vec3) { return 0.4; });
  lesion::PlacedLesion blastic = sphere_lesion({0, 0, 0}, 5);
  blastic.lesion.tissue.kind = lesion::Kind::blastic;
  blastic.lesion.tissue.ash_gain_g_cm3 = 0.2;
  blastic.lesion.tissue.youngs_factor = 0.94;
  blastic.lesion.tissue.strength_factor = 0.9;
  const MaterialField field({density, mask, rizzoli(), {blastic}});
  const PointMaterial in = *field.at({2, 1, 0});
  const double ash = rizzoli_ash(0.4) + 0.2;
  CHECK(in.tissue == TissueKind::bone);
  CHECK(in.lesion == 0);
  CHECK(in.ash == Approx(ash).epsilon(1e-6));
  CHECK(in.youngs == Approx(0.94 * 6850 * std::pow(ash / 0.6, 1.49)).epsilon(1e-6));
  CHECK(in.compressive_strength == Approx(0.9 * 114 * std::pow(ash, 1.72)).epsilon(1e-6));
  CHECK(field.at({6, 0, 0})->youngs == Approx(rizzoli_youngs(0.4)).epsilon(1e-6));
}
