#include "base/table.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace calcar;
using Catch::Contains;

namespace
{
std::string complaint(const Table& table)
{
  try
  {
    table.check();
  }
  catch (const InputError& error)
  {
    return error.what();
  }
  return "";
}
} // namespace

TEST_CASE("an integer is accepted as a number")
{
  const Table table = Table::parse("mass = 72\nheight = 1.66\n", "case.toml");
  CHECK(table.number("mass") == 72);
  CHECK(table.number("height") == 1.66);
  CHECK(complaint(table).empty());
}

TEST_CASE("an unknown key is named with its line, its table and the nearest known key")
{
  const Table table = Table::parse("title = \"a\"\n[[activity]]\ndirecshun = 1\n", "case.toml");
  table.text("title");
  for (const Table& activity : table.tables("activity"))
    activity.maybe_number("direction");
  const std::string text = complaint(table);
  CHECK_THAT(
      text,
      Contains(
          "case.toml:3: unknown key \"direcshun\" in [[activity]]; did you mean \"direction\"?"));
  CHECK_THAT(text, Contains("^^^^^^^^^"));
}

TEST_CASE("all errors of a file are collected")
{
  const Table table = Table::parse("a = \"x\"\nb = [1, 2]\n[t]\nc = 3\n", "f.toml");
  CHECK(std::isnan(table.number("a")));
  table.vector("b");
  table.table("t").text("c");
  table.table("t").number("missing");
  table.table("nowhere");
  try
  {
    table.check();
    FAIL("nothing was refused");
  }
  catch (const InputError& error)
  {
    CHECK(error.problems().size() == 5);
    CHECK_THAT(error.what(), Contains("f.toml:1") && Contains("f.toml:2") && Contains("f.toml:4") &&
                                 Contains("missing key \"missing\" in [t]") &&
                                 Contains("[nowhere]"));
  }
}

TEST_CASE("a value out of range is refused once, with what was given and what is allowed")
{
  const Table table = Table::parse("mass = -3\nname = 4\n", "f.toml");
  const double mass = table.number("mass");
  table.require(mass > 0, "mass", "greater than 0");
  const double name = table.text("name").empty() ? -1 : 1;
  table.require(name > 0, "name", "not empty");
  const std::string text = complaint(table);
  CHECK_THAT(text, Contains("f.toml:1: \"mass\" is -3; allowed: greater than 0"));
  CHECK_THAT(text, !Contains("not empty"));
}

TEST_CASE("a syntax error shows file, line and caret")
{
  for (const char* bad : {"a = 1\nb = 1,5\n", "a = 1\na = 2\n", "[x\n", "a = \n"})
  {
    try
    {
      Table::parse(bad, "bad.toml");
      FAIL("accepted: " << bad);
    }
    catch (const InputError& error)
    {
      CHECK_THAT(error.what(), Contains("bad.toml:") && Contains("not valid TOML"));
      CHECK(error.fault() == Fault::command);
    }
  }
}

TEST_CASE("an unknown choice lists the allowed ones and suggests one")
{
  const Table table = Table::parse("side = \"rihgt\"\n", "f.toml");
  CHECK(table.choice("side", {"left", "right"}).empty());
  CHECK_THAT(complaint(table), Contains("unknown side \"rihgt\"") && Contains("left, right") &&
                                   Contains("did you mean \"right\"?"));
}

TEST_CASE("infinity and not-a-number are no numbers")
{
  const Table table = Table::parse("a = inf\nb = nan\n", "f.toml");
  table.number("a");
  table.number("b", 1);
  CHECK_THAT(complaint(table), Contains("f.toml:1") && Contains("f.toml:2") && Contains("finite"));
}

TEST_CASE("the resolved document has every default filled in")
{
  const Table table = Table::parse("[solver]\nrelative_residual = 1e-6\n", "f.toml");
  const Table solver = table.table("solver");
  solver.number("relative_residual", 1e-8);
  solver.integer("max_iterations", 500);
  solver.text("kind", "voxel");
  const Table again = Table::parse(table.resolved(), "resolved.toml");
  CHECK(again.table("solver").number("relative_residual") == 1e-6);
  CHECK(again.table("solver").integer("max_iterations") == 500);
  CHECK(again.table("solver").text("kind") == "voxel");
}

TEST_CASE("named numbers, dates and lists are read")
{
  const Table table =
      Table::parse("offset_mm = { medial = 6, distal = 4.5 }\nscan_date = 2026-11-02\n"
                   "months = [6, 12]\nnames = [\"a\", \"b\"]\n",
                   "f.toml");
  CHECK(table.named_numbers("offset_mm").at("distal") == 4.5);
  CHECK(table.maybe_date("scan_date").value() == "2026-11-02");
  CHECK(table.numbers("months") == std::vector<double>{6, 12});
  CHECK(table.texts("names") == std::vector<std::string>{"a", "b"});
  CHECK(complaint(table).empty());
}
