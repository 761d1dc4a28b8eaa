// What layers, inertia relief and cycles mean for the judging.

#include "model/layers.hpp"
#include "unit/risk/support.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <memory>
#include <vector>

using namespace calcar;
using namespace calcar::risk;
using Where = material::CriterionDomain::Where;
using model::TissueKind;

namespace
{
/// A block of bone of 6 x 6 x 6 mm with a pad of 3 mm over its top.
struct Padded
{
  Block block{{6, 6, 6}};
  model::VoxelModel body;
  std::unique_ptr<model::Lattice> bone;
  std::unique_ptr<model::Lattice> all;
  model::Surface surface;

  Padded()
  {
    load::Rig rig;
    rig.layers = {{"pad", "", "pmma_cap", {[](const Vec3& p) { return 0 * p.x; }}, {0, 0, 1}, 3}};
    body = model::with_layers(block.model, model::layer_voxels(block.model.body, rig));
    bone = std::make_unique<model::Lattice>(model::without_layers(body));
    all = std::make_unique<model::Lattice>(body.body);
    surface = model::surface_of(body.body, *all);
  }

  JudgedVoxels judged(double from_load_mm = 0, const load::Rig& rig = {}) const
  {
    material::CriterionDomain domain = everywhere();
    domain.where = Where::surface;
    domain.exclude_mm_from_load = from_load_mm;
    domain.exclude_mm_from_support = from_load_mm;
    load::LoadCase press;
    press.forces.push_back(
        {"press", patch_where([](Vec3 p) { return p.z > 6 - 1e-6; }), {0, 0, -1}});
    return judged_voxels(body, *bone, surface, domain, press, rig);
  }
};

long count(const std::vector<std::uint8_t>& flags)
{
  return std::count(flags.begin(), flags.end(), 1);
}
} // namespace

TEST_CASE("a layer is never judged, and the bone below it is surface as it is without")
{
  const Padded padded;
  REQUIRE(padded.body.body.voxels.size() == 216 + 6 * 6 * 3);
  const JudgedVoxels voxels = padded.judged();
  CHECK(count(voxels.bone) == 216);
  CHECK(count(voxels.judged) == 216 - 4 * 4 * 4); // all of the bone's surface, its top included
  for (std::size_t n = 0; n < padded.body.tissue.size(); ++n)
    if (padded.body.tissue[n] == TissueKind::layer)
    {
      CHECK_FALSE(voxels.bone[n]);
      CHECK_FALSE(voxels.judged[n]);
    }
}

TEST_CASE("the distance from loads is counted from where they act, on the layer")
{
  const Padded padded;
  // The load is 3 mm above the bone: of 3.9 mm only the bone's uppermost voxels are left out.
  CHECK(count(padded.judged(3.9).judged) == 216 - 4 * 4 * 4 - 36);
  CHECK(count(padded.judged(3.0).judged) == 216 - 4 * 4 * 4);
}

TEST_CASE("no bone is left out beside supports that bear nothing")
{
  const Padded padded;
  load::Rig rig;
  rig.supports.push_back({"floor",
                          load::SupportKind::clamped,
                          patch_where([](Vec3 p) { return p.z < -3 + 1e-6; }),
                          {},
                          0});
  const long held = count(padded.judged(3, rig).judged);
  rig.inertia_relief = true;
  CHECK(count(padded.judged(3, rig).judged) == 216 - 4 * 4 * 4);
  CHECK(held < 216 - 4 * 4 * 4);
}

TEST_CASE("of a cycle the worst instant is found, each response asked for once")
{
  const Block block({4, 4, 4});
  material::Protocol protocol = material::protocol("rizzoli_linear", "");
  protocol.domain = everywhere();
  std::vector<load::LoadCase> instants;
  const std::vector<double> strains = {1e-3, 4e-3, 2.5e-3, 4e-3, 0};
  for (std::size_t n = 0; n < strains.size(); ++n)
  {
    instants.emplace_back();
    instants.back().name = "gait";
    instants.back().time_percent = 20.0 * static_cast<double>(n);
  }
  std::vector<std::size_t> asked;
  const auto response = [&](std::size_t n)
  {
    asked.push_back(n);
    analysis::Response result;
    result.strain.assign(64, {0, 0, -strains[n], 0, 0, 0});
    return result;
  };
  const JudgedBody body =
      judged_body(block.model, block.lattice, block.surface, protocol.domain, instants.front(), {});
  const JudgedCycle cycle = judge_cycle(body, response, instants, protocol);
  CHECK(asked == std::vector<std::size_t>{0, 1, 2, 3, 4});
  CHECK(cycle.worst == 1);
  REQUIRE(cycle.instants.size() == strains.size());
  const auto bone = synthetic_femur(anatomy::Side::left).anatomy;
  for (std::size_t n = 0; n < strains.size(); ++n)
  {
    CHECK(cycle.instants[n].time_percent == instants[n].time_percent);
    const auto whole = assess(body, response(n), instants[n], {}, protocol, bone, 700);
    CHECK(cycle.instants[n].utilisation == Approx(whole.criteria.front().utilisation));
  }
  CHECK(cycle.instants[1].utilisation == Approx(4 * cycle.instants[0].utilisation));
  CHECK_THROWS_AS(judge_cycle(body, response, {}, protocol), std::invalid_argument);
}
