// Verdicts on fixed bones: modes kept apart, load factors, cycles; hand-made bodies and fields.
#include "risk/bone_zones.hpp"
#include "risk/fixation.hpp"
#include "unit/risk/fixed_block.hpp"

#include <catch2/catch.hpp>

#include <limits>

using namespace calcar;
using namespace calcar::risk;
using Catch::Contains;
using implant::ComponentKind;
using load::ActivityKind;
using model::TissueKind;

namespace
{
constexpr double infinite = std::numeric_limits<double>::infinity();

const ModeUtilisation* find(const std::vector<ModeUtilisation>& modes, FailureMode mode)
{
  for (const ModeUtilisation& one : modes)
    if (one.mode == mode)
      return &one;
  return nullptr;
}

double utilisation(const std::vector<ModeUtilisation>& modes, FailureMode mode)
{
  const ModeUtilisation* found = find(modes, mode);
  return found ? found->utilisation : -1;
}

/// A nail from 50 to -30 along z with a screw across it at -15 and a lesion at 25.
FixedBlock nailed()
{
  FixedBlock block({31, 31, 101});
  block.add_bar(ComponentKind::nail, "nail", {0, 0, 50}, {0, 0, -30}, 10);
  block.add_bar(ComponentKind::locking_screw, "screw", {-15, 0, -15}, {15, 0, -15}, 4, {"nail"});
  block.lesions = {bodies::sphere_lesion({0, 0, 25}, 6)};
  return block;
}

load::LoadCase load_case_of(ActivityKind kind)
{
  load::LoadCase result;
  result.name = "walking";
  result.kind = kind;
  return result;
}

/// A headline utilisation at the voxel that holds a point, and a field of utilisations.
ActivityAssessment assessed(const FixedBlock& block, Vec3 at, double headline,
                            const std::function<double(Vec3)>& field)
{
  ActivityAssessment bone;
  bone.reference = {"head", 1000, "N"};
  CriterionResult criterion;
  criterion.utilisation = headline;
  criterion.load_factor = 1 / headline;
  bone.utilisation_field.assign(block.body.tissue.size(), 0);
  for (std::size_t n = 0; n < block.body.tissue.size(); ++n)
  {
    if (block.body.tissue[n] == TissueKind::bone)
      bone.utilisation_field[n] = field(block.centre(n));
    if (norm(block.centre(n) - at) < 0.1)
      criterion.element = n;
  }
  REQUIRE(criterion.element);
  criterion.location = anatomy::locate(block.bone, block.centre(*criterion.element));
  bone.criteria.push_back(criterion);
  return bone;
}

FixationVerdict judged(const FixedBlock& block, const ActivityAssessment& bone,
                       const SymTensor& strain, ActivityKind kind = ActivityKind::daily,
                       const Baseline& baseline = {})
{
  return judge_fixation(block.view(), bone, block.strained(strain), load_case_of(kind), baseline,
                        daily_cycles(5000, 12));
}

const Vec3 free_place{-14, -14, 10};
} // namespace

TEST_CASE("a place on the bone is at the lesion, at the implant's end, at a screw or elsewhere")
{
  const FixedBlock block = nailed();
  const BoneZones zones(block.fixation, block.lesions);
  CHECK(zones.at({0, 0, 25}) == FailureMode::bone_at_lesion);
  CHECK(zones.at({10.9, 0, 25}) == FailureMode::bone_at_lesion);
  CHECK(zones.at({11.1, 0, 25}) == FailureMode::bone_elsewhere);
  CHECK(zones.at({0, 0, -39.9}) == FailureMode::bone_at_implant_end);
  CHECK(zones.at({0, 0, -40.1}) == FailureMode::bone_elsewhere);
  CHECK(zones.at({0, 8, 49}) == FailureMode::bone_elsewhere); // the nail's entry is no end
  CHECK(zones.at({12, 6.9, -15}) == FailureMode::bone_at_screws);
  CHECK(zones.at({12, 7.1, -15}) == FailureMode::bone_elsewhere);
  FixedBlock beyond = nailed();
  beyond.fixation.warnings.push_back({"beyond_image", "", ""});
  CHECK(BoneZones(beyond.fixation, beyond.lesions).at({0, 0, -38}) == FailureMode::bone_elsewhere);
  CHECK(BoneZones(block.fixation, {}).at({0, 0, 25}) == FailureMode::bone_elsewhere);
}

