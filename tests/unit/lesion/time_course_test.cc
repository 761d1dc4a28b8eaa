#include "lesion/time_course.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace calcar;
using namespace calcar::lesion;
using Catch::Contains;

namespace
{
Course course(const std::string& name, double start = 0, std::vector<std::string> lesions = {})
{
  Course c;
  c.treatment = treatment(name, "");
  c.start_months = start;
  c.lesions = std::move(lesions);
  return c;
}

const Recovery& published()
{
  static const Recovery recovery = *treatment("radiotherapy", "").recovery;
  return recovery;
}

LesionCourse at(const std::vector<Course>& courses, Bound bound, double months, double rate = 0,
                Kind kind = Kind::lytic)
{
  return lesion_at("one", kind, rate, courses, bound, months);
}
} // namespace

TEST_CASE("the curve of the gain goes through the published means at 3 and 6 months")
{
  Recovery mean = published();
  mean.without_bone_agent = 1; // the means are those of patients with and without
  CHECK(gained_HU(mean, 3, false) == Approx(145.8).epsilon(0.005));
  CHECK(gained_HU(mean, 6, false) == Approx(250.3).epsilon(0.005));
  mean.cap_HU = 1e9;
  for (const double t : {3.0, 4.5, 6.0, 12.0, 40.0})
    CHECK(gained_HU(mean, t, false) == Approx(515 * (1 - std::exp(-t / 9))));
}

TEST_CASE("nothing is gained in the early phase, then in a straight line to the first point")
{
  const Recovery& r = published();
  for (const double t : {-5.0, 0.0, 1.0, 10 / 4.348, r.early_months})
    CHECK(gained_HU(r, t, true) == 0);
  const double first = gained_HU(r, r.first_measured_months, true);
  const double middle = 0.5 * (r.early_months + r.first_measured_months);
  CHECK(gained_HU(r, middle, true) == Approx(0.5 * first));
  CHECK(gained_HU(r, r.early_months + 1e-9, true) == Approx(0).margin(1e-4));
  CHECK(gained_HU(r, r.first_measured_months - 1e-9, true) == Approx(first));
}

TEST_CASE("the gain ends at its cap, with a bone agent and without, and never falls")
{
  const Recovery& r = published();
  CHECK(r.cap_HU == 250);
  for (const bool agent : {false, true})
  {
    double before = 0;
    for (double t = 0; t < 60; t += 0.25)
    {
      const double now = gained_HU(r, t, agent);
      CHECK(now >= before);
      CHECK(now <= 250);
      before = now;
    }
    CHECK(gained_HU(r, 60, agent) == Approx(250));
  }
  // 152.6 and 76.0 HU at 3 months.
  CHECK(gained_HU(r, 3, true) == Approx(152.6).epsilon(0.005));
  CHECK(gained_HU(r, 3, false) == Approx(76.0).epsilon(0.005));
}

TEST_CASE("the worse bound of radiotherapy loses and never gains, the better one the other way")
{
  const std::vector<Course> one = {course("radiotherapy")};
  for (const double t : {0.5, 2.0, 3.0, 6.0, 12.0})
  {
    const LesionCourse worse = at(one, Bound::worse, t), better = at(one, Bound::better, t);
    CHECK(worse.gain_HU == 0);
    CHECK(better.lost_share == 0);
    CHECK(worse.lost_share == Approx(std::min(1.0, t / 2.3)));
    CHECK(better.gain_HU == Approx(gained_HU(published(), t, false)));
  }
  std::vector<Course> stated = one;
  stated[0].loss_percent = 40;
  CHECK(at(stated, Bound::worse, 6).lost_share == Approx(0.4));
}

TEST_CASE("a course that began before the scan counts for what comes after it alone")
{
  const std::vector<Course> before = {course("radiotherapy", -4)};
  const double gained = gained_HU(published(), 6, false) - gained_HU(published(), 4, false);
  CHECK(at(before, Bound::better, 2).gain_HU == Approx(gained));
  CHECK(at(before, Bound::worse, 2).lost_share == 0); // all of it was lost before the scan
  std::vector<Course> half = {course("radiotherapy", -1.15)};
  // Half is lost at the scan; what is left is lost by 2.3 months after the start.
  CHECK(at(half, Bound::worse, 1.15).lost_share == Approx(1));
  CHECK(at(half, Bound::worse, 0.575).lost_share == Approx(0.5));
}

