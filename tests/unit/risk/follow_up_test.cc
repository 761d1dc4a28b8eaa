#include "base/text.hpp"
#include "risk/follow_up.hpp"

#include <catch2/catch.hpp>

using namespace calcar;
using namespace calcar::risk;
using Catch::Contains;

namespace
{
std::vector<FollowUpPoint> points(const std::vector<std::pair<double, double>>& values)
{
  std::vector<FollowUpPoint> result;
  for (const auto& [months, utilisation] : values)
    result.push_back({months, utilisation, std::nullopt, ""});
  return result;
}

FollowUpActivity activity(const std::string& title,
                          const std::vector<std::pair<double, double>>& worse,
                          const std::vector<std::pair<double, double>>& better)
{
  FollowUpActivity a;
  a.activity = a.title = title;
  a.worse = points(worse);
  a.better = points(better);
  a.worse_crosses = first_crossing(a.worse, 1);
  a.better_crosses = first_crossing(a.better, 1);
  return a;
}

std::string words(double months)
{
  return format_number(months, 3) + " months";
}
} // namespace

TEST_CASE("the threshold is crossed on a straight line between two dates")
{
  const Crossing found = first_crossing(points({{0, 0.4}, {0.5, 0.5}, {3, 1.5}, {6, 0.9}}), 1);
  REQUIRE(found.months);
  CHECK(*found.months == Approx(1.75));
  CHECK_FALSE(found.at_scan);
  CHECK(crossing_words(found, 6, words) == "at 1.75 months");
}

TEST_CASE("never, at once, and exactly at a date are told apart")
{
  const Crossing never = first_crossing(points({{0, 0.4}, {6, 0.99}}), 1);
  CHECK_FALSE(never.months);
  CHECK(crossing_words(never, 6, words) == "not within 6 months");
  const Crossing now = first_crossing(points({{0, 1.2}, {6, 0.5}}), 1);
  CHECK(now.at_scan);
  CHECK(crossing_words(now, 6, words) == "already at the scan");
  const Crossing exact = first_crossing(points({{0, 0.5}, {3, 1.0}}), 1);
  CHECK(exact.months == 3.0);
  CHECK(first_crossing(points({{0, 0.5}, {3, 1.0}}), 0.75).months == 1.5);
  CHECK_FALSE(first_crossing({}, 1).months);
}

TEST_CASE("advice takes the date of the worse bound, whatever the better one promises")
{
  const auto walking = activity("Walking", {{0, 0.5}, {3, 0.8}, {6, 1.1}}, {{0, 0.5}, {6, 0.2}});
  const auto stairs = activity("Stairs", {{0, 0.8}, {3, 1.2}, {6, 1.6}}, {{0, 0.8}, {6, 0.4}});
  const auto advice = follow_up_advice({walking, stairs}, 1, {true, 3}, words);
  REQUIRE(advice.size() == 3);
  CHECK_THAT(advice[0], Contains("Stairs reaches 100 % of the strength at 1.5 months in the worse "
                                 "bound, not within 6 months in the better bound"));
  CHECK_THAT(advice[1], Contains("before 1.5 months") && Contains("worse bound"));
  CHECK_THAT(advice[2], Contains("no recovery is credited before 3 months"));
  CHECK(follow_up_advice({walking, stairs}, 1, {}, words).size() == 2);
}

TEST_CASE("an accident never decides the advice")
{
  auto fall = activity("Fall", {{0, 2}, {6, 3}}, {{0, 2}, {6, 3}});
  fall.kind = load::ActivityKind::accident;
  const auto walking = activity("Walking", {{0, 0.1}, {6, 0.2}}, {{0, 0.1}, {6, 0.2}});
  const auto advice = follow_up_advice({fall, walking}, 1, {}, words);
  REQUIRE(advice.size() == 1);
  CHECK_THAT(advice[0],
             Contains("Walking stays below 100 % of the strength for 6 months, in both bounds"));
  CHECK_THAT(follow_up_advice({fall}, 1, {}, words).front(), Contains("accidents do not decide"));
}

TEST_CASE("a bone at its threshold now is told so")
{
  const auto now = activity("Walking", {{0, 1.1}, {6, 1.2}}, {{0, 1.1}, {6, 0.6}});
  const auto advice = follow_up_advice({now}, 1, {true, 3}, words);
  CHECK_THAT(advice[1], Contains("at the threshold now"));
}
