// The shipped activities of all bones on hand-made ones: what acts, where, and on which side.
#include "load/activity.hpp"
#include "load/catalogue.hpp"
#include "load/make_load_case.hpp"
#include "load/nodal_forces.hpp"
#include "load/rig.hpp"
#include "unit/load/hand_made_bones.hpp"
#include "unit/material/scratch_file.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <set>

using namespace calcar;
using namespace calcar::load;
using anatomy::BoneKind;
using anatomy::Side;
using Catch::Matchers::Contains;

namespace
{
const BoneKind all_bones[] = {BoneKind::femur,    BoneKind::tibia,  BoneKind::humerus,
                              BoneKind::vertebra, BoneKind::pelvis, BoneKind::rib,
                              BoneKind::skull};

LoadCase load_case(const std::string& name, const HandMadeBone& bone)
{
  return make_load_case(activity(bone.anatomy.kind, name, ""), bone.anatomy, test_patient());
}

/// What an activity should sum up to, from the papers' own figures.
struct Published
{
  BoneKind bone;
  std::string activity;
  Vec3 own;      ///< medially, anteriorly, proximally
  double of_bw;  ///< 1: percent of body weight, 0: newtons
  double margin; ///< rounding of the data file
};

const std::vector<Published> published{
    {BoneKind::tibia, "level_walking", {0, 0, -261}, 1, 0.01},
    {BoneKind::tibia, "stair_climbing", {0, 0, -316}, 1, 0.01},
    {BoneKind::tibia, "stair_descending", {0, 0, -346}, 1, 0.01},
    {BoneKind::tibia, "stand_up", {0, 0, -246}, 1, 0.01},
    {BoneKind::tibia, "one_leg_stance", {0, 0, -259}, 1, 0.01},
    {BoneKind::tibia, "standing", {0, 0, -107}, 1, 0.01},
    {BoneKind::vertebra, "standing", {0, 0, -78}, 1, 0.01},
    {BoneKind::vertebra, "flexion", {0, 0, -190}, 1, 0.01},
    {BoneKind::vertebra, "lifting_10kg", {0, 0, -294}, 1, 0.01},
    {BoneKind::vertebra, "compression_pmma_1000N", {0, 0, -1000}, 0, 1e-9},
    // What is left for trunk and other leg: Heller's walking turned round; 83 % BW on one leg.
    {BoneKind::pelvis, "level_walking", {-11.2, 16.9, 129.5}, 1, 0.01},
    {BoneKind::pelvis, "one_leg_stance", {0, 0, 83}, 1, 0.01},
    {BoneKind::skull, "fall_impact_right", {-5000, 0, 0}, 0, 1e-9},
    {BoneKind::skull, "fall_impact_left", {5000, 0, 0}, 0, 1e-9},
    {BoneKind::skull, "pillow_pressure", {0, 7, 0}, 1, 0.01},
    {BoneKind::rib, "side_lying", {3, 0, 0}, 1, 0.01},
    {BoneKind::humerus, "chair_push_up", {0, 0, -170}, 1, 0.01},
    {BoneKind::humerus, "crutch_walking", {0, 0, -170}, 1, 0.01},
    {BoneKind::femur, "gait_cycle", {-65.5, -22.8, -228.4}, 1, 0.5},
};
} // namespace

TEST_CASE("nodal forces of every activity of every bone have its resultant and its moment")
{
  for (const BoneKind kind : all_bones)
    for (const Side side : {Side::left, Side::right})
    {
      const HandMadeBone bone = hand_made(kind, side);
      const SurfaceCloud& surface = bone.surface;
      CHECK(activity_names(kind).size() >= 3);
      for (const std::string& name : activity_names(kind))
      {
        const LoadCase loads = settled(load_case(name, bone), surface.points);
        CHECK(loads.forces.size() == activity(kind, name, "").forces.size());
        CHECK(loads.reference.value > 0);
        for (AppliedForce force : loads.forces)
        {
          CAPTURE(anatomy::to_string(kind), name, force.name);
          const double pressure = force.pressure_MPa;
          force.pressure_MPa = 0;
          const auto nodal = nodal_forces(force, surface.points, surface.normals, surface.areas);
          Vec3 resultant, moment;
          int loaded = 0;
          for (std::size_t i = 0; i < nodal.size(); ++i)
          {
            resultant += nodal[i];
            moment += cross(surface.points[i] - force.patch.centre, nodal[i]);
            loaded += norm(nodal[i]) > 0;
          }
          const double size = norm(force.force) + norm(force.moment) / 10;
          CHECK((loaded > 10 || pressure > 0));
          CHECK((size > 0 || pressure > 0));
          CHECK(norm(resultant - force.force) <= 1e-9 * size);
          CHECK(norm(moment - force.moment) <= 1e-7 * size);
        }
      }
    }
}

