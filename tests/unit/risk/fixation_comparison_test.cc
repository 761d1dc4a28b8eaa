#include "risk/fixation_comparison.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <limits>
#include <set>

using namespace calcar::risk;
using Catch::Contains;

namespace
{
constexpr double infinite = std::numeric_limits<double>::infinity();

OptionSummary option(const std::string& name, double load_factor, double fatigue = 3,
                     double shielding = 0.2, double removed = 5000)
{
  OptionSummary result;
  result.option = name;
  result.least_load_factor = load_factor;
  result.fatigue_safety = fatigue;
  result.shielding = shielding;
  result.removed_mm3 = removed;
  result.limited_by = "the bone breaks at the lesion, walking";
  return result;
}

OptionSummary refused(const std::string& name)
{
  OptionSummary result;
  result.option = name;
  result.placed = false;
  result.refusal = "canal 7 mm at the isthmus";
  result.least_load_factor = 99; // whatever stands here
  return result;
}

OptionSummary inadequate(OptionSummary one)
{
  one.inadequate = true;
  return one;
}

std::vector<std::string> names(const Comparison& comparison)
{
  std::vector<std::string> result;
  for (const OptionSummary& one : comparison.options)
    result.push_back(one.option);
  return result;
}

std::vector<OptionSummary> several()
{
  return {option("no fixation", 0.6, infinite, 0, 0),
          option("long nail", 2.2, 3, 0.4, 20000),
          option("short nail", 1.3, 1.5, 0.3, 12000),
          option("plate", 1.8, 0.8, 0.5, 3000),
          refused("thick nail"),
          inadequate(option("tiny plate", 2.5, 4, 0.1, 100))};
}

bool tells(const std::vector<std::string>& all, const std::string& words)
{
  return std::any_of(all.begin(), all.end(),
                     [&](const std::string& one) { return one.find(words) != std::string::npos; });
}
} // namespace

TEST_CASE("what holds comes before what does not, inadequate ones after, refused ones last")
{
  const Comparison comparison = compare(several(), {}, 1.5);
  const auto order = names(comparison);
  REQUIRE(order.size() == 6);
  CHECK(std::set<std::string>{order[0], order[1]} == std::set<std::string>{"long nail", "plate"});
  CHECK(std::set<std::string>{order[2], order[3]} ==
        std::set<std::string>{"short nail", "no fixation"});
  CHECK(order[4] == "tiny plate");
  CHECK(order[5] == "thick nail");
  CHECK(comparison.enough == 1.5);
  for (const OptionSummary& one : comparison.options)
    CHECK(one.holds == (one.placed && one.least_load_factor >= 1.5));
}

TEST_CASE("the order of the options, and their words, do not depend on that of the input")
{
  std::vector<OptionSummary> options = several();
  options.push_back(option("plate two", 1.8, 0.8, 0.5, 3000)); // equal in all to another
  const Comparison first = compare(options, {}, 1.2);
  const auto by_name = [](const OptionSummary& a, const OptionSummary& b)
  { return a.option < b.option; };
  std::sort(options.begin(), options.end(), by_name);
  int orders = 0;
  do
  {
    const Comparison other = compare(options, {}, 1.2);
    REQUIRE(names(other) == names(first));
    REQUIRE(other.dominated == first.dominated);
    REQUIRE(other.words == first.words);
  } while (std::next_permutation(options.begin(), options.end(), by_name) && ++orders < 800);
  CHECK(orders == 800);
}

TEST_CASE("no fixation is ranked by the same rule as all others")
{
  auto options = several();
  options[0].least_load_factor = 1.4; // it holds, keeps all bone, and nothing of it can tire
  Preferences gentle;
  gentle.strength = 0.1;
  CHECK(names(compare(options, gentle, 1.2)).front() == "no fixation");
  Preferences strong{1, 0, 0, 0};
  CHECK(names(compare(options, strong, 1.2)).front() == "long nail");
  options[0].least_load_factor = 0; // the segment is gone
  CHECK(names(compare(options, gentle, 1.2))[3] == "no fixation");
}

