#include "pipeline/patient_variant.hpp"
#include "unit/risk/support.hpp"

#include <catch2/catch.hpp>

using namespace calcar;
using namespace calcar::pipeline;

namespace
{
/// A rig with an activity and a cycle of three instants, on a block strained as each of them says.
struct Judged
{
  Block block{{4, 4, 4}};
  PatientSetting setting;
  RigCases rig;
  analysis::SolvedRig solved;
  std::vector<std::string> finished;   ///< activities whose fields were written
  std::vector<double> finished_strain; ///< of these

  Judged()
  {
    setting.inputs.protocol = material::protocol("rizzoli_linear", "");
    setting.inputs.protocol.domain = everywhere();
    setting.inputs.bone = synthetic_femur(anatomy::Side::left).anatomy;
    rig.rig.name = "stance";
    add("standing", "standing.toml", {});
    add("gait_cycle at 0 %", "gait_cycle.toml", 0);
    add("gait_cycle at 12.5 %", "gait_cycle.toml", 12.5);
    add("gait_cycle at 50 %", "gait_cycle.toml", 50);
    add("stairs at 40 %", "stairs.toml", 40);
    const std::vector<double> strains = {2e-3, 1e-3, 5e-3, 3e-3, 4e-3};
    solved.cases = strains.size();
    solved.solver.unknowns = 375;
    solved.response = [=](std::size_t c)
    {
      analysis::Response response;
      response.strain.assign(64, {0, 0, -strains[c], 0, 0, 0});
      response.reactions = {{"floor", {0, 0, 100.0 * static_cast<double>(c)}}};
      return response;
    };
  }

  void add(const std::string& name, const std::string& file, std::optional<double> time_percent)
  {
    load::LoadCase load_case;
    load_case.name = name;
    load_case.rig = "stance";
    load_case.file.path = file;
    load_case.time_percent = time_percent;
    rig.cases.push_back(load_case);
  }

  report::VariantResults judge(report::Results& results)
  {
    VariantJudge how;
    how.body = [&](const load::LoadCase& load_case, const load::Rig& of)
    {
      return risk::judged_body(block.model, block.lattice, block.surface,
                               setting.inputs.protocol.domain, load_case, of);
    };
    how.finish = [&](risk::ActivityAssessment& assessment, const analysis::Response& response)
    {
      finished.push_back(assessment.activity);
      finished_strain.push_back(-response.strain.front().zz);
    };
    report::VariantResults out;
    out.name = "as is";
    results.body_weight_N = 700;
    judge_rig(setting, rig, solved, how, out, results);
    return out;
  }
};
} // namespace

TEST_CASE("a cycle gives one verdict, that of its worst instant, beside the utilisation of all")
{
  Judged judged;
  report::Results results;
  const report::VariantResults out = judged.judge(results);
  CHECK(judged.finished == std::vector<std::string>{"standing", "gait_cycle", "stairs"});
  CHECK(judged.finished_strain == std::vector<double>{2e-3, 5e-3, 4e-3});
  REQUIRE(out.activities.size() == 3);
  CHECK(out.activities[0].cycle.empty());
  CHECK(out.activities[2].cycle.empty()); // one instant alone is no cycle
  const risk::ActivityAssessment& gait = out.activities[1];
  REQUIRE(gait.cycle.size() == 3);
  CHECK(gait.cycle[1].time_percent == 12.5);
  const double worst = gait.criteria.front().utilisation;
  CHECK(gait.cycle[1].utilisation == Approx(worst));
  CHECK(gait.cycle[0].utilisation == Approx(worst / 5));
  CHECK(gait.cycle[2].utilisation == Approx(worst * 3 / 5));
  CHECK(out.activities[0].criteria.front().utilisation == Approx(worst * 2 / 5));
  REQUIRE(gait.reactions.size() == 1);
  CHECK(gait.reactions[0].force.z == 200); // of the worst instant
  REQUIRE(results.supports.size() == 3);
  CHECK(results.supports[1].activity == "gait_cycle");
  CHECK(results.supports[1].reaction_N.z == 200);
  CHECK(out.solver.unknowns == 375);
}
