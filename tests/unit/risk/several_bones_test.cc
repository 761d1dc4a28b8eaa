// Each of several bones is judged by itself.
#include "material/criteria.hpp"
#include "refusal.hpp"
#include "unit/risk/support.hpp"

#include <catch2/catch.hpp>

using namespace calcar;
using namespace calcar::risk;
using Catch::Contains;

namespace
{
anatomy::BoneAnatomy vertebra(const std::string& level, Vec3 centre)
{
  anatomy::BoneAnatomy bone;
  bone.kind = anatomy::BoneKind::vertebra;
  bone.side = anatomy::Side::midline;
  bone.level = level;
  bone.frame = {centre, {-1, 0, 0}, {0, -1, 0}, {0, 0, 1}};
  bone.landmarks["body_centre"] = centre;
  bone.landmarks["superior_endplate_centre"] = centre + Vec3{0, 0, 6};
  bone.landmarks["inferior_endplate_centre"] = centre - Vec3{0, 0, 6};
  bone.landmarks["anterior_wall"] = centre - Vec3{0, 4, 0};
  bone.landmarks["posterior_wall"] = centre + Vec3{0, 4, 0};
  return bone;
}

/// Two bones one above the other, grown together to show that nothing is averaged across: of L2
/// above one place is strained most, of L3 another.
struct Segment
{
  Block block{{8, 8, 24}};
  std::vector<anatomy::BoneAnatomy> bones{vertebra("L2", {0, 0, 6}), vertebra("L3", {0, 0, -6})};
  material::Protocol protocol = material::protocol("rizzoli_linear", "");
  load::LoadCase load_case;
  analysis::Response response;

  Segment()
  {
    protocol.criterion = "max_principal_strain";
    protocol.limits.tension = 0.008;
    protocol.limits.compression = 0.010;
    protocol.effective_limits.effective_strain = 0.007;
    protocol.effective_limits.critical_volume_fraction = 0.02;
    protocol.domain = everywhere();
    load_case.name = "standing";
    load_case.reference = {"spinal compression", 500, "N"};
    for (std::size_t n = 0; n < block.model.body.voxels.size(); ++n)
      block.model.bone_number.push_back(block.centre(n).z > 0 ? 0 : 1);
    response.strain.assign(block.model.body.voxels.size(), SymTensor{0, 0, -0.002, 0, 0, 0});
  }
  ActivityAssessment judge() const
  {
    const load::Rig rig;
    return assess(
        judged_body(block.model, block.lattice, block.surface, protocol.domain, load_case, rig),
        response, load_case, rig, protocol, load::Bones(bones), 700);
  }
};
} // namespace

TEST_CASE("each vertebra has its own utilisation and fracture load, and the worst is the headline")
{
  Segment segment;
  segment.response.strain[segment.block.at(2, 3, 20)].zz = -0.004;
  segment.response.strain[segment.block.at(5, 4, 3)].zz = -0.005;
  const ActivityAssessment verdict = segment.judge();
  REQUIRE(verdict.bones.size() == 2);
  CHECK(verdict.bones[0].bone == "L2");
  CHECK(verdict.bones[0].utilisation == Approx(0.4));
  CHECK(verdict.bones[0].fracture_load_N.value() == Approx(1250));
  CHECK(verdict.bones[1].bone == "L3");
  CHECK(verdict.bones[1].utilisation == Approx(0.5));
  CHECK(verdict.bones[1].load_factor == Approx(2));
  CHECK(verdict.criteria.front().utilisation == Approx(0.5));
  // The words name the level, and the place is told on that vertebra.
  CHECK_THAT(verdict.criteria.front().location->words, Catch::StartsWith("L3: "));
  CHECK_THAT(verdict.bones[0].location->words, Catch::StartsWith("L2: "));
  CHECK(norm(verdict.bones[0].location->point - segment.block.centre(segment.block.at(2, 3, 20))) <
        1e-9);
  CHECK_THAT(verdict.compression.location->words, Catch::StartsWith("L3: "));
}

TEST_CASE("what is averaged about a place of one vertebra leaves its neighbour out")
{
  Segment segment;
  // All of L3 is strained ten times as much: beside it L2 must not show it.
  for (std::size_t n = 0; n < segment.response.strain.size(); ++n)
    if (segment.block.model.bone_number[n] == 1)
      segment.response.strain[n].zz = -0.02;
  segment.protocol.domain.average_mm = 5;
  const ActivityAssessment verdict = segment.judge();
  CHECK(verdict.bones[0].utilisation == Approx(0.2));
  CHECK(verdict.bones[1].utilisation == Approx(2));
}

TEST_CASE("by a criterion of volume each vertebra is judged by its own volume")
{
  Segment segment;
  segment.protocol.criterion = "";
  for (const material::Criterion& criterion : material::criteria())
    if (criterion.of_volume)
      segment.protocol.criterion = criterion.name;
  REQUIRE(!segment.protocol.criterion.empty());
  for (std::size_t n = 0; n < segment.response.strain.size(); ++n)
    if (segment.block.model.bone_number[n] == 0)
      segment.response.strain[n].zz = -0.004;
  const ActivityAssessment verdict = segment.judge();
  CHECK(verdict.bones[0].utilisation == Approx(2 * verdict.bones[1].utilisation));
  CHECK(verdict.criteria.front().utilisation == Approx(verdict.bones[0].utilisation));
}

TEST_CASE("a vertebra of which nothing can be judged is refused by its level")
{
  Segment segment;
  for (std::size_t n = 0; n < segment.block.model.ash.size(); ++n)
    if (segment.block.model.bone_number[n] == 1)
      segment.block.model.ash[n] = 0.01F;
  segment.protocol.domain.min_ash_g_cm3 = 0.1;
  CHECK_THAT(test::refusal_of([&] { segment.judge(); }),
             Contains("activity \"standing\"") && Contains("nothing of L3 is left to be judged"));
}

TEST_CASE("one bone has no list of bones")
{
  Segment segment;
  segment.block.model.bone_number.clear();
  segment.bones.resize(1);
  const ActivityAssessment verdict = segment.judge();
  CHECK(verdict.bones.empty());
  CHECK_THAT(verdict.criteria.front().location->words, !Catch::StartsWith("L2: "));
}