TEST_CASE("the forces of an activity sum up to what is published")
{
  const double percent = 72 * 9.81 / 100;
  for (const Published& expected : published)
  {
    CAPTURE(anatomy::to_string(expected.bone), expected.activity);
    for (const Side side : {Side::left, Side::right})
    {
      const HandMadeBone bone = hand_made(expected.bone, side);
      Vec3 sum;
      for (const AppliedForce& force : load_case(expected.activity, bone).forces)
        sum += force.force;
      const double unit = expected.of_bw > 0 ? percent : 1;
      const Vec3 own = bone.at(expected.own) - bone.at({});
      CHECK(norm(sum / unit - own) < expected.margin);
    }
  }
}

TEST_CASE("loads of a right bone are the mirror image of those of a left one")
{
  for (const BoneKind kind :
       {BoneKind::femur, BoneKind::tibia, BoneKind::humerus, BoneKind::pelvis, BoneKind::rib})
    for (const std::string& name : activity_names(kind))
    {
      CAPTURE(anatomy::to_string(kind), name);
      const LoadCase left = load_case(name, hand_made(kind, Side::left));
      const LoadCase right = load_case(name, hand_made(kind, Side::right));
      REQUIRE(left.forces.size() == right.forces.size());
      for (std::size_t i = 0; i < left.forces.size(); ++i)
      {
        const Vec3 force = left.forces[i].force;
        const Vec3 moment = left.forces[i].moment;
        CHECK(norm(right.forces[i].force - Vec3{-force.x, force.y, force.z}) < 1e-9);
        // The mirror image of a turn across x = 0 keeps its part about x.
        CHECK(norm(right.forces[i].moment - Vec3{moment.x, -moment.y, -moment.z}) < 1e-9);
      }
      CHECK(left.reference.value == Approx(right.reference.value));
    }
}

TEST_CASE("internal torsion pushes the front of the humeral head medially, external laterally")
{
  for (const Side side : {Side::left, Side::right})
    for (const std::string turn : {"internal", "external"})
    {
      const HandMadeBone bone = hand_made_humerus(side);
      const LoadCase loads = load_case("torsion_" + turn, bone);
      CHECK(loads.reference.what == "torque");
      CHECK(loads.reference.unit == "N m");
      CHECK(loads.reference.value == Approx(0.0174 * 72 * 9.81));
      const AppliedForce& torque = loads.forces.at(0);
      CHECK(norm(torque.force) == 0);
      const SurfaceCloud& surface = bone.surface;
      const auto nodal = nodal_forces(torque, surface.points, surface.normals, surface.areas);
      const anatomy::Frame& frame = bone.anatomy.frame;
      double front = 0, back = 0;
      for (std::size_t i = 0; i < nodal.size(); ++i)
        (dot(surface.points[i] - frame.origin, frame.anterior) > 0 ? front : back) +=
            dot(nodal[i], frame.medial);
      const double sense = turn == "internal" ? 1 : -1;
      CHECK(sense * front > 10);
      CHECK(sense * back < -10);
    }
}

TEST_CASE("loads scale with body weight, tests in newtons do not")
{
  Patient heavy = test_patient();
  heavy.body_mass_kg *= 1.5;
  const auto ratio = [&](BoneKind kind, const std::string& name)
  {
    const HandMadeBone bone = hand_made(kind, Side::left);
    const Activity plan = activity(kind, name, "");
    return make_load_case(plan, bone.anatomy, heavy).reference.value /
           make_load_case(plan, bone.anatomy, test_patient()).reference.value;
  };
  CHECK(ratio(BoneKind::tibia, "level_walking") == Approx(1.5));
  CHECK(ratio(BoneKind::humerus, "torsion_internal") == Approx(1.5));
  CHECK(ratio(BoneKind::vertebra, "standing") == Approx(1.5));
  CHECK(ratio(BoneKind::vertebra, "compression_pmma_1000N") == Approx(1));
  CHECK(ratio(BoneKind::rib, "cough") == Approx(1));
  CHECK(ratio(BoneKind::rib, "side_lying") == Approx(1.5));
}

