// Bodies of several bones: whose each voxel is, where bones touch, layers between them.
#include "base/error.hpp"
#include "image/mask.hpp"
#include "model/layers.hpp"
#include "model/several_bones.hpp"
#include "refusal.hpp"
#include "unit/model/support.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <set>

using namespace calcar;
using namespace calcar::model;
using Catch::Contains;

namespace
{
using Numbers = std::vector<std::uint8_t>;

/// The body of given places with the number of the bone at each.
struct Bones
{
  VoxelModel model;

  Bones(const image::Grid& grid, const bodies::Place& inside,
        const std::function<int(Vec3)>& number)
  {
    model.body = bodies::body(grid, inside, 500, 0.3);
    const std::size_t count = model.body.voxels.size();
    model.tissue.assign(count, TissueKind::bone);
    model.ash.assign(count, 0.5F);
    model.compressive_strength.assign(count, 8);
    model.tensile_strength.assign(count, 6);
    for (const std::uint64_t voxel : model.body.voxels)
      model.bone_number.push_back(static_cast<std::uint8_t>(number(voxel_centre(grid, voxel))));
  }
};

/// Two plates of 12 x 12 mm, from z = 3 to 9 and from -9 to -3: a gap of 6 mm.
bool in_plates(Vec3 p)
{
  return std::abs(p.z) > 3;
}
int upper_is_0(Vec3 p)
{
  return p.z > 0 ? 0 : 1;
}

load::Layer joint(const std::string& name, geometry::Solid zone, double over_bone_mm, double gap_mm,
                  bool may_be_absent = false)
{
  load::Layer layer{name, name, "growth_plate", std::move(zone), {0, 0, 1}, over_bone_mm};
  layer.joint = {0, 1, gap_mm, may_be_absent};
  return layer;
}

geometry::Solid all()
{
  return geometry::sphere({}, 100);
}

load::Rig rig_of(std::vector<load::Layer> layers)
{
  load::Rig rig;
  rig.name = "bench";
  rig.layers = std::move(layers);
  return rig;
}

LayerVoxels layers_of(const Bones& bones, std::vector<load::Layer> layers,
                      const std::vector<std::uint64_t>& taken = {})
{
  return layer_voxels(bones.model.body, rig_of(std::move(layers)),
                      {bones.model.bone_number, taken});
}

/// Pieces of a body joined by faces.
std::size_t pieces_of(const VoxelBody& body)
{
  image::Mask mask{body.grid, std::vector<std::uint8_t>(body.grid.voxels(), 0), {}};
  for (const std::uint64_t voxel : body.voxels)
    mask.values[voxel] = 1;
  return image::connected_pieces(mask, image::Neighbours::faces).voxels.size();
}

/// No node belongs to voxels of two bones.
bool share_no_node(const VoxelModel& model)
{
  std::set<NodeIndex> first;
  for (const int wanted : {0, 1})
  {
    std::vector<std::uint64_t> own;
    for (std::size_t n = 0; n < model.body.voxels.size(); ++n)
      if (model.bone_number[n] == wanted)
        own.push_back(model.body.voxels[n]);
    for (const NodeIndex& node : nodes_of(model.body.grid, own))
      if (wanted == 0)
        first.insert(node);
      else if (first.count(node) > 0)
        return false;
  }
  return true;
}
} // namespace

TEST_CASE("a voxel is of the bone whose labels fill most of it, whatever the two grids are")
{
  // Labels of 1 mm, voxels of 2.5 mm turned against them: a plane between two bones.
  const auto label = [](Vec3 p) { return p.z + 0.3 * p.x > 0 ? 1 : 2; };
  const auto labels = bodies::image_of<std::int32_t>(bodies::grid({40, 40, 40}), label);
  const VoxelBody body = bodies::body(bodies::grid({8, 8, 8}, {2.5, 2.5, 2.5}, 0.4),
                                      [](Vec3 p) { return norm(p) < 9; });
  const Numbers numbers = bone_numbers(body, labels);
  REQUIRE(numbers.size() == body.voxels.size());
  int near_plane = 0;
  for (std::size_t n = 0; n < numbers.size(); ++n)
  {
    const Vec3 p = voxel_centre(body.grid, body.voxels[n]);
    if (std::abs(p.z + 0.3 * p.x) < 0.9)
      ++near_plane;
    else
      CHECK(numbers[n] + 1 == label(p));
  }
  CHECK(near_plane < static_cast<int>(numbers.size()) / 5);
}

