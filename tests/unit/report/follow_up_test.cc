#include "refusal.hpp"
#include "report/follow_up.hpp"
#include "report/write.hpp"
#include "temporary_folder.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <fstream>
#include <sstream>

using namespace calcar;
using namespace calcar::report;
using Catch::Contains;

namespace
{
FollowUpResults follow_up(const std::string& scan_date = "2026-11-02")
{
  FollowUpResults out;
  out.criterion = "max_principal_strain";
  out.months = {0, 0.46, 3, 6};
  for (const double months : out.months)
    if (!scan_date.empty())
      out.dates.push_back(date_after(scan_date, months));
  out.credit = {true, 3};
  out.g_cm3_per_HU = 0.0007;
  out.whole_bone_left_worse = out.whole_bone_left_better = {1, 1, 1, 1};
  for (const char* name : {"level_walking", "stair_climbing"})
  {
    risk::FollowUpActivity a;
    a.activity = name;
    a.title = name == std::string("level_walking") ? "Level walking" : "Stair climbing";
    a.reference = {"hip force", 1600, "N"};
    a.load_doubt = name == std::string("level_walking") ? "" : "unconfirmed: from memory";
    for (std::size_t n = 0; n < 4; ++n)
    {
      const double m = out.months[n];
      a.worse.push_back({m, 0.7 + 0.1 * m, 1600 / (0.7 + 0.1 * m), "femoral neck"});
      a.better.push_back({m, 0.7 - 0.05 * m, 1600 / (0.7 - 0.05 * m), "femoral neck"});
    }
    a.worse_crosses = risk::first_crossing(a.worse, 1);
    a.better_crosses = risk::first_crossing(a.better, 1);
    out.activities.push_back(a);
  }
  out.treatments.push_back({"radiotherapy",
                            "external beam radiotherapy of a lesion",
                            0.5,
                            date_after(scan_date, 0.5),
                            {"one"},
                            {"better bound: gains"},
                            "Foerster",
                            "note",
                            {"unconfirmed: a decision of this project"},
                            {}});
  out.assumptions = {"lesion \"one\" grows by 1 mm a month"};
  out.advice = {"Level walking reaches 100 % at 3 months"};
  return out;
}

std::string text_of(const std::filesystem::path& file)
{
  std::ifstream stream(file, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}
} // namespace

TEST_CASE("months after a date are a date, also over the end of a year and in a leap year")
{
  CHECK(date_after("2026-11-02", 0) == "2026-11-02");
  CHECK(date_after("2026-11-02", 12) == "2027-11-02");
  CHECK(date_after("2026-12-30", 14 / 30.4375) == "2027-01-13");
  CHECK(date_after("2028-02-28", 1 / 30.4375) == "2028-02-29");
  CHECK(date_after("", 3).empty());
  FollowUpResults results = follow_up();
  CHECK(months_in_words(results, 3) == "3 months (2027-02-01)");
  results.dates.clear();
  CHECK(months_in_words(results, 2.04) == "2 months");
}

TEST_CASE("results.json holds both bounds of each activity with the dates at which they cross")
{
  Results all;
  all.mode = "patient";
  CHECK_FALSE(nlohmann::json::parse(results_json(all)).contains("follow_up"));
  all.follow_up = follow_up();
  const auto json = nlohmann::json::parse(results_json(all)).at("follow_up");
  const auto& walking = json.at("activities").at(0);
  CHECK(walking.at("worse").at("points").size() == 4);
  CHECK(walking.at("better").at("points").at(3).at("utilisation") == Approx(0.4));
  const auto& reaches = walking.at("worse").at("reaches_threshold");
  CHECK(reaches.at("months") == Approx(3));
  CHECK(reaches.at("date") == "2027-02-01");
  CHECK(walking.at("better").at("reaches_threshold").at("months").is_null());
  CHECK(walking.at("better").at("reaches_threshold").at("words") == "not within 6 months");
  CHECK(json.at("no_credit_before_months") == 3);
  CHECK(json.at("treatments").at(0).at("unconfirmed").at(0) ==
        "unconfirmed: a decision of this project");
}

TEST_CASE("the table tells both bounds, the date, the advice and what is unconfirmed")
{
  Results all;
  CHECK(follow_up_table(all).empty());
  all.follow_up = follow_up();
  const std::string table = follow_up_table(all);
  for (const char* part : {"Level walking\n", "Stair climbing *\n", "worse bound", "better bound",
                           "scan", "3 mo", "at 3 months (2027-02-01)", "not within 6 months",
                           "- Level walking reaches 100 %", "decision of this project"})
    CHECK_THAT(table, Contains(part));
}

TEST_CASE("the CSV has a row for each activity, bound and date")
{
  const std::string csv = follow_up_csv(follow_up());
  CHECK(std::count(csv.begin(), csv.end(), '\n') == 1 + 2 * 2 * 4);
  CHECK_THAT(csv, Contains("level_walking,worse,3,2027-02-01,1,1600,N,1\n"));
  CHECK_THAT(follow_up_csv(follow_up("")), Contains("level_walking,worse,3,,1,1600,N,1\n"));
}

TEST_CASE("the picture of the months is a PNG, and one that cannot be written is refused")
{
  const test::TemporaryFolder folder;
  const auto file = folder.path() / "follow_up.png";
  write_follow_up_picture(file, "Left femur", follow_up());
  const std::string bytes = text_of(file);
  REQUIRE(bytes.size() > 10000);
  CHECK(bytes.substr(1, 3) == "PNG");
  // More words underneath make a longer page: nothing is cut off.
  FollowUpResults longer = follow_up();
  for (int n = 0; n < 40; ++n)
    longer.assumptions.push_back("one more assumption that is told");
  write_follow_up_picture(folder.path() / "longer.png", "Left femur", longer);
  const auto height_of = [](const std::string& png)
  {
    int height = 0;
    for (std::size_t n = 20; n < 24; ++n)
      height = 256 * height + static_cast<unsigned char>(png[n]);
    return height;
  };
  CHECK(height_of(text_of(folder.path() / "longer.png")) == height_of(bytes) + 40 * 21);
  CHECK_THAT(test::refusal_of(
                 [&] { write_follow_up_picture(folder.path() / "no" / "x.png", "", follow_up()); },
                 Fault::command),
             Contains("the picture cannot be written"));
}
