#pragma once

#include <array>
#include <filesystem>
#include <limits>
#include <optional>
#include <string>
#include <vector>

/// Diagrams: axes with ticks, curves, bands, marks, a legend and words beneath. A caller fills a
/// Chart with values in the units of its axes and calls write_chart; nothing is measured in pixels.
namespace calcar::report
{

/// Red, green and blue, 0 to 1.
using Colour = std::array<double, 3>;

/// How a line is broken, so that curves differ on paper without colours.
enum class Dashes
{
  solid,
  dashed,
  dotted,
  dash_dot
};

/// What curves of a chart look like, by their number: blue, red, ochre and black, which are told
/// apart by people who see few colours and have different greys (after P. Tol's "high contrast"
/// set), each with dashes of its own; after the fourth the colours come again, broken otherwise.
struct Look
{
  Colour colour;
  Dashes dashes = Dashes::solid;
};
Look look_of(std::size_t curve);

struct Axis
{
  std::string title;              ///< with the unit: "displacement of the load, mm"
  std::optional<double> from, to; ///< none: from 0, to a little more than all that is drawn
};

/// A second scale at the right of the same curves.
struct SecondAxis
{
  std::string title;
  double per_unit = 1; ///< value on it = per_unit x value on the left
};

/// A line through points; two or more.
struct Curve
{
  std::string name; ///< in the legend; empty: not there
  std::vector<std::array<double, 2>> points;
  Look look;
  double width = 3; ///< pixels
};

/// The area between two lines over the same x.
struct Band
{
  std::string name;
  std::vector<double> x, low, high;
  Colour colour = {0.5, 0.5, 0.5};
};

enum class MarkShape
{
  circle,
  square,
  diamond,
  triangle, ///< on its base
  cross
};

struct Mark
{
  double x = 0, y = 0;
  MarkShape shape = MarkShape::circle;
  bool filled = true;
  Colour colour = {0, 0, 0};
};

/// A horizontal line across the chart with words on it: a threshold, a load.
struct LevelLine
{
  double y = 0;
  std::string words;
  Look look = {{0.35, 0.35, 0.35}, Dashes::dotted};
};

/// What a shape of mark means; drawn in grey in the legend.
struct MarkMeaning
{
  MarkShape shape = MarkShape::circle;
  bool filled = true;
  std::string words;
};

struct Chart
{
  std::string title;
  std::string subtitle;
  Axis x, y;
  std::optional<SecondAxis> second = std::nullopt;
  std::vector<Band> bands; ///< below the curves
  std::vector<LevelLine> levels;
  std::vector<Curve> curves; ///< the first lies on top
  std::vector<Mark> marks;
  std::vector<MarkMeaning> meanings;
  std::vector<std::string> notes; ///< beneath, a paragraph each; wrapped
};

/// Round steps of 1, 2 or 5 times a power of ten: the multiples in [from, to], about `about`.
std::vector<double> ticks(double from, double to, int about = 7);

/**
 * Draws a chart: 1500 pixels wide, as high as its words need, on white. Values that are no finite
 * numbers are left out. PNG, written to a temporary name and renamed. Throws InputError (command)
 * when the file cannot be written, std::invalid_argument when nothing can be drawn or a band's
 * sizes differ.
 */
void write_chart(const std::filesystem::path& file, const Chart& chart);

} // namespace calcar::report