TEST_CASE("the medial plateau carries 65 % of the knee's force")
{
  const HandMadeBone bone = hand_made_tibia(Side::right);
  const LoadCase loads = load_case("stair_descending", bone);
  REQUIRE(loads.forces.size() == 2);
  CHECK(loads.forces[0].name == "medial_contact");
  CHECK(norm(loads.forces[0].force) == Approx(0.65 * loads.reference.value).epsilon(1e-4));
  CHECK(dot(loads.forces[0].patch.centre - bone.anatomy.frame.origin, bone.anatomy.frame.medial) ==
        Approx(23));
  CHECK(loads.reference.what == "knee contact force");
}

TEST_CASE("a vertebra's load is that of its level and nothing is interpolated")
{
  const double percent = 72 * 9.81 / 100;
  const auto standing = [&](const std::string& level)
  { return load_case("standing", hand_made_vertebra(level)).reference.value / percent; };
  CHECK(standing("L5") == Approx(85.5));
  CHECK(standing("T1") == Approx(15));
  double last = 0;
  for (const char* level : {"T1", "T2", "T3", "T4", "T5", "T6", "T7", "T8", "T9", "T10", "T11",
                            "T12", "L1", "L2", "L3", "L4", "L5"})
  {
    CHECK(standing(level) > last);
    last = standing(level);
  }
  CHECK_THAT(refusal([&] { standing("C7"); }), Contains("no load for level \"C7\"") &&
                                                   Contains("T1, T2, T3") &&
                                                   Contains("T12, L1, L2, L3, L4, L5"));
  CHECK_THAT(refusal([&] { standing(""); }),
             Contains("the level of the vertebra is not known") && Contains("level = \"L5\""));
  CHECK(load_case("compression_pmma_1000N", hand_made_vertebra("")).reference.value ==
        Approx(1000));
}

TEST_CASE("weakly founded loads are for research only, in the load case, its warnings and lists")
{
  const std::set<BoneKind> weak{BoneKind::humerus, BoneKind::pelvis, BoneKind::rib,
                                BoneKind::skull};
  for (const BoneKind kind : all_bones)
    for (const std::string& name : activity_names(kind))
    {
      CAPTURE(anatomy::to_string(kind), name);
      const LoadCase loads = load_case(name, hand_made(kind, Side::left));
      const bool research = loads.evidence == "research_only";
      const bool warned = std::any_of(loads.warnings.begin(), loads.warnings.end(),
                                      [](const auto& w) { return w.code == "research_only"; });
      CHECK(warned == research);
      CHECK((research || !weak.contains(kind)));
      CHECK((research || loads.evidence.empty()));
    }
  CHECK(load_case("level_walking", hand_made(BoneKind::femur, Side::left)).evidence.empty());
  CHECK(load_case("cough", hand_made_vertebra()).evidence == "research_only");
  CHECK(load_case("flexion", hand_made_vertebra("L1")).evidence.empty());
  CHECK(load_case("flexion", hand_made_vertebra("T12")).evidence == "research_only");
  CHECK(load_case("flexion", hand_made_vertebra("T12")).warnings.size() == 1);
  const auto lines = list_activities(BoneKind::rib);
  CHECK_THAT(lines.front().words, Contains("(daily, research only)"));
}

TEST_CASE("in no rig but the femur's stance does a load act where a support holds")
{
  for (const BoneKind kind : all_bones)
    for (const std::string& name : activity_names(kind))
    {
      const Activity plan = activity(kind, name, "");
      if (plan.rig == "femur_stance") // a whole femur is guided at the head, see the rig's file
        continue;
      const RigPlan rig = rig_plan(plan.rig, "");
      for (const ActivityForce& force : plan.forces)
        for (const SupportPlan& support : rig.supports)
        {
          CAPTURE(name, force.name, support.name);
          CHECK(force.acts_on != support.area);
        }
      const HandMadeBone bone = hand_made(kind, Side::left);
      const Rig held = settled(make_rig(rig, bone.anatomy), bone.surface.points);
      const LoadCase loads = settled(load_case(name, bone), bone.surface.points);
      for (std::size_t i = 0; i < bone.surface.points.size(); ++i)
        for (const AppliedForce& force : loads.forces)
          for (const Support& support : held.supports)
            // A pressure covers all of a surface, to its ends.
            if (force.pressure_MPa == 0 &&
                support.patch.weight(bone.surface.points[i], bone.surface.normals[i]) > 0)
              REQUIRE(force.patch.weight(bone.surface.points[i], bone.surface.normals[i]) == 0);
    }
}
