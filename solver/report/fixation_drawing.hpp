#pragma once

#include "report/fixation_view.hpp"
#include "report/page.hpp"

#include <string>
#include <vector>

/// Words in columns and plain shapes: what the pages of fixations share.
namespace calcar::report
{

constexpr Colour ink_black = {0, 0, 0}, ink_grey = {0.42, 0.42, 0.42},
                 ink_light = {0.85, 0.85, 0.85};
constexpr Colour ink_holds = {0.05, 0.36, 0.62}, ink_fails = {0.72, 0.10, 0.12};
constexpr Colour ink_doubt = {0.62, 0.33, 0.0};

void ink(cairo_t* pen, const Colour& colour);
void fill_box(cairo_t* pen, double x, double y, double width, double height);
void stroke_line(cairo_t* pen, double x1, double y1, double x2, double y2, double width,
                 const std::vector<double>& dashes = {});

/// Draws a view with its upper left corner at (x, y).
void draw_view(cairo_t* pen, const FixationView& view, double x, double y);

/// How words are written.
struct Hand
{
  double size = 14; ///< pixels
  bool bold = false;
  Colour colour = ink_black;
  double space = 0; ///< above the first line, pixels
};

/// A column of lines that fit a width, made before it is drawn so that the page can make room.
class TextColumn
{
public:
  explicit TextColumn(double width) : width_(width) {}

  /// Adds words in as many lines as they need; words too long for a line are broken, the first line
  /// begins with `mark` and the others as far in.
  void add(const std::string& words, const Hand& hand = {}, const std::string& mark = "");

  double height() const { return height_; }
  bool empty() const { return lines_.empty(); }

  /// Draws the lines from (x, y), the upper left corner; returns where the column ends.
  double draw(cairo_t* pen, double x, double y) const;

private:
  struct Line
  {
    std::string words;
    Hand hand;
    double indent = 0;
    double base = 0; ///< of the letters below the upper end
  };
  double width_;
  double height_ = 0;
  std::vector<Line> lines_;
};

/// A white page.
PageSurface white_page(double width, double height);

/// Width of words in pixels; bold letters are wider.
double width_of(const std::string& words, const Hand& hand);

/// Words cut with "..." where they are wider than a width.
std::string shortened(const std::string& words, const Hand& hand, double width);

} // namespace calcar::report
