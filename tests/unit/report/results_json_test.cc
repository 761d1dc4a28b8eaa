#include "unit/report/results.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace calcar;
using nlohmann::json;

namespace
{
json parsed(const report::Results& results)
{
  return json::parse(report::results_json(results));
}
} // namespace

TEST_CASE("results.json is JSON with its schema, program and case")
{
  const json found = parsed(sample::results());
  CHECK(found["schema"] == report::results_schema);
  CHECK(found["program"]["version"] == version());
  CHECK(found["case"] == "Left femur, \"lytic\" lesion");
  CHECK(found["mode"] == "patient");
  CHECK(found["bone"] == json({{"kind", "femur"}, {"side", "left"}}));
  CHECK(found["voxel_mm"] == json::array({1.5, 1.5, 1.5}));
  CHECK(found["protocol"]["unconfirmed"] == json::array({"one", "two"}));
  CHECK(found["input_grade"]["grade"] == "B");
  CHECK(found["input_grade"]["reasons"].size() == 2);
  CHECK(found["anatomy"]["landmarks_lps_mm"]["femoral_head_centre"] == json::array({1, 2, 3}));
  CHECK(found["anatomy"]["measures"]["head_radius_mm"]["standard_deviation"] == 0.3);
  CHECK(found["lesions"][0]["volume_mm3"] == 1234.5);
  CHECK(found["warnings"][0]["code"] == "short_shaft");
  CHECK(found["timings_s"]["total"] == 4.0);
  CHECK(found["timings_s"]["solve"] == 2.5);
}

TEST_CASE("each variant has each activity with the headline's numbers and all criteria")
{
  const json found = parsed(sample::results());
  REQUIRE(found["variants"].size() == 2);
  CHECK(found["variants"][0]["name"] == "healthy twin");
  CHECK(found["variants"][1]["solver"]["unknowns"] == 12345);
  const json& walking = found["variants"][1]["activities"][0];
  CHECK(walking["name"] == "level_walking");
  CHECK(walking["kind"] == "daily");
  CHECK(walking["criterion"] == "max_principal_strain");
  CHECK(walking["utilisation"] == 0.6);
  CHECK(walking["load_factor"] == Approx(1 / 0.6));
  CHECK(walking["fracture_load_N"] == Approx(1600 / 0.6));
  CHECK(walking["fracture_load_BW"] == Approx(2 / 0.6));
  CHECK(walking["reference_load"]["body_weights"] == 2);
  CHECK(walking["location"]["point_lps_mm"] == json::array({1, -2, 3.5}));
  REQUIRE(walking["criteria"].size() == 2);
  CHECK(walking["criteria"][0]["unconfirmed"].is_null());
  CHECK(walking["criteria"][1]["unconfirmed"] == "unconfirmed: quoted from memory");
  CHECK(walking["criteria"][1]["utilisation"] == Approx(0.48));
  CHECK(found["variants"][1]["activities"][1]["kind"] == "accident");
}

TEST_CASE("the coarse space is that of the last solver used, of any variant and rig")
{
  report::Results results = sample::results();
  CHECK(parsed(results)["variants"][1]["solver"]["coarse_space"] == "geometric");
  results.variants[1].solver.aggregation = true;
  CHECK(parsed(results)["variants"][1]["solver"]["coarse_space"] == "aggregation");
  analysis::SolverSummary other;
  CHECK(analysis::merge(other, results.variants[1].solver).aggregation);
  CHECK(analysis::merge(results.variants[1].solver, other).aggregation);
  CHECK_FALSE(analysis::merge(other, other).aggregation);
  CHECK_FALSE(analysis::merge(other, other).aggregation_left_out);
  other.aggregation_left_out = true;
  CHECK(analysis::merge(other, results.variants[1].solver).aggregation_left_out);
}

TEST_CASE("the memory of the run stands with its solver, predicted and measured")
{
  report::Results results = sample::results();
  CHECK_FALSE(parsed(results)["solver"].contains("peak_memory_MB"));
  results.memory = {350.5, 341.25};
  const json found = parsed(results);
  CHECK(found["solver"]["peak_memory_MB"] == json{{"predicted", 350.5}, {"measured", 341.25}});
  CHECK_FALSE(found["variants"][0]["solver"].contains("peak_memory_MB"));
  results.memory->measured_MB = 0; // the system does not tell
  CHECK(parsed(results)["solver"]["peak_memory_MB"]["measured"].is_null());
}