TEST_CASE("each preference alone ranks by its own respect")
{
  const std::vector<OptionSummary> options{option("a", 4, 1.2, 0.5, 300),
                                           option("b", 3, 5, 0.4, 400), option("c", 2, 3, 0.1, 500),
                                           option("d", 1.5, 2, 0.3, 100)};
  const auto first = [&](const Preferences& preferences)
  { return names(compare(options, preferences, 1)).front(); };
  CHECK(first({1, 0, 0, 0}) == "a");
  CHECK(first({0, 1, 0, 0}) == "b");
  CHECK(first({0, 0, 1, 0}) == "c");
  CHECK(first({0, 0, 0, 1}) == "d");
  CHECK(first({0, 0, 0, 0}) == "a"); // nothing is preferred: strength decides
  CHECK(names(compare(options, {2, 1, 0.5, 0.5}, 1)) ==
        names(compare(options, {1, 0.5, 0.25, 0.25}, 1)));
}

TEST_CASE("a dominated option is told with what the other is better in")
{
  const Comparison comparison =
      compare({option("nail", 2, 3, 0.2, 5000), option("worse", 1.5, 3, 0.2, 6000),
               option("other", 1.5, 4, 0.2, 6000)},
              {}, 1);
  REQUIRE(comparison.dominated.size() == 2);
  CHECK(tells(comparison.dominated, "worse: nail is at least as good in everything and better in "
                                    "strength and in bone taken away"));
  CHECK(tells(comparison.dominated, "worse: other is at least as good in everything and better in "
                                    "fatigue of the implant"));
}

TEST_CASE("what differs by less than 2 % is equal")
{
  const auto dominated = [](const OptionSummary& a, const OptionSummary& b) {
    return compare({a, b}, {}, 1).dominated;
  };
  CHECK(dominated(option("a", 2), option("b", 2.03)).empty());
  CHECK(dominated(option("a", 2), option("b", 2.05)).size() == 1);
  // b is 1 % weaker, which counts as equal, and takes less bone.
  CHECK(tells(dominated(option("a", 2, 3, 0.2, 5000), option("b", 1.98, 3, 0.2, 4000)), "a: b is"));
  CHECK(dominated(option("a", 2, 3, 0.2, 5000), option("b", 1.9, 3, 0.2, 4000)).empty());
  CHECK(dominated(option("a", 2), option("b", 2)).empty());
  // More energy than the twin's is no merit beside just as much.
  CHECK(dominated(option("a", 2, 3, 0), option("b", 2, 3, -4)).empty());
  CHECK(dominated(option("a", 2, infinite), option("b", 2, infinite)).empty());
  CHECK(dominated(option("a", 2, 5), option("b", 2, infinite)).size() == 1);
}

TEST_CASE("what was refused or told inadequate does not make a better one look dominated")
{
  const Comparison comparison = compare(
      {option("nail", 2), refused("thick nail"), inadequate(option("tiny plate", 5, 9, 0, 0))}, {},
      1);
  CHECK(comparison.dominated.empty());
  CHECK(names(comparison).front() == "nail");
  const OptionSummary& last = comparison.options.back();
  CHECK(last.option == "thick nail");
  CHECK_FALSE(last.holds);
  CHECK(tells(last.because, "not computed: canal 7 mm at the isthmus"));
}

TEST_CASE("a refused option never outranks one that is placed, however weak")
{
  for (const double factor : {0.0, 0.1, 1.0, 50.0})
  {
    const auto order = names(compare({refused("x"), inadequate(option("y", factor, 0, 1, 1e6)),
                                      option("z", factor, 0, 1, 1e6), refused("a")},
                                     {}, 1));
    CHECK(order == std::vector<std::string>{"z", "y", "a", "x"});
  }
}

TEST_CASE("the words tell who holds, who does not and why, and do not advise")
{
  const Comparison comparison = compare(several(), {}, 1.5);
  CHECK(tells(comparison.words, "bears at least 1.5 times"));
  CHECK(tells(comparison.words, "bears less than 1.5 times"));
  CHECK(tells(comparison.words, "not computed in this bone: thick nail"));
  CHECK(tells(comparison.words, "tiny plate: told inadequate"));
  CHECK(tells(comparison.words, "plate, first to fail: the bone breaks at the lesion, walking"));
  CHECK(tells(comparison.words, "does not say whether to operate"));
  for (const std::string& words : comparison.words)
    for (const char* advice : {"should", "recommend", "must", "choose", "best"})
      CHECK_THAT(words, !Contains(advice));
  CHECK(tells(comparison.options[0].because, "holds: least load factor"));
  CHECK(tells(comparison.options[0].because, "against 1.5"));
  CHECK(compare({}, {}, 1).options.empty());
}
