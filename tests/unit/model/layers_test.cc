#include "model/layers.hpp"
#include "refusal.hpp"
#include "unit/model/support.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <tuple>

using namespace calcar;
using namespace calcar::model;

namespace
{
/// A bone of given voxels, each with a modulus of its own.
VoxelModel bone_of(const image::Grid& grid, const bodies::Place& inside)
{
  VoxelModel model;
  model.body = bodies::body(grid, inside, 500, 0.3);
  const std::size_t count = model.body.voxels.size();
  for (std::size_t n = 0; n < count; ++n)
    model.body.youngs[n] += static_cast<float>(n);
  model.tissue.assign(count, TissueKind::bone);
  model.ash.assign(count, 0.5F);
  model.compressive_strength.assign(count, 8);
  model.tensile_strength.assign(count, 6);
  model.volume_mm3 = grid.voxel_volume() * static_cast<double>(count);
  return model;
}

/// The box |x| < half.x, |y| < half.y, low < z < high.
geometry::Solid slab(Vec3 half, double low, double high)
{
  return {[=](const Vec3& p) {
    return std::max({std::abs(p.x) - half.x, std::abs(p.y) - half.y, low - p.z, p.z - high});
  }};
}

load::Layer layer_of(const std::string& name, geometry::Solid zone, double over_bone_mm = 0,
                     const std::string& tissue = "pmma_cap")
{
  return {name, "", tissue, std::move(zone), {0, 0, 1}, over_bone_mm};
}

load::Rig rig_of(std::vector<load::Layer> layers)
{
  load::Rig rig;
  rig.name = "bench";
  rig.layers = std::move(layers);
  return rig;
}

VoxelModel with(const VoxelModel& bone, std::vector<load::Layer> layers)
{
  return with_layers(bone, layer_voxels(bone.body, rig_of(std::move(layers))));
}

/// Places of the voxels of a layered model that are layer, to a thousandth of a millimetre.
std::set<std::tuple<long, long, long>> places_of_layers(const VoxelModel& model)
{
  std::set<std::tuple<long, long, long>> places;
  for (std::size_t n = 0; n < model.body.voxels.size(); ++n)
    if (model.tissue[n] == TissueKind::layer)
    {
      const Vec3 p = voxel_centre(model.body.grid, model.body.voxels[n]);
      places.emplace(std::lround(1e3 * p.x), std::lround(1e3 * p.y), std::lround(1e3 * p.z));
    }
  return places;
}

const bodies::Place everywhere = [](Vec3) { return true; };
} // namespace

TEST_CASE("a layer lies where the image has ended, and the bone stays as it was")
{
  const VoxelModel bone = bone_of(bodies::grid({10, 10, 10}), everywhere); // -5 to 5 mm
  const VoxelModel model = with(bone, {layer_of("disc", slab({3, 4, 0}, 2, 9))});
  REQUIRE(model.body.grid.size == std::array{10, 10, 14});
  CHECK(std::is_sorted(model.body.voxels.begin(), model.body.voxels.end()));
  std::size_t next = 0;
  for (std::size_t n = 0; n < model.body.voxels.size(); ++n)
  {
    if (model.tissue[n] == TissueKind::layer)
    {
      CHECK(model.body.youngs[n] == 2500);
      CHECK(model.body.poisson[n] == Approx(0.3));
      CHECK(model.ash[n] == 0);
      CHECK(model.compressive_strength[n] == 0);
      continue;
    }
    REQUIRE(next < bone.body.voxels.size());
    CHECK(norm(voxel_centre(model.body.grid, model.body.voxels[n]) -
               voxel_centre(bone.body.grid, bone.body.voxels[next])) < 1e-9);
    CHECK(model.body.youngs[n] == bone.body.youngs[next]);
    CHECK(model.ash[n] == bone.ash[next]);
    ++next;
  }
  CHECK(next == bone.body.voxels.size());
  // 6 x 8 mm, from the bone's end at 5 mm to 9 mm.
  CHECK(places_of_layers(model).size() == 6 * 8 * 4);
  REQUIRE(model.layer_volume_mm3.size() == 1);
  CHECK(model.layer_volume_mm3[0] == Approx(6 * 8 * 4));
  CHECK(model.volume_mm3 == bone.volume_mm3);
  CHECK(without_layers(model).voxels.size() == bone.body.voxels.size());
}

TEST_CASE("a layer may lie on any side of the bone")
{
  const VoxelModel bone = bone_of(bodies::grid({6, 6, 6}), everywhere);
  const auto left =
      layer_of("left", {[](const Vec3& p) {
                 return std::max({-6.0 - p.x, p.x, std::abs(p.y) - 2, std::abs(p.z) - 2});
               }});
  const VoxelModel model = with(bone, {left, layer_of("top", slab({2, 2, 0}, 0, 5))});
  CHECK(model.body.grid.size == std::array{9, 6, 8});
  CHECK(model.layer_volume_mm3[0] == Approx(3 * 4 * 4));
  CHECK(model.layer_volume_mm3[1] == Approx(4 * 4 * 2));
}