TEST_CASE("strength is told over that of the healthy twin, where there is one")
{
  report::Results results = sample::results();
  json found = parsed(results);
  CHECK(found["variants"][0]["activities"][0]["strength_over_healthy_twin"] == 1.0);
  CHECK(found["variants"][1]["activities"][0]["strength_over_healthy_twin"] == Approx(0.5));
  results.variants.erase(results.variants.begin());
  found = parsed(results);
  CHECK(found["variants"][0]["activities"][0]["strength_over_healthy_twin"].is_null());
}

TEST_CASE("numbers that are infinite or missing are null")
{
  report::Results results = sample::results();
  results.variants[1].activities[0] =
      sample::assessment("level_walking", load::ActivityKind::daily, 0);
  results.variants[1].activities[1].fracture_load_N.reset();
  results.variants[1].activities[1].fracture_load_BW.reset();
  results.grade.reset();
  results.anatomy_confidence = std::numeric_limits<double>::quiet_NaN();
  const json found = parsed(results);
  const json& walking = found["variants"][1]["activities"][0];
  CHECK(walking["utilisation"] == 0);
  for (const char* key : {"load_factor", "fracture_load_N", "fracture_load_BW", "location",
                          "strength_over_healthy_twin"})
  {
    CAPTURE(key);
    CHECK(walking[key].is_null());
  }
  CHECK(walking["criteria"][1]["load_factor"].is_null());
  CHECK(found["variants"][1]["activities"][1]["fracture_load_N"].is_null());
  CHECK(found["input_grade"]["grade"].is_null());
  CHECK(found["anatomy"]["confidence"].is_null());
}

TEST_CASE("the reactions of a patient's supports name variant and activity, a study's do not")
{
  report::Results results = sample::results();
  results.supports.push_back({"wall", "", "", {1, 2, 3}});
  const json found = parsed(results);
  CHECK(found["supports"][0]["variant"] == "as is");
  CHECK(found["supports"][0]["activity"] == "level_walking");
  CHECK(found["supports"][0]["reaction_N"] == json::array({10, -20, 30}));
  CHECK_FALSE(found["supports"][1].contains("variant"));
}

TEST_CASE("a study has its own numbers and no patient")
{
  report::Results results;
  results.mode = "study";
  results.axes = "ijk";
  results.study = report::StudyResults{1.5, 0.1, 0.002, -0.003, 0.001, 777};
  const json found = parsed(results);
  CHECK(found["study"]["strain_energy_Nmm"] == 1.5);
  CHECK(found["study"]["smallest_principal_strain"] == -0.003);
  CHECK(found["study"]["effective_strain_exceeded_by_2_percent"] == 0.001);
  CHECK(found["study"]["volume_mm3"] == 777);
  for (const char* key : {"bone", "lesions", "protocol", "body_weight_N"})
    CHECK_FALSE(found.contains(key));
  CHECK(found["variants"].empty());
}

TEST_CASE("a file name that is no UTF-8 does not break the results")
{
  report::Results results = sample::results();
  results.case_file = "f\xE9mur.toml";
  results.sources.push_back({"sc\xE4n.nii", std::string(64, 'b')});
  CHECK(parsed(results)["case_file"] == "f\xEF\xBF\xBDmur.toml");
  CHECK(json::parse(report::provenance_json(results))["inputs"].size() == 2);
}

TEST_CASE("the provenance names inputs by hash, versions, command and ranks")
{
  const json found = json::parse(report::provenance_json(sample::results()));
  CHECK(found["inputs"][0]["path"] == "ct.nii.gz");
  CHECK(found["inputs"][0]["sha256"] == std::string(64, 'a'));
  CHECK(found["program"]["version"] == version());
  CHECK(found["command"] == "calcar run case.toml");
  CHECK(found["ranks"] == 4);
  CHECK(found["libraries"].size() == library_versions().size());
  CHECK(found["libraries"].size() > 2);
}

TEST_CASE("an activity of a variant is found by both names")
{
  const report::Results results = sample::results();
  const auto* found = report::find_activity(results, "as is", "sideways_fall");
  REQUIRE(found);
  CHECK(found->criteria.front().utilisation == 1.5);
  CHECK(report::find_activity(results, "healthy twin", "sideways_fall") != found);
  CHECK_FALSE(report::find_activity(results, "as is", "stumble"));
  CHECK_FALSE(report::find_activity(results, "nailed", "sideways_fall"));
}
