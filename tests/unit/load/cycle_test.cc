// Loads that vary: over the gait cycle, and between people.
#include "base/files.hpp"
#include "load/make_load_case.hpp"
#include "load/scatter.hpp"
#include "unit/load/hand_made_bones.hpp"
#include "unit/material/scratch_file.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace calcar;
using namespace calcar::load;
using anatomy::BoneKind;
using anatomy::Side;
using Catch::Matchers::Contains;

namespace
{
std::string changed_cycle(const std::string& from, const std::string& to)
{
  const std::string text = read_text(data_file("cases/activities/femur", "gait_cycle", "", ""));
  const ScratchFile file("gait_cycle.toml", with(text, from, to));
  return refusal([&] { read_activity(file.path()); });
}

std::string changed_scatter(const std::string& from, const std::string& to)
{
  const std::string text = read_text(data_file("cases/scatter", "femur_orthoload2016", "", ""));
  const ScratchFile file("femur_orthoload2016.toml", with(text, from, to));
  return refusal([&] { read_scatter(file.path()); });
}
} // namespace

TEST_CASE("the instants of a step load one area of one rig and the activity is the worst of them")
{
  const Activity step = activity(BoneKind::femur, "gait_cycle", "");
  const HandMadeBone femur = hand_made(BoneKind::femur, Side::left);
  const auto cases = make_load_cases(step, femur.anatomy, test_patient());
  REQUIRE(cases.size() == step.instants.size());
  CHECK(cases.size() > 50);
  CHECK(cases.front().time_percent == 0);
  CHECK(cases.back().time_percent == 100);
  const double percent = 72 * 9.81 / 100;
  const LoadCase worst = make_load_case(step, femur.anatomy, test_patient());
  CHECK(worst.reference.value == Approx(238.9 * percent));
  CHECK_FALSE(worst.time_percent);
  const auto most = std::max_element(cases.begin(), cases.end(),
                                     [](const LoadCase& a, const LoadCase& b)
                                     { return a.reference.value < b.reference.value; });
  CHECK(most->time_percent == 19);
  CHECK(most->name == "gait_cycle at 19 %");
  CHECK(norm(most->forces[0].force - worst.forces[0].force) < 1e-9);
  for (const LoadCase& one : cases)
  {
    CHECK(one.rig == worst.rig);
    REQUIRE(one.forces.size() == 1);
    for (std::size_t i = 0; i < femur.surface.points.size(); i += 7)
      CHECK(one.forces[0].patch.weight(femur.surface.points[i], {}) ==
            worst.forces[0].patch.weight(femur.surface.points[i], {}));
  }
  // Two humps of stance, little in swing.
  const auto at = [&](double time)
  {
    for (const LoadCase& one : cases)
      if (one.time_percent == time)
        return one.reference.value / percent;
    return 0.0;
  };
  CHECK(at(36) < 0.85 * at(19));
  CHECK(at(36) < 0.85 * at(50));
  CHECK(at(88) < 40);
}

TEST_CASE("an activity without instants has one load case")
{
  const HandMadeBone femur = hand_made(BoneKind::femur, Side::left);
  const auto cases = make_load_cases(activity(BoneKind::femur, "level_walking", ""), femur.anatomy,
                                     test_patient());
  REQUIRE(cases.size() == 1);
  CHECK(cases[0].name == "level_walking");
  CHECK_FALSE(cases[0].time_percent);
}

TEST_CASE("instants may have components of their own")
{
  const std::string text = read_text(data_file("cases/activities/femur", "gait_cycle", "", ""));
  const ScratchFile file("gait_cycle.toml",
                         with(text, "magnitude_percent_bw = { hip_contact = 101.1 }",
                              "force_percent_bw = { hip_contact = { medial = 3, distal = 400 } }"));
  const Activity step = read_activity(file.path());
  CHECK(step.instants[0].forces[0].percent_bw.at("distal") == 400);
  CHECK(step.forces[0].percent_bw.at("medial") == 3); // the largest now
}

TEST_CASE("a faulty cycle is refused with file, line and remedy")
{
  CHECK_THAT(changed_cycle("time_percent = 2\n", "time_percent = 0\n"),
             Contains("more than that of the instant before"));
  CHECK_THAT(changed_cycle("time_percent = 100", "time_percent = 101"), Contains("0 to 100 %"));
  CHECK_THAT(changed_cycle("{ hip_contact = 101.1 }", "{ hip = 101.1 }"),
             Contains("gait_cycle.toml:23: there is no force \"hip\"; allowed: hip_contact"));
  CHECK_THAT(changed_cycle("magnitude_percent_bw = { hip_contact = 101.1 }\n", ""),
             Contains("force \"hip_contact\" is missing here") && Contains("at every instant"));
  CHECK_THAT(changed_cycle("{ hip_contact = 101.1 }", "{ hip_contact = -101.1 }"),
             Contains("0 or more"));
  CHECK_THAT(changed_cycle("time_percent = 2\n", "time_percnt = 2\n"),
             Contains("missing key \"time_percent\"") && Contains("did you mean"));
}

TEST_CASE("the mean of the measured people is the shipped activity")
{
  const ScatterSet set = scatter("femur_orthoload2016", "");
  CHECK(set.record.source.size() > 20);
  REQUIRE(set.activities.size() == 3);
  const anatomy::Frame frame = hand_made(BoneKind::femur, Side::right).anatomy.frame;
  for (const Scatter& measured : set.activities)
  {
    CAPTURE(measured.activity);
    const auto forces = scattered_forces(set, measured.activity, frame, 700);
    CHECK(forces.size() == (measured.activity == "stand_up" ? 9 : 10));
    Vec3 mean;
    for (const Vec3& force : forces)
      mean += force / static_cast<double>(forces.size());
    const Activity shipped = activity(set.bone, measured.activity, "");
    CHECK(shipped.forces[0].name == set.force);
    CHECK(norm(mean - 7 * named_vector(frame, shipped.forces[0].percent_bw)) < 7 * 0.15);
  }
}

TEST_CASE("the largest measured hip force of walking is 282 percent of body weight")
{
  const ScatterSet set = scatter("femur_orthoload2016", "");
  const anatomy::Frame frame = hand_made(BoneKind::femur, Side::left).anatomy.frame;
  double largest = 0;
  for (const Vec3& force : scattered_forces(set, "level_walking_hip_only", frame, 100))
    largest = std::max(largest, norm(force));
  CHECK(largest == Approx(281.69).margin(0.02));
}

TEST_CASE("an activity that was not measured and a faulty scatter are refused")
{
  const ScatterSet set = scatter("femur_orthoload2016", "");
  CHECK_THAT(refusal([&] { scattered_forces(set, "stand_upp", {}, 700); }),
             Contains("was not measured") && Contains("one_leg_stance") &&
                 Contains("did you mean \"stand_up\"?"));
  CHECK_THAT(refusal([] { scatter("femur_orthoload", "case.toml:9"); }),
             Contains("case.toml:9") && Contains("did you mean"));
  CHECK_THAT(changed_scatter("body_weight_N = 760.0", "body_weight_N = 76000"),
             Contains("20 to 4000 N"));
  CHECK_THAT(changed_scatter("{ lateral = 71.79", "{ sideways = 71.79"),
             Contains("unknown direction \"sideways\""));
}