TEST_CASE("over bone a layer follows its surface and is everywhere as thick as given")
{
  // Two steps of 4 mm: the top is at -2 for x < 0 and at 2 for x > 0.
  const image::Grid grid = bodies::grid({12, 8, 12});
  const VoxelModel bone =
      bone_of(grid, [](Vec3 p)
              { return std::abs(p.x) < 4 && std::abs(p.y) < 3 && p.z < (p.x < 0 ? -2 : 2); });
  const VoxelModel model = with(bone, {layer_of("pad", slab({50, 50, 0}, -3, 60), 3)});
  std::map<std::pair<long, long>, int> thickness;
  for (const auto& [x, y, z] : places_of_layers(model))
  {
    const bool left = x < 0;
    CHECK(z > (left ? -2000 : 2000));
    CHECK(z < (left ? 1000 : 5000));
    ++thickness[{x, y}];
  }
  CHECK(thickness.size() == 8 * 6);
  for (const auto& [place, voxels] : thickness)
    CHECK(voxels == 3);
}

TEST_CASE("of layers that overlap the first wins, and bone wins over both")
{
  const VoxelModel bone = bone_of(bodies::grid({8, 8, 4}), everywhere); // top at 2 mm
  const auto soft = layer_of("soft", slab({4, 4, 0}, 0, 4), 0, "growth_plate");
  const auto hard = layer_of("hard", slab({4, 4, 0}, 0, 6));
  const VoxelModel soft_first = with(bone, {soft, hard});
  CHECK(soft_first.layer_volume_mm3[0] == Approx(8 * 8 * 2));
  CHECK(soft_first.layer_volume_mm3[1] == Approx(8 * 8 * 2)); // joined through the soft one
  const VoxelModel hard_first = with(bone, {hard});
  CHECK(hard_first.layer_volume_mm3[0] == Approx(8 * 8 * 4));
  CHECK(with(bone, {hard, layer_of("under it", slab({4, 4, 0}, -9, 3.5))}).layer_volume_mm3[1] ==
        Approx(8 * 8 * 7)); // below the bone: nothing is left of it above
}

TEST_CASE("what is not joined to the bone is left out")
{
  const VoxelModel bone = bone_of(bodies::grid({8, 8, 4}), everywhere);
  const geometry::Solid two =
      geometry::unite({slab({3, 3, 0}, 0, 4), slab({3, 3, 0}, 8, 12)}); // the other hovers
  CHECK(with(bone, {layer_of("both", two)}).layer_volume_mm3[0] == Approx(6 * 6 * 2));
}

TEST_CASE("a layer that touches no bone is refused by its name, and one without end too")
{
  const VoxelModel bone = bone_of(bodies::grid({8, 8, 4}), everywhere);
  const auto good = layer_of("pad", slab({3, 3, 0}, 0, 4));
  const auto far = layer_of("far cap", slab({3, 3, 0}, 8, 12));
  const std::string message = test::refusal_of([&] { with(bone, {good, far}); });
  CHECK_THAT(message, Catch::Contains("layer \"far cap\" of rig \"bench\"") &&
                          Catch::Contains("nothing of it touches the bone") &&
                          !Catch::Contains("\"pad\""));
  const auto endless = layer_of("endless", slab({1, 1, 0}, 0, 1e9));
  CHECK_THAT(test::refusal_of([&] { with(bone, {endless}); }),
             Catch::Contains("layer \"endless\"") && Catch::Contains("250 mm beyond the bone"));
  const auto misspelt = layer_of("pad", slab({3, 3, 0}, 0, 4), 0, "pmma_cab");
  CHECK_THAT(test::refusal_of([&] { with(bone, {misspelt}); }, Fault::command),
             Catch::Contains("pmma_cab") && Catch::Contains("pmma_cap"));
}

TEST_CASE("layers do not depend on the order of the image's axes")
{
  const auto inside = [](Vec3 p) { return norm(p) < 9; };
  const auto pad = layer_of("pad", geometry::cylinder({0, 0, 0}, {1, 2, 15}, 6.3), 4);
  const image::Grid straight = bodies::grid({20, 20, 20});
  image::Grid turned = straight; // i along z, j along x, k along y
  turned.direction = {Vec3{0, 1, 0}, Vec3{0, 0, 1}, Vec3{1, 0, 0}};
  turned.origin = {straight.origin.x, straight.origin.y, straight.origin.z};
  const auto a = places_of_layers(with(bone_of(straight, inside), {pad}));
  const auto b = places_of_layers(with(bone_of(turned, inside), {pad}));
  CHECK(a.size() > 100);
  CHECK(a == b);
}

TEST_CASE("the volume of a layer hardly follows the voxels")
{
  // A cylinder of radius 6 mm from the top of a block to 5 mm above it.
  const auto volume = [](double size)
  {
    const int count = static_cast<int>(20 / size);
    const VoxelModel bone =
        bone_of(bodies::grid({count, count, count}, {size, size, size}), everywhere);
    const auto cap = layer_of("cap", geometry::cylinder({0, 0, 0}, {0, 0, 15}, 6));
    return with(bone, {cap}).layer_volume_mm3[0];
  };
  const double truth = 3.14159265 * 36 * 5;
  CHECK(volume(2) == Approx(truth).epsilon(0.3));
  CHECK(volume(1) == Approx(truth).epsilon(0.05));
  CHECK(volume(0.5) == Approx(truth).epsilon(0.02));
}
