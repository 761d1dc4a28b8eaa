#include "report/path_picture.hpp"
#include "unit/report/path_results.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>

using namespace calcar;
using Catch::Contains;
using report::Chart;

namespace
{
std::string all_notes(const Chart& chart)
{
  std::string text;
  for (const std::string& note : chart.notes)
    text += note + "\n";
  return text;
}

const report::Mark* mark_of(const Chart& chart, report::MarkShape shape, std::size_t n = 0)
{
  for (const report::Mark& mark : chart.marks)
    if (mark.shape == shape && n-- == 0)
      return &mark;
  return nullptr;
}

/// What is left of a colour in print without colours.
double grey(const report::Colour& c)
{
  return 0.299 * c[0] + 0.587 * c[1] + 0.114 * c[2];
}
} // namespace

TEST_CASE("ticks are round, inside the axis, and neither few nor many")
{
  CHECK(report::ticks(0, 1, 10) ==
        std::vector<double>{0, 0.1, 0.2, 0.1 * 3, 0.4, 0.5, 0.1 * 6, 0.1 * 7, 0.8, 0.9, 1});
  for (const double to : {0.0013, 0.7, 1.0, 4.3, 9.99, 5230.0, 81234.0})
    for (const double from : {0.0, -0.3 * to})
    {
      const auto values = report::ticks(from, to);
      INFO(from << " to " << to);
      CHECK(values.size() >= 4);
      CHECK(values.size() <= 12);
      CHECK(values.front() >= from - 1e-9 * to);
      CHECK(values.back() <= to * (1 + 1e-9));
      CHECK(std::find(values.begin(), values.end(), 0.0) != values.end());
    }
  CHECK(report::ticks(1, 1).empty());
}

TEST_CASE("curves next to each other differ in grey and in dashes")
{
  for (std::size_t a = 0; a < 6; ++a)
    for (std::size_t b = 0; b < a; ++b)
    {
      const report::Look one = report::look_of(a), other = report::look_of(b);
      CHECK((one.dashes != other.dashes || std::abs(grey(one.colour) - grey(other.colour)) > 0.1));
      if (a < 4)
        CHECK(std::abs(grey(one.colour) - grey(other.colour)) > 0.1);
    }
}

TEST_CASE("the diagram of a path draws each variant from the origin in the units of its load")
{
  const report::Results results = report::results_with_paths();
  const Chart chart = report::path_chart(results, "one_leg_stance");
  REQUIRE(chart.curves.size() == 4); // and a line to where the linear criterion puts failure, each
  CHECK(chart.curves[0].name == "healthy twin: 6000 N");
  CHECK(chart.curves[0].points.front() == std::array<double, 2>{0, 0});
  CHECK(chart.curves[0].points[3][0] == Approx(2.0));
  CHECK(chart.curves[0].points[3][1] == Approx(6000));
  CHECK_THAT(chart.y.title, Contains("hip force, N"));
  CHECK_THAT(chart.x.title, Contains("mm"));
  REQUIRE(chart.second);
  CHECK(chart.second->per_unit * 700 == Approx(1)); // a body weight
  CHECK_THAT(chart.levels.at(0).words, Contains("1600 N"));
}

TEST_CASE("first yield, yield, ultimate load and linear criterion are marked where they lie")
{
  const Chart chart = report::path_chart(report::results_with_paths(), "one_leg_stance");
  using report::MarkShape;
  const auto* first = mark_of(chart, MarkShape::circle);
  REQUIRE(first);
  CHECK(first->x == Approx(0.5));
  CHECK(first->y == Approx(2000));
  const auto* yield = mark_of(chart, MarkShape::square); // 4500 N: half way between two steps
  REQUIRE(yield);
  CHECK(yield->y == Approx(4500));
  CHECK(yield->x == Approx(1.5));
  const auto* peak = mark_of(chart, MarkShape::diamond);
  REQUIRE(peak);
  CHECK(peak->filled);
  CHECK(peak->x == Approx(2));
  CHECK(peak->y == Approx(6000));
  const auto* linear = mark_of(chart, MarkShape::cross); // on the elastic line: 4000 N/mm
  REQUIRE(linear);
  CHECK(linear->y == Approx(3200));
  CHECK(linear->x == Approx(0.8));
}