TEST_CASE("a voxel beside all labels is of the nearest bone, and labels without any are refused")
{
  auto labels = bodies::image_of<std::int32_t>(bodies::grid({30, 6, 6}),
                                               [](Vec3 p) {
                                                 return p.x < -12 ? 1 : p.x > 12 ? 2 : 0;
                                               });
  const VoxelBody body = bodies::body(bodies::grid({30, 6, 6}), [](Vec3) { return true; });
  const Numbers numbers = bone_numbers(body, labels);
  for (std::size_t n = 0; n < numbers.size(); ++n)
    CHECK(numbers[n] == (voxel_centre(body.grid, body.voxels[n]).x > 0 ? 1 : 0));
  std::fill(labels.values.begin(), labels.values.end(), 0);
  CHECK_THROWS_AS(bone_numbers(body, labels), std::invalid_argument);
}

TEST_CASE("the nearest label is the nearest one, also where another lies in a corner near by")
{
  // From the middle one label lies 7 voxels straight on, another 5 in each direction: 8.7 away.
  auto labels = bodies::image_of<std::int32_t>(bodies::grid({21, 21, 21}), [](Vec3) { return 0; });
  labels.at(17, 10, 10) = 3;
  labels.at(5, 5, 5) = 4;
  CHECK(nearest_label(labels, {}) == 3);
  CHECK(nearest_label(labels, {-2, 0, 0}) == 4);
  CHECK(nearest_label(labels, {500, 0, 0}) == 3);
}

TEST_CASE("where bones touch by faces, edges or corners the lower one gives its voxels")
{
  // An oblique seam: without the touching voxels no node is shared, and the upper bone is whole.
  for (const Vec3 normal : {Vec3{0, 0, 1}, Vec3{0.3, 0, 1}, Vec3{1, 1, 1}})
  {
    Bones bones(
        bodies::grid({16, 16, 16}), [](Vec3 p) { return norm(p) < 7; },
        [&](Vec3 p) { return dot(p, normal) > 0.1 ? 0 : 1; });
    CHECK_FALSE(share_no_node(bones.model));
    const Numbers touching = touching_voxels(bones.model.body, bones.model.bone_number);
    Numbers kept;
    for (std::size_t n = 0; n < touching.size(); ++n)
    {
      if (bones.model.bone_number[n] == 0)
        CHECK(touching[n] == 0);
      kept.push_back(touching[n] == 0);
    }
    const VoxelModel apart = keep(bones.model, kept);
    CHECK(apart.bone_number.size() == apart.body.voxels.size());
    CHECK(share_no_node(apart));
    if (normal.x == 0) // a flat seam: one layer of voxels, no more
      CHECK(std::count(touching.begin(), touching.end(), 1) ==
            std::count_if(bones.model.body.voxels.begin(), bones.model.body.voxels.end(),
                          [&](std::uint64_t v)
                          { return voxel_centre(bones.model.body.grid, v).z == -0.5; }));
  }
  Bones apart(bodies::grid({12, 12, 18}), in_plates, upper_is_0);
  const Numbers none = touching_voxels(apart.model.body, apart.model.bone_number);
  CHECK(std::count(none.begin(), none.end(), 1) == 0);
}

TEST_CASE("a disc fills what lies between its two bones and nothing beside them")
{
  for (const double turn : {0.0, 0.5})
  {
    Bones bones(
        bodies::grid({12, 12, 18}, {1, 1, 1}, turn),
        [&](Vec3 p) {
          return in_plates(transpose(bodies::grid({12, 12, 18}, {1, 1, 1}, turn).direction) * p);
        },
        [&](Vec3 p) {
          return upper_is_0(transpose(bodies::grid({12, 12, 18}, {1, 1, 1}, turn).direction) * p);
        });
    load::Layer disc = joint("disc", all(), 20, 0);
    disc.outward = bones.model.body.grid.direction * Vec3{0, 0, 1};
    const LayerVoxels layers = layers_of(bones, {disc});
    CHECK(layers.voxels.size() == 12 * 12 * 6);
    const VoxelModel body = with_layers(bones.model, layers);
    CHECK(pieces_of(body.body) == 1);
    CHECK(std::count(body.bone_number.begin(), body.bone_number.end(), no_bone) == 12 * 12 * 6);
    CHECK(body.bone_number.size() == body.body.voxels.size());
  }
}