TEST_CASE("growth goes on in the worse bound and ends with treatment in the better one")
{
  const std::vector<Course> one = {course("chemotherapy", 1.5)};
  CHECK(at(one, Bound::worse, 6, 2).grown_mm == Approx(12));
  CHECK(at(one, Bound::better, 6, 2).grown_mm == Approx(3));
  CHECK(at(one, Bound::better, 1, 2).grown_mm == Approx(2));
  CHECK(at({course("chemotherapy", -2)}, Bound::better, 6, 2).grown_mm == 0);
  CHECK(at({course("bisphosphonate")}, Bound::better, 6, 2).grown_mm == Approx(12));
  CHECK(at({}, Bound::better, 6, 2).grown_mm == Approx(12));
}

TEST_CASE("a course acts on the lesions it names, and its figures on lytic ones alone")
{
  const std::vector<Course> other = {course("radiotherapy", 0, {"another"})};
  CHECK(at(other, Bound::better, 6).gain_HU == 0);
  CHECK(at(other, Bound::worse, 6).lost_share == 0);
  const std::vector<Course> one = {course("radiotherapy", 0, {"one"})};
  CHECK(at(one, Bound::better, 6).gain_HU > 0);
  for (const Kind kind : {Kind::blastic, Kind::mixed})
  {
    CHECK(at(one, Bound::better, 6, 0, kind).gain_HU == 0);
    CHECK(at(one, Bound::worse, 6, 0, kind).lost_share == 0);
  }
}

TEST_CASE("gains of two courses are not added up, and that is told")
{
  const std::vector<Course> two = {course("radiotherapy"), course("radiotherapy", 1)};
  CHECK(at(two, Bound::better, 6).gain_HU == at({two[0]}, Bound::better, 6).gain_HU);
  const auto words = interactions(two);
  REQUIRE_FALSE(words.empty());
  CHECK_THAT(words.front(), Contains("not added up"));
  CHECK_THAT(words.back(), Contains("without a bisphosphonate"));
  CHECK(interactions({course("chemotherapy")}).empty());
}

TEST_CASE("a bisphosphonate raises the gain of radiotherapy; denosumab, not measured, does not")
{
  const auto gain = [](const std::string& with) {
    return at({course("radiotherapy"), course(with)}, Bound::better, 3).gain_HU;
  };
  CHECK(gain("bisphosphonate") / gain("denosumab") == Approx(1.047 / 0.521));
  // Long after radiotherapy it comes too late for this.
  CHECK(at({course("radiotherapy"), course("bisphosphonate", 5)}, Bound::better, 6).gain_HU ==
        at({course("radiotherapy")}, Bound::better, 6).gain_HU);
}

TEST_CASE("bone is lost by its rate a year, over and over, and not before it begins")
{
  CHECK(bone_left(10, 12) == Approx(0.9));
  CHECK(bone_left(10, 24) == Approx(0.81));
  CHECK(bone_left(10, 6) == Approx(std::sqrt(0.9)));
  CHECK(bone_left(10, -3) == 1);
  Course steroids = course("steroids", 2);
  steroids.rate_percent_per_year = 12;
  CHECK(whole_bone_left({steroids}, Bound::worse, 2) == 1);
  CHECK(whole_bone_left({steroids}, Bound::worse, 14) == Approx(0.88));
  CHECK(whole_bone_left({steroids}, Bound::better, 14) == Approx(0.88));
  const std::vector<Course> kept = {steroids, course("denosumab", 8)};
  CHECK(whole_bone_left(kept, Bound::worse, 14) == Approx(0.88));
  CHECK(whole_bone_left(kept, Bound::better, 14) == Approx(std::sqrt(0.88)));
  CHECK_THAT(interactions(kept).back(), Contains("better one nothing from where the agent begins"));
}

TEST_CASE("no recovery is credited before three months, counted from the last course")
{
  CHECK(credit_from_months({course("radiotherapy")}) == 3.0);
  CHECK(credit_from_months({course("radiotherapy"), course("chemotherapy", 2)}) == 5.0);
  CHECK(credit_from_months({course("radiotherapy", -20)}) == 0.0);
  CHECK_FALSE(credit_from_months({course("steroids")})); // promises nothing
  CHECK_FALSE(credit_from_months({}));
}