TEST_CASE("a plate ends at its ends and at its last screws")
{
  FixedBlock block({41, 41, 121});
  block.add_bar(ComponentKind::plate, "plate", {15, 0, 55}, {15, 0, -55}, 5);
  for (const double z : {40.0, 0.0, -20.0, -40.0})
    block.add_bar(ComponentKind::locking_screw, "screw", {15, 0, z}, {-15, 0, z}, 4, {"plate"});
  const BoneZones zones(block.fixation, block.lesions);
  CHECK(zones.at({10, 0, 60}) == FailureMode::bone_at_implant_end);
  CHECK(zones.at({-10, 0, -49}) == FailureMode::bone_at_implant_end);
  CHECK(zones.at({-10, 9, 40}) == FailureMode::bone_at_implant_end);
  CHECK(zones.at({-10, 6, 0}) == FailureMode::bone_at_screws);
  CHECK(zones.at({-10, 9, 0}) == FailureMode::bone_elsewhere);
}

TEST_CASE("the zone of the headline has the headline; the others follow the field and stay below")
{
  const FixedBlock block = nailed();
  // The criterion averages 0.5 where the field has 1; beside the load nothing is judged.
  const auto field = [](Vec3 p) {
    return p.z > 46 ? 9.0 : p.z > 13 ? 1.0 : norm(p - Vec3{14, 0, -15}) < 6 ? 0.6 : 0.2;
  };
  const ActivityAssessment bone = assessed(block, {12, 0, 25}, 0.5, field);
  const auto at_lesion = assessed(block, {10, 0, 25}, 0.5, field);
  for (const ActivityAssessment* one : {&bone, &at_lesion})
  {
    const auto modes = bone_modes(block.view(), *one);
    REQUIRE(modes.size() == 4);
    CHECK(utilisation(modes, FailureMode::bone_at_lesion) == Approx(0.5));
    CHECK(utilisation(modes, FailureMode::bone_elsewhere) == Approx(0.5)); // 9 is not judged: held
    CHECK(utilisation(modes, FailureMode::bone_at_screws) == Approx(0.3));
    CHECK(utilisation(modes, FailureMode::bone_at_implant_end) == Approx(0.1));
  }
  CHECK(find(bone_modes(block.view(), bone), FailureMode::bone_elsewhere)->where ==
        bone.criteria[0].location->words);
}

TEST_CASE("a criterion of volume gives its utilisation to the zone that is worst")
{
  FixedBlock block = nailed();
  ActivityAssessment bone =
      assessed(block, free_place, 0.8, [](Vec3 p) { return p.z < -20 ? 3.0 : 1.5; });
  bone.criteria[0].location.reset();
  bone.criteria[0].element.reset();
  const auto modes = bone_modes(block.view(), bone);
  double most = 0;
  for (const ModeUtilisation& mode : modes)
    most = std::max(most, mode.utilisation);
  CHECK(most == Approx(0.8));
  CHECK(utilisation(modes, FailureMode::bone_at_lesion) == Approx(0.4));
  block.lesions.clear();
  CHECK_FALSE(find(bone_modes(block.view(), bone), FailureMode::bone_at_lesion));
  bone.utilisation_field.clear();
  CHECK(bone_modes(block.view(), bone).empty());
}

TEST_CASE("strain near a lesion is that of bone within 5 mm of it, and none without lesions")
{
  FixedBlock block = nailed();
  analysis::Response response = block.strained({});
  for (std::size_t n = 0; n < response.strain.size(); ++n)
  {
    const double apart = norm(block.centre(n) - Vec3{0, 0, 25});
    response.strain[n].zz = block.body.tissue[n] == TissueKind::metal ? -1
                            : apart < 13                              ? -0.004
                                                                      : 1;
  }
  CHECK(strain_near_lesions(block.view(), response) == Approx(0.004));
  block.lesions.clear();
  CHECK(strain_near_lesions(block.view(), response) == 0);
}

