#include "model/child_law.hpp"

#include <catch2/catch.hpp>

using namespace calcar;
using Catch::Contains;
using model::child_law;

TEST_CASE("of a child it is said that the laws are those of adults, with the source")
{
  const auto child = child_law(9.5, "[patient] age_years");
  REQUIRE(child.warnings.size() == 1);
  CHECK(child.warnings[0].code == "child_law");
  CHECK(child.warnings[0].place == "[patient] age_years");
  CHECK_THAT(child.warnings[0].text, Contains("9.5 years old") && Contains("measured on adults") &&
                                         Contains("Ohman") && Contains("unconfirmed") &&
                                         !Contains("nobody younger"));
  CHECK_FALSE(child.file.path.empty());
}

TEST_CASE("below the youngest age that was measured that is said too")
{
  CHECK_THAT(child_law(2, "").warnings.at(0).text, Contains("nobody younger than 4 years"));
}

TEST_CASE("an adult, or a patient without an age, gets no such warning")
{
  CHECK(child_law(18, "").warnings.empty());
  CHECK(child_law(63, "").warnings.empty());
  CHECK(child_law(std::nullopt, "").warnings.empty());
  CHECK(child_law(17.99, "").warnings.size() == 1);
}