TEST_CASE("a disc does not fill what lies over one bone alone, or between others")
{
  // The upper plate is only half as wide.
  Bones bones(
      bodies::grid({12, 12, 18}), [](Vec3 p) { return in_plates(p) && (p.z < 0 || p.x > 0); },
      upper_is_0);
  CHECK(layers_of(bones, {joint("disc", all(), 20, 0)}).voxels.size() == 6 * 12 * 6);
  // Turned over, the upper bone is the one below.
  Bones over(bodies::grid({12, 12, 18}), in_plates, [](Vec3 p) { return p.z > 0 ? 1 : 0; });
  CHECK_THAT(test::refusal_of([&] { layers_of(over, {joint("disc", all(), 20, 0)}); }),
             Contains("layer \"disc\"") && Contains("nothing of it touches"));
}

TEST_CASE("a facet joint fills the gap where it is narrow enough, to within a voxel")
{
  // A wedge that opens from 0 to 12 mm.
  const auto wedge = [](Vec3 p) { return std::abs(p.z) > 0.25 * (p.x + 12); };
  Bones bones(bodies::grid({24, 8, 24}), wedge, upper_is_0);
  const LayerVoxels layers = layers_of(bones, {joint("facet", all(), 0, 4)});
  double widest = -100;
  for (const std::uint64_t voxel : layers.voxels)
    widest = std::max(widest, voxel_centre(layers.grid, voxel).x);
  // The gap is 4 mm at x = -4.
  CHECK(widest > -5.6);
  CHECK(widest < -2.4);
  CHECK(pieces_of(with_layers(bones.model, layers).body) == 1);
}

TEST_CASE("a facet joint of bones that are too far apart is absent with a warning, or refused")
{
  Bones bones(bodies::grid({12, 12, 18}), in_plates, upper_is_0);
  const LayerVoxels layers =
      layers_of(bones, {joint("disc", all(), 20, 0), joint("left facet L2-L3", all(), 0, 4, true)});
  REQUIRE(layers.warnings.size() == 1);
  CHECK(layers.warnings.front().code == "joint_absent");
  CHECK_THAT(layers.warnings.front().text, Contains("left facet L2-L3") && Contains("within 4 mm"));
  CHECK_THAT(test::refusal_of([&] { layers_of(bones, {joint("facet", all(), 0, 4)}); }),
             Contains("layer \"facet\""));
}

TEST_CASE("voxels taken from touching bones become layer of the nearest joint, wherever they lie")
{
  Bones bones(
      bodies::grid({16, 8, 12}), [](Vec3) { return true; }, upper_is_0);
  const Numbers touching = touching_voxels(bones.model.body, bones.model.bone_number);
  Numbers kept;
  std::vector<std::uint64_t> taken;
  for (std::size_t n = 0; n < touching.size(); ++n)
  {
    kept.push_back(touching[n] == 0);
    if (touching[n] != 0)
      taken.push_back(bones.model.body.voxels[n]);
  }
  bones.model = keep(bones.model, kept);
  CHECK(taken.size() == 16 * 8);
  // Zones far from most of the seam, left and right of it.
  const LayerVoxels layers = layers_of(bones,
                                       {joint("left", geometry::sphere({-7, 0, 0}, 1), 0, 2),
                                        joint("right", geometry::sphere({7, 0, 0}, 1), 0, 2)},
                                       taken);
  CHECK(layers.voxels.size() == taken.size());
  for (std::size_t n = 0; n < layers.voxels.size(); ++n)
    CHECK(layers.layer[n] == (voxel_centre(layers.grid, layers.voxels[n]).x > 0 ? 1 : 0));
  CHECK(pieces_of(with_layers(bones.model, layers).body) == 1);
}

TEST_CASE("a mirrored body of several bones has the mirrored layers")
{
  const auto shape = [](double sign)
  {
    return Bones(
        bodies::grid({16, 10, 20}),
        [=](Vec3 p) { return std::abs(p.z) > 2 + 0.1 * sign * p.x && norm(p) < 9.5; }, upper_is_0);
  };
  const Bones left = shape(1), right = shape(-1);
  const auto places = [](const Bones& bones, double sign)
  {
    const LayerVoxels layers = layers_of(bones, {joint("disc", all(), 20, 0)});
    std::set<std::tuple<long, long, long>> found;
    for (const std::uint64_t voxel : layers.voxels)
    {
      const Vec3 p = voxel_centre(layers.grid, voxel);
      found.emplace(std::lround(10 * sign * p.x), std::lround(10 * p.y), std::lround(10 * p.z));
    }
    return found;
  };
  const auto one = places(left, 1);
  CHECK(one.size() > 100);
  CHECK(one == places(right, -1));
}