TEST_CASE("modes come sorted, and what one load can cause tells the fracture load")
{
  FixedBlock block({21, 21, 81});
  block.add_bar(ComponentKind::rod, "rod", {0, 0, 40.5}, {0, 0, -40.5}, 10);
  block.add_bar(ComponentKind::locking_screw, "screw", {-10, 0, -15}, {10, 0, -15}, 4, {"rod"});
  const ActivityAssessment bone = assessed(block, {9, 9, 10}, 0.25, [](Vec3) { return 0.2; });
  Baseline baseline;
  baseline.unfixed_load_factor = 2;
  baseline.healthy_load_factor = 8;
  const material::Alloy ti = material::alloy("ti6al4v_eli", "");
  // The rod, made of whole voxels, is pressed with 200 MPa.
  const auto strain = uniaxial(-200, ti.youngs, ti.poisson);
  const FixationVerdict daily = judged(block, bone, strain, ActivityKind::daily, baseline);
  REQUIRE(daily.components.size() == 2);
  const double stress = daily.components[0].stress_MPa;
  const auto of_rod =
      std::count(block.hardware.component.begin(), block.hardware.component.end(), 0);
  const double filled = static_cast<double>(of_rod) / 81 / implant::round_section(10).area_mm2;
  CHECK(stress == Approx(200 * filled).epsilon(0.01));
  CHECK(daily.components[0].yield_utilisation == Approx(stress / ti.yield));
  for (std::size_t n = 1; n < daily.modes.size(); ++n)
    CHECK(daily.modes[n - 1].utilisation >= daily.modes[n].utilisation);
  CHECK(daily.load_factor == Approx(1 / daily.modes.front().utilisation));
  double one_load = 0;
  for (const ModeUtilisation& mode : daily.modes)
    if (mode.mode != FailureMode::implant_fatigue)
      one_load = std::max(one_load, mode.utilisation);
  REQUIRE(daily.fracture_load_N);
  CHECK(*daily.fracture_load_N == Approx(1000 / one_load));
  CHECK(*daily.restored == Approx(0.5 / one_load));
  CHECK(*daily.of_healthy == Approx(0.125 / one_load));
  CHECK(daily.cycles == Approx(0.5 * 5000 * 365.25));
  CHECK(find(daily.modes, FailureMode::implant_fatigue));
  const FixationVerdict fall = judged(block, bone, strain, ActivityKind::accident, baseline);
  CHECK_FALSE(find(fall.modes, FailureMode::implant_fatigue));
  CHECK(fall.cycles == 0);
  CHECK(fall.components[0].fatigue_safety == infinite);
  CHECK(*fall.fracture_load_N == Approx(*daily.fracture_load_N));
  CHECK(fall.load_factor * 1000 == Approx(*fall.fracture_load_N));
}

TEST_CASE("an even column shares its load by EA")
{
  FixedBlock block({21, 21, 60});
  block.add_bar(ComponentKind::rod, "rod", {0, 0, 30}, {0, 0, -30}, 9);
  const ActivityAssessment bone = assessed(block, {-9, 9, 0.5}, 0.5, [](Vec3) { return 0.5; });
  const FixationVerdict verdict = judged(block, bone, {0, 0, -0.001, 0, 0, 0});
  // No strain across: the stress is E (1 - nu) / (1 + nu) / (1 - 2 nu) times the strain.
  const auto stiff = [](double E, double nu) { return E * (1 - nu) / ((1 + nu) * (1 - 2 * nu)); };
  const double metal = static_cast<double>(block.hardware.voxels.size()) / 60;
  const double rod = metal * stiff(block.hardware.youngs[0], block.hardware.poisson[0]);
  CHECK(verdict.implant_share == Approx(rod / (rod + (441 - metal) * stiff(10000, 0.3))));
  CHECK_THAT(verdict.share_level, Contains("middle of the implant"));
  CHECK(verdict.interface_motion_um == 0); // bonded
}

