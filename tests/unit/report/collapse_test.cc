#include "report/collapse.hpp"
#include "report/fracture.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace calcar;
using Catch::Contains;

namespace
{
risk::VertebralCollapse wedged()
{
  risk::VertebralCollapse v;
  v.level = "L3";
  v.measured = true;
  v.mode = "wedge_anterior";
  v.words = "wedge (anterior)";
  v.reason = "the front shortens at least twice as much as the back";
  v.shape = "wedge";
  v.before.heights = {28, 26, 27, 26, 26, 26.5};
  v.at_peak.heights = {27.5, 25.8, 26.9, 25.8, 25.8, 26.2};
  v.at_end.heights = {26.6, 25.5, 26.73, 25.5, 25.5, 26};
  v.before.wedge_deg = -1;
  v.at_end.wedge_deg = 1.5;
  v.at_end.bulge_mm = 0.34;
  v.before.canal_mm2 = 330;
  v.at_end.canal_mm2 = 326.4;
  v.at_end.canal_lost = 0.012;
  v.failure.sections.resize(2);
  v.failure.sections[0] = {0.25, 1200, 4000, 4e5, 100, 0.01, 0.1};
  v.failure.sections[1] = {0.75, 1200, 3510, 3e5, 800, 0.05, 0.9};
  v.failure.failing = v.failure.weakest = 1;
  v.failure.failed_mm3 = 900;
  v.share_of_failure = 1;
  v.figures = {{"bulge", 0.24}};
  v.height_loss = 0.05;
  v.grade_words = "not deformed";
  v.losses = {0.001, 0.019};
  v.factor_at_height_loss = 2;
  return v;
}

risk::FractureAssessment path_of(std::vector<risk::VertebralCollapse> vertebrae)
{
  risk::FractureAssessment path;
  path.activity = "standing";
  path.title = "Standing";
  path.reference = {"spinal compression", 1000, "N"};
  path.steps.resize(2);
  path.collapse.emplace();
  path.collapse->vertebrae = std::move(vertebrae);
  path.collapse->rules_source = "after somebody";
  path.collapse->rules_doubt = "unconfirmed: a decision of this project";
  path.collapse->height_loss = 0.019;
  path.collapse->height_source = "somebody else";
  path.collapse->grade_source = "a third";
  return path;
}
} // namespace

TEST_CASE("The table tells mode, heights, wedge, wall, canal, the section and what is unconfirmed")
{
  const std::string table = report::collapse_table({path_of({wedged()})});
  for (const char* part :
       {"Standing", "L3: wedge (anterior)", "front 1.4 mm (5.0 %)", "middle 0.5 mm (1.9 %)",
        "back 0.3 mm (1.0 %)", "wedge +2.5 degrees", "posterior wall 0.3 mm", "330 to 326 mm2",
        "gives way most at 75 %", "weakest section at 75 % (3510 N)",
        "1.9 % of its height lost at 2000 N", "unconfirmed: a decision of this project",
        "not the shape in which it ends"})
    CHECK_THAT(table, Contains(part));
  CHECK(table.find("still rising") == std::string::npos);
}

TEST_CASE(
    "A mode that is named by the loss of height alone says so; none is named without a reason")
{
  risk::VertebralCollapse rising = wedged(), held;
  rising.load_still_rising = true;
  held.level = "L4";
  held.measured = true;
  held.why_not = "no collapse: nothing of it failed";
  held.failure.sections.resize(1);
  risk::VertebralCollapse unseen;
  unseen.level = "L5";
  unseen.why_not = "not measured: its endplates are not found in these voxels";
  const risk::FractureAssessment path = path_of({rising, held, unseen});
  const std::string table = report::collapse_table({path});
  CHECK_THAT(table, Contains("the load was still rising"));
  CHECK_THAT(table, Contains("L4: no collapse: nothing of it failed\n    L5: not measured"));
  const auto json = report::collapse_json(path);
  CHECK(json["vertebrae"][0]["load_still_rising"] == true);
  CHECK(json["vertebrae"][1]["mode"].is_null());
  CHECK(json["vertebrae"][1]["why_not"] == held.why_not);
  CHECK_FALSE(json["vertebrae"][2].contains("before"));
}

TEST_CASE("results.json has every figure of a collapse in its unit, and null of other bones")
{
  const auto json = report::collapse_json(path_of({wedged()}));
  const auto& v = json["vertebrae"][0];
  CHECK(v["mode"] == "wedge_anterior");
  CHECK(v["lost_at_end"]["mm"]["anterior"].get<double>() == Approx(1.4));
  CHECK(v["lost_at_end"]["percent"]["anterior"].get<double>() == Approx(5));
  CHECK(v["lost_at_peak"]["mm"]["anterior"].get<double>() == Approx(0.5));
  CHECK(v["wedge_change_deg"].get<double>() == Approx(2.5));
  CHECK(v["at_end"]["canal_area_lost_percent"].get<double>() == Approx(1.2));
  CHECK(v["load_at_height_loss"].get<double>() == Approx(2000));
  CHECK(v["failure"]["weakest_section"]["strength_N"].get<double>() == Approx(3510));
  CHECK(v["grade"] == 0);
  CHECK(json["rules_unconfirmed"] == "unconfirmed: a decision of this project");
  CHECK_THAT(json["caution"].get<std::string>(), Contains("small strains"));
  risk::FractureAssessment femur = path_of({});
  femur.collapse.reset();
  CHECK(report::collapse_json(femur).is_null());
  CHECK(report::collapse_table({femur}).empty());
}

TEST_CASE("The CSV of a path has a column of each vertebra's loss of height")
{
  const std::string csv = report::path_csv(path_of({wedged()}));
  CHECK_THAT(csv, Contains("linear_iterations,height_lost_percent_L3\n"));
  CHECK_THAT(csv, Contains(",0.1\n") && Contains(",1.9\n"));
}
