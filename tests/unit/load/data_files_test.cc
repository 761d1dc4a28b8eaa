// Walks cases/activities and cases/rigs: every file parses, is cited, and what it names exists.
#include "base/files.hpp"
#include "load/activity.hpp"
#include "load/catalogue.hpp"
#include "load/make_load_case.hpp"
#include "load/rig.hpp"
#include "material/protocol.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <map>
#include <set>

using namespace calcar;
using namespace calcar::load;
using anatomy::BoneKind;

namespace
{
/// Components by medial, anterior, proximal in percent of body weight.
Vec3 percent(const ActivityForce& force)
{
  const anatomy::Frame frame{{}, {1, 0, 0}, {0, 1, 0}, {0, 0, 1}};
  return named_vector(frame, force.percent_bw);
}

Vec3 hip_force(const std::string& name)
{
  const Activity found = activity(BoneKind::femur, name, "");
  for (const ActivityForce& force : found.forces)
    if (force.name == "hip_contact")
      return percent(force);
  return {};
}
} // namespace

namespace
{
struct Named
{
  BoneKind bone;
  std::string name;
};

/// The activities of all bones.
std::vector<Named> all_activities()
{
  std::vector<Named> all;
  for (const std::string& bone : anatomy::bone_names())
    for (const std::string& name : activity_names(anatomy::bone_kind(bone)))
      all.push_back({anatomy::bone_kind(bone), name});
  return all;
}

/// True when the file tells a size of the force.
bool has_size(const ActivityForce& force)
{
  return force.of_impact || norm(percent(force)) > 0 || !force.newtons.empty() || force.couple ||
         force.pressure_kPa > 0 || force.inwards_N + force.inwards_percent_bw > 0;
}
} // namespace

TEST_CASE("every activity is cited, acts in a rig that has its areas and is listed")
{
  for (const auto& [bone, count] : std::map<BoneKind, std::size_t>{{BoneKind::femur, 9},
                                                                   {BoneKind::tibia, 6},
                                                                   {BoneKind::humerus, 5},
                                                                   {BoneKind::vertebra, 5},
                                                                   {BoneKind::pelvis, 3},
                                                                   {BoneKind::rib, 3},
                                                                   {BoneKind::skull, 3}})
  {
    CHECK(activity_names(bone).size() == count);
    CHECK(list_activities(bone).size() == count);
  }
  for (const auto& [bone, name] : all_activities())
  {
    CAPTURE(anatomy::to_string(bone), name);
    const Activity entry = activity(bone, name, "");
    CHECK(entry.bone == bone);
    CHECK(entry.record.words.size() > 10);
    CHECK(entry.record.note.size() > 20);
    CHECK(entry.title.size() > 5);
    CHECK(entry.record.source.size() > 10);
    CHECK(entry.record.file.sha256.size() == 64);
    CHECK_FALSE(entry.set.empty());
    const RigPlan plan = rig_plan(entry.rig, "");
    CHECK(plan.bone == entry.bone);
    for (const ActivityForce& force : entry.forces)
    {
      CAPTURE(force.name);
      CHECK(plan.area(force.acts_on) != nullptr);
      CHECK(has_size(force));
      CHECK((!force.of_impact || plan.fall));
    }
  }
}

TEST_CASE("every rig is cited, used by an activity and its areas are used")
{
  std::set<std::string> used;
  const auto use = [&](const Activity& entry)
  {
    used.insert(entry.rig);
    for (const ActivityForce& force : entry.forces)
      used.insert(entry.rig + "/" + force.acts_on);
  };
  for (const auto& [bone, name] : all_activities())
    use(activity(bone, name, ""));
  for (const std::string& name : activity_names(spine_segment))
    use(for_segment(activity(BoneKind::vertebra, name, ""), ""));
  for (const auto& line : list_rigs())
  {
    CAPTURE(line.name);
    CHECK(line.source.size() > 10);
    CHECK(used.contains(line.name));
    const RigPlan plan = rig_plan(line.name, "");
    for (const SupportPlan& support : plan.supports)
      used.insert(line.name + "/" + support.area);
    for (const Area& area : plan.areas)
      CHECK(used.contains(line.name + "/" + area.name));
  }
}