TEST_CASE("cement alone: no metal, so no yield and no fatigue but that of the cement")
{
  FixedBlock block({25, 25, 25});
  block.add_cement("cement", {}, bodies::ball({}, 7));
  block.lesions = {bodies::sphere_lesion({0, 0, 0}, 7)};
  const ActivityAssessment bone = assessed(block, {0, 0, 9}, 0.1, [](Vec3) { return 0.1; });
  const auto strain = uniaxial(10, 2500, 0.3);
  const FixationVerdict verdict = judged(block, bone, strain);
  CHECK(verdict.components.empty());
  REQUIRE(verdict.cement.size() == 1);
  CHECK_FALSE(find(verdict.modes, FailureMode::implant_yield));
  CHECK_FALSE(find(verdict.modes, FailureMode::screw_pull_out));
  CHECK(utilisation(verdict.modes, FailureMode::cement) == verdict.cement[0].utilisation);
  CHECK(utilisation(verdict.modes, FailureMode::implant_fatigue) ==
        verdict.cement[0].fatigue_utilisation);
  CHECK(find(verdict.modes, FailureMode::implant_fatigue)->where == "cement");
  CHECK(*verdict.fracture_load_N == Approx(1000 / verdict.cement[0].utilisation));
  CHECK_FALSE(verdict.restored);
}

TEST_CASE("an unloaded bone fails by nothing")
{
  const FixedBlock block = nailed();
  const ActivityAssessment none = assessed(block, free_place, 0, [](Vec3) { return 0.0; });
  const FixationVerdict verdict = judged(block, none, {});
  CHECK(verdict.load_factor == infinite);
  CHECK(verdict.implant_share == 0);
}

TEST_CASE("cycles of daily life: those of one leg, from the case or the data file")
{
  const DailyCycles given = daily_cycles(4000, 6);
  CHECK(given.cycles == Approx(2000 * 365.25 / 2));
  CHECK(given.doubt.empty());
  CHECK_THAT(given.words, Contains("4000 steps a day for 6 months") && Contains("safe side"));
  const DailyCycles by_default = daily_cycles(std::nullopt, std::nullopt);
  CHECK(by_default.cycles ==
        Approx(0.5 * by_default.steps_per_day * by_default.months * 365.25 / 12));
  CHECK(by_default.cycles / by_default.months * 12 == Approx(1e6).epsilon(0.02));
  CHECK_THAT(by_default.doubt, Contains("unconfirmed") || Contains("choice"));
  CHECK(daily_cycles(std::nullopt, 3).months == 3);
  CHECK(daily_cycles(4000, 6, anatomy::BoneKind::vertebra).cycles == Approx(2 * given.cycles));
  CHECK_FALSE(daily_cycles(std::nullopt, 3).doubt.empty());
  const DailyCycles many = daily_cycles(20000, 60);
  REQUIRE(many.cycles > 1e7);
  CHECK_THAT(many.words, Contains("more than"));
  CHECK_THAT(many.doubt, Contains("more cycles"));
}

TEST_CASE("every failure mode and state has its own name")
{
  std::vector<std::string> names, words;
  for (int n = 0; n <= static_cast<int>(FailureMode::cement); ++n)
  {
    names.push_back(to_string(static_cast<FailureMode>(n)));
    words.push_back(words_of(static_cast<FailureMode>(n)));
    CHECK(std::count(names.begin(), names.end(), names.back()) == 1);
    CHECK(std::count(words.begin(), words.end(), words.back()) == 1);
  }
  CHECK(to_string(FailureMode::screw_pull_out) == "screw_pull_out");
  CHECK(to_string(BoneState::as_is) == "as_is");
  CHECK(to_string(BoneState::grown) == "grown");
  CHECK(to_string(BoneState::gone) == "gone");
}
