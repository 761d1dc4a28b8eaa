#include "pipeline/fixation_summary.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace calcar;
using namespace calcar::pipeline;
using Catch::Contains;
using risk::BoneState;

namespace
{
using load::ActivityKind;

risk::FixationVerdict verdict(const std::string& activity, ActivityKind kind, double utilisation,
                              const std::string& where)
{
  risk::FixationVerdict found;
  found.activity = activity;
  found.kind = kind;
  found.bone.title = activity;
  found.modes = {{risk::FailureMode::screw_pull_out, utilisation, where}};
  found.load_factor = 1 / utilisation;
  return found;
}

report::FixationStateResults state(BoneState of, std::vector<risk::FixationVerdict> verdicts,
                                   bool headline = true)
{
  report::FixationStateResults results;
  results.state = of;
  results.headline = headline;
  results.verdicts = std::move(verdicts);
  return results;
}

report::FixationResults option()
{
  report::FixationResults results;
  results.name = "Plate";
  results.removed_mm3 = 120;
  results.states = {
      state(BoneState::as_is, {verdict("walking", ActivityKind::daily, 0.4, "screw 1"),
                               verdict("a fall", ActivityKind::accident, 3, "screw 2")}),
      state(BoneState::as_is, {verdict("walking", ActivityKind::daily, 0.9, "screw 3")}, false),
      state(BoneState::gone, {verdict("walking", ActivityKind::daily, 0.8, "screw 4"),
                              verdict("a fall", ActivityKind::accident, 5, "screw 5")})};
  return results;
}

risk::ActivityAssessment bone_alone(const std::string& title, ActivityKind kind, double load_factor)
{
  risk::ActivityAssessment assessment;
  assessment.title = title;
  assessment.kind = kind;
  assessment.criteria.resize(1);
  assessment.criteria.front().load_factor = load_factor;
  return assessment;
}
} // namespace

TEST_CASE("the worst daily activity of all states decides, with the interface judged by")
{
  const risk::OptionSummary summary = summary_of(option(), 1);
  CHECK(summary.placed);
  CHECK(summary.least_load_factor == Approx(1 / 0.8));
  CHECK_THAT(summary.limited_by,
             Contains("screw 4") && Contains("segment gone") && Contains("walking"));
  CHECK(summary.holds);
  CHECK_FALSE(summary_of(option(), 1.3).holds);
  CHECK(summary.removed_mm3 == 120);
}

TEST_CASE("accidents decide only where nothing else is looked at")
{
  report::FixationResults plate = option();
  for (report::FixationStateResults& of : plate.states)
    std::erase_if(of.verdicts, [](const auto& v) { return v.kind == ActivityKind::daily; });
  CHECK(summary_of(plate, 1).least_load_factor == Approx(0.2));
}

TEST_CASE("fatigue is that of the worst component, shielding that of the lesion as it is")
{
  report::FixationResults plate = option();
  CHECK(std::isinf(summary_of(plate, 1).fatigue_safety));
  risk::ComponentVerdict weak;
  weak.fatigue_utilisation = 0.5;
  risk::ComponentVerdict strong;
  strong.fatigue_utilisation = 0.1;
  plate.states[2].verdicts[0].components = {strong, weak};
  plate.states[0].verdicts[0].shielding = {{"neck", 0.3}, {"shaft", -0.1}};
  plate.states[2].verdicts[0].shielding = {{"neck", 0.9}};
  const risk::OptionSummary summary = summary_of(plate, 1);
  CHECK(summary.fatigue_safety == Approx(2));
  CHECK(summary.shielding == Approx(0.3));
}

TEST_CASE("an implant that ends at the lesion is inadequate, whatever it bears")
{
  report::FixationResults nail = option();
  nail.warnings = {{"ends_at_lesion", "the nail ends at the lesion", ""}};
  const risk::OptionSummary summary = summary_of(nail, 1);
  CHECK(summary.inadequate);
  CHECK(summary.because == std::vector<std::string>{"the nail ends at the lesion"});
}

TEST_CASE("what could not be placed or solved has its reason and no figures")
{
  report::FixationResults nail;
  nail.name = "Nail";
  nail.refusal = "the canal is too narrow";
  const risk::OptionSummary summary = summary_of(nail, 1);
  CHECK_FALSE(summary.placed);
  CHECK(summary.refusal == "the canal is too narrow");
  CHECK_FALSE(summary.holds);
}

TEST_CASE("the bone alone holds nothing where the segment is gone, else what it bears")
{
  const std::vector<report::UnfixedStateResults> intact = {
      {BoneState::as_is,
       {bone_alone("walking", ActivityKind::daily, 1.5),
        bone_alone("a fall", ActivityKind::accident, 0.3)}},
      {BoneState::grown, {bone_alone("walking", ActivityKind::daily, 1.1)}}};
  const risk::OptionSummary alone = summary_of_unfixed(intact, 1);
  CHECK(alone.option == "no fixation");
  CHECK(alone.least_load_factor == 1.1);
  CHECK_THAT(alone.limited_by, Contains("lesion grown"));
  CHECK(alone.holds);
  auto broken = intact;
  broken.push_back({BoneState::gone, {}});
  CHECK(summary_of_unfixed(broken, 1).least_load_factor == 0);
  CHECK_FALSE(summary_of_unfixed(broken, 1).holds);
}