TEST_CASE("what a path rests on and what is not confirmed stands beneath it")
{
  const std::string notes =
      all_notes(report::path_chart(report::results_with_paths(), "one_leg_stance"));
  CHECK_THAT(notes, Contains("healthy twin: ultimate load 6000 N (8.57 x body weight)"));
  CHECK_THAT(notes, Contains("femoral neck"));
  CHECK_THAT(notes, Contains("Loads above the ultimate load are not carried"));
  CHECK_THAT(notes, Contains("\"keyak2005\"") && Contains("averaged over 3 mm"));
  CHECK_THAT(notes,
             Contains("NOT CONFIRMED: the law beyond yield, keyak2005 (unconfirmed: quoted"));
  CHECK_THAT(notes, Contains("NOT CONFIRMED: the load of this activity (unconfirmed: recalled)"));
}

TEST_CASE("a path that still rises is drawn open and told as a bound")
{
  report::Results results = report::results_with_paths();
  results.variants[1].paths[0].peak_reached = false;
  const Chart chart = report::path_chart(results, "one_leg_stance");
  CHECK_THAT(chart.curves[1].name, Contains("as is: over 4500 N, still rising"));
  const auto* mark = mark_of(chart, report::MarkShape::diamond, 1);
  REQUIRE(mark);
  CHECK_FALSE(mark->filled);
  CHECK_THAT(all_notes(chart), Contains("as is: carries at least 4500 N"));
}

TEST_CASE("a torque is drawn in N m over degrees, without body weights")
{
  report::Results results = report::results_with_paths();
  for (report::VariantResults& variant : results.variants)
  {
    variant.paths[0].reference = {"torque", 100, "N m"};
    for (voxel::PathStep& step : variant.paths[0].steps)
      step.displacement *= 0.01; // rad
  }
  const Chart chart = report::path_chart(results, "one_leg_stance");
  CHECK_FALSE(chart.second);
  CHECK_THAT(chart.x.title, Contains("degrees"));
  CHECK_THAT(chart.y.title, Contains("N m"));
  CHECK(chart.curves[0].points[3][0] == Approx(0.02 * 180 / 3.14159265).epsilon(1e-6));
}

TEST_CASE("pictures are written for each activity that was followed, and for no other")
{
  const test::TemporaryFolder folder;
  report::Results results = report::results_with_paths();
  report::write_path_pictures(results, folder.path());
  CHECK(std::filesystem::file_size(folder.path() / "path_one_leg_stance.png") > 20000);
  CHECK(std::distance(std::filesystem::directory_iterator(folder.path()), {}) == 1);
  for (report::VariantResults& variant : results.variants)
    variant.paths.clear();
  std::filesystem::remove(folder.path() / "path_one_leg_stance.png");
  report::write_path_pictures(results, folder.path());
  report::write_path_pictures({}, folder.path());
  CHECK(std::filesystem::is_empty(folder.path()));
  CHECK_THROWS_AS(report::path_chart(results, "one_leg_stance"), std::invalid_argument);
}

TEST_CASE("a diagram of nothing, and a band of unequal lines, are no diagrams")
{
  const test::TemporaryFolder folder;
  CHECK_THROWS_AS(report::write_chart(folder.path() / "a.png", {}), std::invalid_argument);
  Chart chart;
  chart.curves.push_back({"a", {{0, 0}, {1, 1}}, report::look_of(0)});
  chart.bands.push_back({"b", {0, 1}, {0, 1}, {1}});
  CHECK_THROWS_AS(report::write_chart(folder.path() / "a.png", chart), std::invalid_argument);
  chart.bands[0].high = {1, 2};
  report::write_chart(folder.path() / "a.png", chart);
  CHECK(std::filesystem::exists(folder.path() / "a.png"));
}
