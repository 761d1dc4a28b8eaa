// Vertebrae of a segment as voxels: numbered, separated, cleaned each by itself, joined to one
// body.
#include "pipeline/largest_piece.hpp"
#include "pipeline/rig_body.hpp"
#include "pipeline/segment_body.hpp"
#include "refusal.hpp"
#include "unit/model/support.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace calcar;
using namespace calcar::pipeline;
using Catch::Contains;

namespace
{
model::VoxelModel model_of(const image::Grid& grid, const bodies::Place& inside)
{
  model::VoxelModel model;
  model.body = bodies::body(grid, inside);
  const std::size_t count = model.body.voxels.size();
  model.tissue.assign(count, model::TissueKind::bone);
  for (std::vector<float>* values :
       {&model.ash, &model.compressive_strength, &model.tensile_strength})
    values->assign(count, 1);
  return model;
}

/// Two blocks of 10 x 10 x 10 mm about z = 6 and z = -6; `bridge` mm of the 2 mm between them are
/// filled on a strip of x > 3.
struct Blocks
{
  image::Grid grid = bodies::grid({10, 10, 22});
  PatientInputs inputs;
  model::VoxelModel model;

  explicit Blocks(bool bridge)
  {
    const auto inside = [=](Vec3 p) { return std::abs(p.z) > 1 || (bridge && p.x > 3); };
    model = model_of(grid, inside);
    inputs.vertebrae.resize(2);
    inputs.vertebrae[0].level = "L2";
    inputs.vertebrae[1].level = "L3";
    inputs.bones = bodies::image_of<std::int32_t>(grid,
                                                  [&](Vec3 p) {
                                                    return !inside(p) ? 0 : p.z > 0 ? 1 : 2;
                                                  });
  }
};

load::Rig rig_with_disc(double half_height)
{
  load::Rig rig;
  rig.name = "bench";
  load::Layer disc{"disc",    "disc",
                   "disc",    {[=](const Vec3& p) { return std::abs(p.z) - half_height; }},
                   {0, 0, 1}, 10};
  disc.joint.emplace();
  rig.layers.push_back(disc);
  return rig;
}
} // namespace

TEST_CASE("vertebrae that do not touch keep all their voxels")
{
  Blocks blocks(false);
  Warnings warnings;
  const std::size_t before = blocks.model.body.voxels.size();
  CHECK(separate_vertebrae(blocks.inputs, blocks.model, warnings).empty());
  CHECK(blocks.model.body.voxels.size() == before);
  CHECK(std::count(blocks.model.bone_number.begin(), blocks.model.bone_number.end(), 0) == 1000);
  CHECK(warnings.empty());
}

TEST_CASE("where vertebrae touch, voxels of the lower one become joint, counted and told")
{
  Blocks blocks(true);
  Warnings warnings;
  const auto taken = separate_vertebrae(blocks.inputs, blocks.model, warnings);
  CHECK(taken.size() == 2 * 10); // the lower layer of the strip of 2 x 10
  REQUIRE(warnings.size() == 1);
  CHECK(warnings[0].code == "vertebrae_touch");
  CHECK_THAT(warnings[0].text, Contains("L3 touches") && Contains("20 voxels of L3 (2 % of it)"));
  // With a disc they are one body, and the taken voxels are part of it.
  std::vector<RigCases> rigs{{rig_with_disc(1), {}}};
  const auto bodies = make_rig_bodies(blocks.model, rigs, taken);
  const model::VoxelModel body = layered(blocks.model, bodies[0]).value();
  CHECK(body.body.voxels.size() == 2200);
  CHECK(body.layer_volume_mm3.at(0) == Approx(200 - 20)); // but the upper half of the strip
}

TEST_CASE("much that touches is told in another tone")
{
  Blocks blocks(true);
  // The two grown together over the whole face.
  blocks.model = model_of(blocks.grid, [](Vec3) { return true; });
  blocks.inputs.bones =
      bodies::image_of<std::int32_t>(blocks.grid, [](Vec3 p) { return p.z > 0 ? 1 : 2; });
  Warnings warnings;
  CHECK(separate_vertebrae(blocks.inputs, blocks.model, warnings).size() == 100);
  REQUIRE(warnings.size() == 1);
  CHECK(warnings[0].code == "vertebrae_fused");
  CHECK_THAT(warnings[0].text, Contains("more guessed than seen") && Contains("size_mm"));
}

TEST_CASE("vertebrae that no layer joins are refused")
{
  Blocks blocks(false);
  Warnings warnings;
  separate_vertebrae(blocks.inputs, blocks.model, warnings);
  load::Rig rig;
  rig.name = "bench";
  rig.layers.push_back({"pad", "", "disc", {[](const Vec3& p) { return 11 - p.z; }}, {0, 0, 1}, 2});
  rig.layers.back().zone = {[](const Vec3& p) { return std::max(11 - p.z, p.z - 13); }};
  std::vector<RigCases> rigs{{rig, {}}};
  CHECK_THAT(test::refusal_of([&] { make_rig_bodies(blocks.model, rigs); }),
             Contains("rig \"bench\"") && Contains("still 2 bodies") && Contains("discs"));
}

TEST_CASE("loose pieces are dropped or refused of each vertebra by itself")
{
  const image::Grid grid = bodies::grid({10, 10, 24});
  // Blocks of 900 and 1000 voxels; a crumb beside the upper one, at the border of the image.
  const auto with_crumb = [&](int size)
  {
    return [=](Vec3 p)
    {
      const bool crumb = p.z > 11 && p.x > 0 && p.x < size && p.y > 4;
      return (p.z > 1 && p.z < 10) || p.z < -2 || crumb;
    };
  };
  const auto numbers_of = [&](const model::VoxelBody& body)
  {
    std::vector<std::uint8_t> numbers;
    for (const std::uint64_t voxel : body.voxels)
      numbers.push_back(model::voxel_centre(grid, voxel).z > 0 ? 0 : 1);
    return numbers;
  };
  Warnings warnings;
  const auto body = bodies::body(grid, with_crumb(4));
  const auto keep =
      largest_pieces(body, numbers_of(body), {"L2", "L3"}, "choose a smaller size", warnings);
  REQUIRE(keep);
  CHECK(std::count(keep->begin(), keep->end(), 0) == 4);
  REQUIRE(warnings.size() == 1);
  CHECK(warnings[0].place == "[bone] mask, L2");
  // Five voxels in a hundred are no crumb.
  const auto broken =
      bodies::body(grid, [&](Vec3 p) { return with_crumb(4)(p) || (p.z > 11 && p.y < -1); });
  CHECK_THAT(test::refusal_of(
                 [&] {
                   largest_pieces(broken, numbers_of(broken), {"L2", "L3"}, "choose a smaller size",
                                  warnings);
                 }),
             Contains("[bone] mask, L2") && Contains("choose a smaller size"));
  const auto whole = bodies::body(grid, with_crumb(0));
  CHECK_FALSE(largest_pieces(whole, numbers_of(whole), {"L2", "L3"}, "", warnings));
  CHECK_THAT(test::refusal_of(
                 [&] {
                   largest_pieces(whole, numbers_of(whole), {"L2", "L3", "L4"}, "mend", warnings);
                 }),
             Contains("[bone] mask, L4") && Contains("nothing of it is left") && Contains("mend"));
}