TEST_CASE("activities that protocols were made for exist")
{
  const auto all = all_activities();
  for (const auto& line : material::list_protocols())
    for (const std::string& name : material::protocol(line.name, "").activities)
      CHECK(std::any_of(all.begin(), all.end(),
                        [&](const Named& known) { return known.name == name; }));
}

TEST_CASE("hip forces have the published magnitudes and directions")
{
  CHECK(norm(hip_force("level_walking")) == Approx(237.7).margin(0.1));
  CHECK(norm(hip_force("stair_climbing")) == Approx(251.1).margin(0.1));
  CHECK(norm(hip_force("level_walking_hip_only")) == Approx(247).margin(1));
  CHECK(norm(hip_force("one_leg_stance")) == Approx(261).margin(2));
  CHECK(norm(hip_force("stand_up")) == Approx(215).margin(2));
  CHECK(norm(hip_force("stumble")) == Approx(870));
  // Both sets push the head laterally, posteriorly and distally: their x axes point opposite ways.
  for (const std::string name : {"level_walking", "level_walking_hip_only", "stumble", "stand_up"})
  {
    CAPTURE(name);
    CHECK(hip_force(name).x < 0);
    CHECK(hip_force(name).y < 0);
    CHECK(hip_force(name).z < 0);
  }
  const Vec3 stumble = hip_force("stumble") / 870;
  CHECK(norm(stumble - normalized(hip_force("level_walking_hip_only"))) < 1e-12);
}

TEST_CASE("abductor with both parts of the tensor is the sum that a second source prints")
{
  Vec3 sum;
  for (const ActivityForce& force : activity(BoneKind::femur, "level_walking", "").forces)
    if (force.acts_on == "postero_lateral_trochanter")
      sum += percent(force);
  CHECK(sum.x == Approx(64.7));
  CHECK(sum.y == Approx(15.2));
  CHECK(sum.z == Approx(80.7));
}

TEST_CASE("the head's loaded cap points at the mean of the shipped hip forces")
{
  Vec3 mean;
  for (const std::string name :
       {"level_walking", "stair_climbing", "level_walking_hip_only", "one_leg_stance", "stand_up"})
    mean += -normalized(hip_force(name));
  const RigPlan plan = rig_plan("femur_stance", "");
  const auto& towards = plan.area("femoral_head")->towards;
  const Vec3 pole{towards.at("medial"), towards.at("anterior"), towards.at("proximal")};
  CHECK(norm(normalized(mean) - normalized(pole)) < 2e-3);
}

TEST_CASE("accidents are marked as such")
{
  const std::set<std::string> accidents{"stumble", "sideways_fall", "seat_belt", "fall_impact_left",
                                        "fall_impact_right"};
  for (const auto& [bone, name] : all_activities())
    CHECK((activity(bone, name, "").kind == ActivityKind::accident) == accidents.contains(name));
}

TEST_CASE("layers of rigs are made of shipped tissues and their faces are loaded or held")
{
  int layers = 0, joints = 0;
  for (const auto& line : list_rigs())
  {
    CAPTURE(line.name);
    const RigPlan plan = rig_plan(line.name, "");
    for (const LayerPlan& layer : plan.layers)
    {
      CHECK(material::tissue(layer.tissue, "").youngs > 0);
      if (layer.joint) // between two vertebrae: nothing acts on it
      {
        ++joints;
        continue;
      }
      CHECK(std::any_of(plan.areas.begin(), plan.areas.end(),
                        [&](const Area& area)
                        { return area.layer && area.layer->name == layer.name; }));
      ++layers;
    }
  }
  CHECK(layers == 8);
  CHECK(joints == 6);
}

TEST_CASE("the acetabulum's loaded cup points at the mean of the shipped hip forces")
{
  Vec3 mean;
  for (const std::string name : {"level_walking", "one_leg_stance"})
    mean += normalized(percent(activity(BoneKind::pelvis, name, "").forces.front()));
  const auto& towards = rig_plan("pelvis_stance", "").area("acetabulum")->towards;
  const Vec3 pole{towards.at("medial"), towards.at("anterior"), towards.at("superior")};
  CHECK(norm(normalized(mean) - normalized(pole)) < 2e-3);
}
