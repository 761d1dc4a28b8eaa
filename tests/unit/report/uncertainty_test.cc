#include "results.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace calcar;
using Catch::Contains;

TEST_CASE("how uncertain a mesh leaves the strain stands in the table and in results.json")
{
  report::Results results = sample::results();
  const auto json = [&] { return nlohmann::json::parse(report::results_json(results)); };
  CHECK_THAT(report::terminal_table(results), !Contains("uncertain by"));
  CHECK_FALSE(json()["variants"].back()["activities"][0].contains("strain_uncertainty"));
  risk::ActivityAssessment& activity = results.variants.back().activities.front();
  activity.strain_uncertainty = 0.083;
  activity.relative_error = 0.04;
  CHECK_THAT(report::terminal_table(results), Contains("; strain here is uncertain by 8 %"));
  CHECK(json()["variants"].back()["activities"][0]["strain_uncertainty"] == 0.083);
  CHECK(json()["variants"].back()["activities"][0]["relative_error"] == 0.04);
}

TEST_CASE("the meshes on the way to the last one stand in results.json")
{
  report::Results results = sample::results();
  report::MeshResults& mesh = results.mesh.emplace();
  const auto json = [&] { return nlohmann::json::parse(report::results_json(results))["mesh"]; };
  CHECK_FALSE(json().contains("refinement"));
  mesh.refinement =
      report::RefinementResults{0.1, false, "unknowns", {{8, 81, 0.5}, {64, 375, 0.2}}};
  const auto refinement = json()["refinement"];
  CHECK(refinement["refine_to"] == 0.1);
  CHECK(refinement["reached"] == false);
  CHECK(refinement["ended_by"] == "unknowns");
  REQUIRE(refinement["steps"].size() == 2);
  CHECK(refinement["steps"][1]["cells"] == 64);
  CHECK(refinement["steps"][1]["unknowns"] == 375);
  CHECK(refinement["steps"][1]["relative_error"] == 0.2);
}
