#include "unit/report/results.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <sstream>

using namespace calcar;
using Catch::Contains;

namespace
{
/// The rows of a CSV text by RFC 4180.
std::vector<std::vector<std::string>> rows_of(const std::string& csv)
{
  std::vector<std::vector<std::string>> rows = {{""}};
  bool quoted = false;
  for (std::size_t n = 0; n < csv.size(); ++n)
  {
    const char c = csv[n];
    if (quoted && c == '"' && n + 1 < csv.size() && csv[n + 1] == '"')
      rows.back().back() += csv[++n];
    else if (c == '"')
      quoted = !quoted;
    else if (c == ',' && !quoted)
      rows.back().emplace_back();
    else if (c == '\n' && !quoted)
      rows.push_back({""});
    else
      rows.back().back() += c;
  }
  rows.pop_back();
  return rows;
}

std::string cell(const std::vector<std::vector<std::string>>& rows, std::size_t row,
                 const std::string& column)
{
  const auto& header = rows.front();
  const auto found = std::find(header.begin(), header.end(), column);
  REQUIRE(found != header.end());
  return rows.at(row).at(static_cast<std::size_t>(found - header.begin()));
}

std::vector<std::string> lines_of(const std::string& text)
{
  std::istringstream stream(text);
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);)
    lines.push_back(line);
  return lines;
}

std::size_t line_with(const std::vector<std::string>& lines, const std::string& what)
{
  return static_cast<std::size_t>(std::find_if(lines.begin(), lines.end(),
                                               [&](const std::string& line)
                                               { return line.find(what) != std::string::npos; }) -
                                  lines.begin());
}
} // namespace

TEST_CASE("the summary has a row of equal columns for every variant and activity")
{
  const auto rows = rows_of(report::summary_csv(sample::results()));
  REQUIRE(rows.size() == 5);
  for (const auto& row : rows)
    CHECK(row.size() == rows.front().size());
  CHECK(cell(rows, 1, "variant") == "healthy twin");
  CHECK(cell(rows, 4, "variant") == "as is");
  CHECK(cell(rows, 4, "activity") == "sideways_fall");
  CHECK(cell(rows, 4, "kind") == "accident");
  CHECK(cell(rows, 3, "kind") == "daily");
  CHECK(cell(rows, 3, "failure_model") == "linear");
  CHECK(cell(rows, 3, "criterion") == "max_principal_strain");
  CHECK(cell(rows, 3, "utilisation") == "0.6");
  CHECK(cell(rows, 3, "load_factor") == "1.66667");
  CHECK(cell(rows, 3, "reference_value") == "1600");
  CHECK(cell(rows, 3, "reference_unit") == "N");
  CHECK(cell(rows, 3, "fracture_load_N") == "2666.67");
  CHECK(cell(rows, 3, "fracture_load_BW") == "3.33333");
  CHECK(cell(rows, 3, "strength_over_healthy_twin") == "0.5");
  CHECK(cell(rows, 3, "input_grade") == "B");
}

TEST_CASE("texts with commas, quotes and line breaks stay one cell")
{
  report::Results results = sample::results();
  CHECK_THAT(report::summary_csv(results), Contains("\"femoral neck, inferomedial"));
  for (const std::string name : {"nail, long", "the \"long\" nail", "two\nlines", "two\rlines"})
  {
    results.variants[1].name = name;
    const std::string csv = report::summary_csv(results);
    const auto rows = rows_of(csv);
    REQUIRE(rows.size() == 5);
    CHECK(cell(rows, 3, "variant") == name);
    CHECK(cell(rows, 3, "activity") == "level_walking");
    CHECK_THAT(csv, Contains("\n\"")); // the cell is quoted
  }
}

TEST_CASE("numbers that are infinite or missing are empty cells")
{
  report::Results results = sample::results();
  results.variants.erase(results.variants.begin());
  results.variants[0].activities[0] =
      sample::assessment("level_walking", load::ActivityKind::daily, 0);
  results.variants[0].activities[1].fracture_load_N.reset();
  results.grade.reset();
  const auto rows = rows_of(report::summary_csv(results));
  CHECK(cell(rows, 1, "utilisation") == "0");
  for (const char* column : {"load_factor", "fracture_load_N", "fracture_load_BW", "location",
                             "strength_over_healthy_twin", "input_grade"})
  {
    CAPTURE(column);
    CHECK(cell(rows, 1, column).empty());
  }
  CHECK(cell(rows, 2, "fracture_load_N").empty());
  CHECK_FALSE(cell(rows, 2, "utilisation").empty());
}

