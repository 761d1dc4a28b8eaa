#include "base/files.hpp"
#include "report/comparison.hpp"
#include "temporary_folder.hpp"
#include "unit/report/results.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace calcar;
using namespace calcar::report;
using Catch::Contains;

namespace
{
void write(const std::filesystem::path& folder, const Results& results)
{
  std::filesystem::create_directories(folder);
  write_text(folder / "results.json", results_json(results));
}

Results on_voxels()
{
  Results results = sample::results();
  for (VariantResults& variant : results.variants)
  {
    variant.volume_mm3 = 150000;
    for (risk::ActivityAssessment& a : variant.activities)
      a.external_work = 400;
  }
  results.solver.unknowns = 300000;
  results.solver.elements = 90000;
  return results;
}

/// The same on a mesh: a little stronger and stiffer, weakest 5 mm away.
Results on_mesh()
{
  Results results = on_voxels();
  results.mesh = MeshResults{{},       {}, "tetrahedron", 2,         61000, 12000, 3.02, 12,
                             {"bone"}, "", "cells",       "nearest", 0.01,  {}};
  results.solver.method = analysis::Method::mesh;
  for (VariantResults& variant : results.variants)
  {
    variant.volume_mm3 = 153000;
    for (risk::ActivityAssessment& a : variant.activities)
    {
      a.external_work = 320;
      risk::CriterionResult& headline = a.criteria.front();
      headline.utilisation *= 0.9;
      headline.load_factor /= 0.9;
      if (headline.location)
        headline.location->point += Vec3{0, 3, 4};
      if (a.fracture_load_N)
        *a.fracture_load_N /= 0.9;
    }
  }
  return results;
}

std::string refused(const std::filesystem::path& a, const std::filesystem::path& b)
{
  try
  {
    compare_results(a, b);
  }
  catch (const InputError& error)
  {
    CHECK(error.fault() == Fault::command);
    return error.what();
  }
  return "";
}
} // namespace

TEST_CASE("two runs stand side by side with their differences")
{
  const test::TemporaryFolder folder;
  write(folder / "a", on_voxels());
  write(folder / "b", on_mesh());
  const Comparison comparison = compare_results(folder / "a", folder / "b/results.json");
  CHECK(comparison.body_a == "voxels of 1.5 mm, 300000 unknowns");
  CHECK(comparison.body_b == "61000 cells (tetrahedron, order 2, 3.02 mm), 300000 unknowns");
  REQUIRE(comparison.volume_mm3.size() == comparison.variants.size());
  CHECK(*comparison.volume_mm3[0].difference() == Approx(0.02));
  REQUIRE(!comparison.activities.empty());
  for (const ComparedActivity& activity : comparison.activities)
    if (activity.utilisation.a && *activity.utilisation.a > 0)
    {
      CHECK(*activity.utilisation.difference() == Approx(-0.1));
      CHECK(*activity.fracture_load_N.difference() == Approx(1 / 0.9 - 1));
      // F^2 / (2 W) with 1600 N.
      CHECK(*activity.stiffness_N_mm.a == Approx(1600.0 * 1600 / 800));
      CHECK(*activity.stiffness_N_mm.difference() == Approx(0.25));
      CHECK(*activity.apart_mm == Approx(5));
    }
  CHECK(comparison.warnings.empty());
  const std::string table = comparison_table(comparison);
  CHECK_THAT(table, Contains("-10.0 %") && Contains("+25.0 %") && Contains("(5 mm apart)"));
  const auto json = nlohmann::json::parse(comparison_json(comparison));
  CHECK(json["schema"] == "calcar-comparison/1");
  CHECK(json["activities"].size() == comparison.activities.size());
  CHECK(json["activities"][0]["stiffness_N_mm"]["difference"].get<double>() == Approx(0.25));
}

TEST_CASE("what makes two runs unlike is named")
{
  const test::TemporaryFolder folder;
  write(folder / "a", on_voxels());
  Results other = on_voxels();
  other.protocol = "another";
  other.side = "right";
  other.body_weight_N = 700;
  other.variants.front().activities.pop_back();
  other.lesions.clear();
  write(folder / "b", other);
  const std::string table = comparison_table(compare_results(folder / "a", folder / "b"));
  CHECK_THAT(table, Contains("the protocol differs: rizzoli_linear and another"));
  CHECK_THAT(table, Contains("the side differs: left and right"));
  CHECK_THAT(table, Contains("the body weight differs: 800 N and 700 N"));
  CHECK_THAT(table, Contains("is only in the first run"));
}

TEST_CASE("what is no run of a patient is refused with the remedy")
{
  const test::TemporaryFolder folder;
  write(folder / "a", on_voxels());
  CHECK_THAT(refused(folder / "a", folder / "none"),
             Contains("there are no results") && Contains("check the path"));
  std::filesystem::create_directories(folder / "broken");
  write_text(folder / "broken/results.json", "{ \"schema\": ");
  CHECK_THAT(refused(folder / "a", folder / "broken"), Contains("the file is no JSON object"));
  write_text(folder / "broken/results.json", "{ \"schema\": \"calcar-results/0\" }");
  CHECK_THAT(refused(folder / "broken", folder / "a"), Contains("its schema is calcar-results/0"));
  write_text(folder / "broken/results.json",
             "{ \"schema\": \"calcar-results/1\", \"mode\": \"study\", \"variants\": [] }");
  CHECK_THAT(refused(folder / "a", folder / "broken"), Contains("it is a study"));
  write_text(folder / "broken/results.json",
             "{ \"schema\": \"calcar-results/1\", \"mode\": \"patient\", \"variants\": [] }");
  CHECK_THAT(refused(folder / "a", folder / "broken"), Contains("a part is missing"));
  Results other = on_voxels();
  other.variants.front().name = "another";
  other.variants.resize(1);
  write(folder / "b", other);
  CHECK_THAT(refused(folder / "a", folder / "b"), Contains("no activity of one variant in common"));
}
