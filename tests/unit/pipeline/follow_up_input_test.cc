#include "unit/pipeline/case_reading.hpp"

#include <catch2/catch.hpp>

using namespace calcar;
using namespace calcar::pipeline;
using namespace calcar::pipeline::test;
using Catch::Contains;

namespace
{
const std::string growth = "growth = { radial_mm_per_month = 1 }\n";

/// The case with growth of its lesion, patient's lines, and tables at its end.
std::string with_tables(const std::string& tables, const std::string& of_patient = "",
                        const std::string& of_lesion = "")
{
  std::string text = with(patient_case, "body_mass_kg = 72\n", "body_mass_kg = 72\n" + of_patient);
  text = with(text, "radius_mm = 9\n", "radius_mm = 9\n" + of_lesion);
  return text + "\n" + tables;
}

std::string treatment(const std::string& name, const std::string& more = "")
{
  return "[[treatment]]\nname = \"" + name + "\"\n" + more;
}
} // namespace

TEST_CASE("a case without growth and treatment has no follow-up")
{
  CHECK_FALSE(read(patient_case).patient->follow_up);
}

TEST_CASE("growth alone is followed at 2 weeks, 3 and 6 months")
{
  const auto follow = read(with_tables("", "", growth)).patient->follow_up;
  REQUIRE(follow);
  REQUIRE(follow->months.size() == 3);
  CHECK(follow->months[0] == Approx(14 / 30.4375));
  CHECK(follow->months[1] == 3);
  CHECK(follow->months[2] == 6);
  CHECK(follow->threshold == 1);
  CHECK(follow->growth.at("medial neck").radial_mm_per_month == 1.0);
}

TEST_CASE("weeks and months are put in order, and what is asked for is kept")
{
  const auto follow =
      read(with_tables("[follow_up]\nat_months = [6, 1]\nat_weeks = [6]\nthreshold = 0.8\n"
                       "activities = [\"level_walking\"]\ng_cm3_per_HU = 0.0008\n" +
                           treatment("radiotherapy", "start_date = 2026-11-12\nloss_percent = 30\n"
                                                     "lesions = [\"medial neck\"]\n") +
                           treatment("steroids", "start_months = -1\nrate_percent_per_year = 6\n"),
                       "scan_date = 2026-11-02\n"))
          .patient->follow_up;
  REQUIRE(follow);
  CHECK(follow->months == std::vector<double>{1, 42 / 30.4375, 6});
  CHECK(follow->threshold == 0.8);
  REQUIRE(follow->courses.size() == 2);
  CHECK(follow->courses[0].start_months == Approx(10 / 30.4375));
  CHECK(follow->courses[0].loss_percent == 30.0);
  CHECK(follow->courses[0].acts_on("medial neck"));
  CHECK_FALSE(follow->courses[0].acts_on("another"));
  CHECK(follow->courses[1].start_months == -1);
  CHECK(follow->courses[1].rate_percent_per_year == 6.0);
}

TEST_CASE("dates that cannot be, and a follow-up in which nothing changes, are refused")
{
  CHECK_THAT(refused(with_tables("[follow_up]\n")), Contains("nothing changes in time"));
  for (const char* dates : {"at_months = [0]", "at_months = [-1, 3]", "at_months = [30]",
                            "at_weeks = [200]", "at_months = []"})
    CHECK_THAT(refused(with_tables("[follow_up]\n" + std::string(dates) + "\n", "", growth)),
               Contains("up to 24 months"));
  CHECK_THAT(refused(with_tables("[follow_up]\nat_months = [1,2,3,4,5,6,7,8,9,10,11,12,13]\n", "",
                                 growth)),
             Contains("at most 12 dates"));
  CHECK_THAT(refused(with_tables("[follow_up]\nthreshold = 0\n", "", growth)),
             Contains("of utilisation"));
  CHECK_THAT(refused(with_tables("[follow_up]\nactivities = [\"level_walkin\"]\n", "", growth)),
             Contains("did you mean \"level_walking\""));
}

TEST_CASE("treatments that do not fit the case are refused with what would")
{
  CHECK_THAT(refused(with_tables(treatment("radiotherpy"))),
             Contains("did you mean \"radiotherapy\""));
  CHECK_THAT(refused(with_tables(treatment("radiotherapy", "lesions = [\"neck\"]\n"))),
             Contains("unknown lesion \"neck\"") && Contains("medial neck"));
  CHECK_THAT(refused(with_tables(treatment("denosumab", "lesions = [\"medial neck\"]\n"))),
             Contains("acts on the whole bone"));
  CHECK_THAT(refused(with_tables(treatment("radiotherapy", "start_months = 7\n"))),
             Contains("to the last date of the follow-up"));
  CHECK_THAT(refused(with_tables(treatment("radiotherapy", "start_date = 2026-11-12\n"))),
             Contains("without the date of the scan"));
  CHECK_THAT(
      refused(with_tables(treatment("radiotherapy", "start_date = 2026-11-12\nstart_months = 1\n"),
                          "scan_date = 2026-11-02\n")),
      Contains("both start_months and start_date"));
  CHECK_THAT(refused(with_tables(treatment("radiotherapy", "rate_percent_per_year = 3\n"))),
             Contains("does not take bone"));
  CHECK_THAT(refused(with_tables(treatment("ablation", "loss_percent = 3\n"))),
             Contains("has no scenario of loss"));
  CHECK_THAT(refused(with(with_tables(treatment("radiotherapy")),
                          "[[lesion]]\nname = \"medial neck\"\nshape = \"sphere\"\nradius_mm = 9\n"
                          "centre = { landmark = \"femoral_neck_centre\" }\n",
                          "")),
             Contains("acts in lesions, and the case has none"));
}

TEST_CASE("a rate that no source gives must be stated")
{
  CHECK_THAT(refused(with_tables(treatment("steroids"))), Contains("needs rate_percent_per_year"));
  CHECK(refused(with_tables(treatment("aromatase_inhibitor"))).empty());
  CHECK_THAT(refused(with_tables(treatment("steroids", "rate_percent_per_year = 60\n"))),
             Contains("0 to 30 %"));
}

TEST_CASE("a child does not lose bone with age, and an unknown age is not guessed")
{
  const std::string age = treatment("age", "rate_percent_per_year = 1\n");
  CHECK_THAT(refused(with_tables(age, "age_years = 9\n")),
             Contains("for a patient of 9 years") && Contains("not lost with age before"));
  CHECK_THAT(refused(with_tables(age)), Contains("without the patient's age"));
  CHECK(refused(with_tables(age, "age_years = 71\n")).empty());
}

TEST_CASE("what is no tumour does not grow, and a mesh is not followed in time")
{
  const std::string biopsy =
      with(with_tables("", "", growth + "direction = { lateral = 1 }\n"),
           "shape = \"sphere\"\nradius_mm = 9", "shape = \"biopsy_hole\"\ndiameter_mm = 9");
  CHECK_THAT(refused(biopsy), Contains("biopsy_hole, which does not grow"));
  CHECK_THAT(refused("method = \"mesh\"\n" + with_tables("", "", growth)),
             Contains("with method = \"mesh\"") && Contains("solved on voxels"));
}