TEST_CASE("the table has daily activities and accidents in blocks of their own")
{
  const auto lines = lines_of(report::terminal_table(sample::results()));
  const std::size_t daily = line_with(lines, "Daily activities");
  const std::size_t accidents = line_with(lines, "Accidents");
  const std::size_t walking = line_with(lines, "Level walking");
  const std::size_t fall = line_with(lines, "Fall to the side");
  REQUIRE(fall < lines.size());
  CHECK(daily < walking);
  CHECK(walking < accidents);
  CHECK(accidents < fall);
  CHECK_THAT(lines[daily], Contains("healthy twin") && Contains("as is") &&
                               Contains("fracture load") && Contains("weakest"));
  CHECK_THAT(lines[walking], Contains("30 %") && Contains("60 %") && Contains("2670 N (3.33 BW)") &&
                                 Contains("femoral neck, inferomedial"));
  CHECK_THAT(lines[fall], Contains("75 %") && Contains("150 %"));
  // The numbers stand under their headings.
  CHECK(lines[walking].find("30 %") == lines[daily].find("healthy twin"));
  CHECK(lines[walking].find("60 %") == lines[daily].find("as is"));
  CHECK(lines[walking].find("2670") == lines[daily].find("fracture load"));
}

TEST_CASE("a table without accidents has no block for them")
{
  report::Results results = sample::results();
  for (report::VariantResults& variant : results.variants)
    variant.activities.pop_back();
  CHECK_THAT(report::terminal_table(results), !Contains("Accidents") && Contains("Level walking"));
}

TEST_CASE("an infinite fracture load is a dash, and grade D says that it cannot say")
{
  report::Results results = sample::results();
  results.variants[1].activities[0] =
      sample::assessment("level_walking", load::ActivityKind::daily, 0);
  results.grade = report::InputGradeResults{"D", {"no calibration"}};
  const std::string table = report::terminal_table(results);
  CHECK_THAT(table, Contains("Input grade D: cannot say (no calibration)"));
  const auto lines = lines_of(table);
  CHECK_THAT(lines[line_with(lines, "Level walking")],
             Contains(" - ") && !Contains("inf") && !Contains("nan"));
  CHECK_THAT(report::terminal_table(sample::results()),
             Contains("Input grade B (slices of 2 mm; scan of 40 days)") &&
                 Contains("not a medical device"));
}

TEST_CASE("an activity whose load is unconfirmed has a star, and the star its explanation")
{
  report::Results results = sample::results();
  results.title = "a * in the title";
  CHECK_THAT(report::terminal_table(results), !Contains("load of this activity is unconfirmed"));
  for (const std::string title : {"Level walking", "Level walking uphill with a bag of 20 kg"})
  {
    for (report::VariantResults& variant : results.variants)
    {
      variant.activities[0].load_doubt = "unconfirmed: quoted from memory";
      variant.activities[0].title = title;
    }
    CHECK_THAT(report::terminal_table(results),
               Contains(title + " * ") && Contains("* the load of this activity is unconfirmed"));
  }
}

TEST_CASE("the table of a study tells reactions along the image's axes")
{
  report::Results results;
  results.title = "bar";
  results.study = report::StudyResults{};
  results.study->strain_energy_Nmm = 1.5;
  results.supports.push_back({"bottom", "", "", {0, 0, 30.25}});
  const std::string table = report::terminal_table(results);
  CHECK_THAT(table, Contains("bottom") && Contains("reaction 0, 0, 30.25 N along i, j, k") &&
                        Contains("strain energy 1.5 N mm"));
  CHECK_THAT(table, !Contains("Utilisation"));
}

TEST_CASE("the table tells of an activity that one variant lacks, and of no variant at all")
{
  report::Results results = sample::results();
  results.variants[0].activities.erase(results.variants[0].activities.begin());
  results.variants[1].activities[0].fracture_load_BW.reset();
  const auto lines = lines_of(report::terminal_table(results));
  const std::string title = results.variants[1].activities[0].title;
  const std::size_t line = line_with(lines, "  " + title);
  REQUIRE(line < lines.size());
  CHECK(lines[line].find(" -  ") != std::string::npos);
  CHECK(lines[line].find("60 %") != std::string::npos);
  CHECK(lines[line].find("BW") == std::string::npos);
  results.variants.clear();
  CHECK_THAT(report::terminal_table(results), Contains("Decision support"));
}
