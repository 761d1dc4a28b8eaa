// A spine segment in results.json, summary.csv and the terminal's table.
#include "unit/report/results.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace calcar;
using Catch::Contains;

namespace
{
report::Results segment()
{
  report::Results results = sample::results();
  results.bone = "spine_segment";
  results.side = "midline";
  results.level = "L3";
  for (const std::string level : {"L2", "L3"})
    results.vertebrae.push_back({level, 0.9, {{"body_centre", {1, 2, 3}}}, 61000});
  for (report::VariantResults& variant : results.variants)
    for (risk::ActivityAssessment& activity : variant.activities)
      activity.bones = {{"L2", 0.31, 1 / 0.31, 1600 / 0.31, std::nullopt},
                        {"L3", 0.42, 1 / 0.42, 1600 / 0.42,
                         anatomy::Location{"L3: body", "body", "body_centre", 4, {1, 2, 3}}}};
  return results;
}
} // namespace

TEST_CASE("results.json lists the vertebrae of a segment and the verdict on each")
{
  const auto json = nlohmann::json::parse(report::results_json(segment()));
  CHECK(json["bone"]["kind"] == "spine_segment");
  CHECK(json["bone"]["level"] == "L3");
  REQUIRE(json["bone"]["vertebrae"].size() == 2);
  CHECK(json["bone"]["vertebrae"][0]["level"] == "L2");
  CHECK(json["bone"]["vertebrae"][0]["volume_mm3"] == 61000);
  CHECK(json["bone"]["vertebrae"][1]["landmarks_lps_mm"]["body_centre"][2] == 3);
  const auto& verdicts = json["variants"][0]["activities"][0]["vertebrae"];
  REQUIRE(verdicts.size() == 2);
  CHECK(verdicts[0]["level"] == "L2");
  CHECK(verdicts[0]["location"].is_null());
  CHECK(verdicts[1]["utilisation"] == 0.42);
  CHECK(verdicts[1]["fracture_load_N"].get<double>() == Approx(1600 / 0.42));
  CHECK(verdicts[1]["location"]["words"] == "L3: body");
}

TEST_CASE("the summary has a column and the table a line for the vertebrae of a segment")
{
  const std::string csv = report::summary_csv(segment());
  const std::string header = csv.substr(0, csv.find('\n'));
  CHECK_THAT(header, Catch::EndsWith(",input_grade,utilisation_L2,utilisation_L3"));
  const std::string first =
      csv.substr(header.size() + 1, csv.find('\n', header.size() + 1) - header.size() - 1);
  CHECK_THAT(first, Catch::EndsWith(",B,0.31,0.42"));
  CHECK_THAT(report::terminal_table(segment()), Contains("\n    L2 31 %, L3 42 %\n"));
}

TEST_CASE("other bones have neither")
{
  const auto json = nlohmann::json::parse(report::results_json(sample::results()));
  CHECK_FALSE(json["bone"].contains("vertebrae"));
  CHECK_FALSE(json["variants"][0]["activities"][0].contains("vertebrae"));
  const std::string csv = report::summary_csv(sample::results());
  CHECK_THAT(csv.substr(0, csv.find('\n')), Catch::EndsWith(",input_grade"));
}
