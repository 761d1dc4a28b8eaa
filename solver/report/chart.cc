#include "report/chart.hpp"

#include "base/text.hpp"
#include "report/page.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <stdexcept>

namespace calcar::report
{
namespace
{
// Sizes on the page in pixels.
constexpr double page_width = 1500;
constexpr double left_edge = 130, plot_width = 900, plot_top = 130, plot_height = 620;
constexpr double second_width = 90; ///< for the scale at the right
constexpr double plot_bottom = plot_top + plot_height;
constexpr double legend_line = 27, note_line = 25, note_size = 17, label_size = 18;

struct Range
{
  double from = 0, to = 1;
};

/// Values of an axis to places on the page.
struct Scale
{
  Range x, y;
  double column(double value) const
  {
    return left_edge + plot_width * (value - x.from) / (x.to - x.from);
  }
  double row(double value) const
  {
    return plot_bottom - plot_height * (value - y.from) / (y.to - y.from);
  }
};

void widen(Range& range, double value)
{
  if (!std::isfinite(value))
    return;
  range.from = std::min(range.from, value);
  range.to = std::max(range.to, value);
}

/// From 0, or below it where values are, to a little more than the largest.
Range range_of(const Axis& axis, const std::vector<double>& values)
{
  Range range{0, 0};
  for (const double value : values)
    widen(range, value);
  constexpr double air = 0.05;
  const double span = range.to - range.from;
  range.to += air * span;
  if (range.from < 0)
    range.from -= air * span;
  range = {axis.from.value_or(range.from), axis.to.value_or(range.to)};
  if (!(range.to > range.from))
    throw std::invalid_argument("nothing to draw along \"" + axis.title + "\"");
  return range;
}

Scale scale_of(const Chart& chart)
{
  std::vector<double> x, y;
  for (const Curve& curve : chart.curves)
    for (const auto& point : curve.points)
    {
      x.push_back(point[0]);
      y.push_back(point[1]);
    }
  for (const Mark& mark : chart.marks)
  {
    x.push_back(mark.x);
    y.push_back(mark.y);
  }
  for (const Band& band : chart.bands)
  {
    if (band.low.size() != band.x.size() || band.high.size() != band.x.size())
      throw std::invalid_argument("band \"" + band.name + "\" has lines of different lengths");
    x.insert(x.end(), band.x.begin(), band.x.end());
    y.insert(y.end(), band.low.begin(), band.low.end());
    y.insert(y.end(), band.high.begin(), band.high.end());
  }
  for (const LevelLine& level : chart.levels)
    y.push_back(level.y);
  return {range_of(chart.x, x), range_of(chart.y, y)};
}

void use(cairo_t* pen, const Colour& colour, double opacity = 1)
{
  cairo_set_source_rgba(pen, colour[0], colour[1], colour[2], opacity);
}

void use_line(cairo_t* pen, const Look& look, double width)
{
  use(pen, look.colour);
  cairo_set_line_width(pen, width);
  constexpr std::array<std::array<double, 4>, 4> lengths = {
      {{0, 0, 0, 0}, {14, 8, 14, 8}, {3, 7, 3, 7}, {16, 6, 3, 6}}};
  cairo_set_dash(pen, lengths[static_cast<std::size_t>(look.dashes)].data(),
                 look.dashes == Dashes::solid ? 0 : 4, 0);
}

void line(cairo_t* pen, double x0, double y0, double x1, double y1)
{
  cairo_move_to(pen, x0, y0);
  cairo_line_to(pen, x1, y1);
  cairo_stroke(pen);
}

void upright(cairo_t* pen, double x, double middle, double size, const std::string& words)
{
  cairo_save(pen);
  cairo_translate(pen, x, middle + 0.5 * text_width(pen, size, words));
  cairo_rotate(pen, -0.5 * std::numbers::pi);
  text(pen, 0, 0, size, words);
  cairo_restore(pen);
}

void draw_grid(cairo_t* pen, const Chart& chart, const Scale& scale)
{
  for (const double value : ticks(scale.y.from, scale.y.to))
  {
    use_line(pen, {{0.87, 0.87, 0.87}}, 1);
    line(pen, left_edge, scale.row(value), left_edge + plot_width, scale.row(value));
    use(pen, Colour{0, 0, 0});
    const std::string words = format_number(value, 6);
    text(pen, left_edge - 12 - text_width(pen, label_size, words), scale.row(value) + 6, label_size,
         words);
  }
  for (const double value : ticks(scale.x.from, scale.x.to))
  {
    use_line(pen, {{0.87, 0.87, 0.87}}, 1);
    line(pen, scale.column(value), plot_top, scale.column(value), plot_bottom);
    use(pen, Colour{0, 0, 0});
    centred(pen, scale.column(value), plot_bottom + 26, label_size, format_number(value, 6));
  }
  use(pen, Colour{0, 0, 0});
  centred(pen, left_edge + 0.5 * plot_width, plot_bottom + 58, label_size, chart.x.title);
  upright(pen, 32, plot_top + 0.5 * plot_height, label_size, chart.y.title);
}

void draw_second(cairo_t* pen, const SecondAxis& axis, const Scale& scale)
{
  const double right = left_edge + plot_width;
  use_line(pen, {{0, 0, 0}}, 1.5);
  for (const double value : ticks(axis.per_unit * scale.y.from, axis.per_unit * scale.y.to))
  {
    const double row = scale.row(value / axis.per_unit);
    line(pen, right, row, right + 7, row);
    text(pen, right + 13, row + 6, label_size, format_number(value, 6));
  }
  upright(pen, right + second_width - 14, plot_top + 0.5 * plot_height, label_size, axis.title);
}

void draw_frame(cairo_t* pen)
{
  use_line(pen, {{0, 0, 0}}, 1.5);
  cairo_rectangle(pen, left_edge, plot_top, plot_width, plot_height);
  cairo_stroke(pen);
}

void draw_band(cairo_t* pen, const Band& band, const Scale& scale)
{
  cairo_new_path(pen);
  for (std::size_t n = 0; n < band.x.size(); ++n)
    cairo_line_to(pen, scale.column(band.x[n]), scale.row(band.low[n]));
  for (std::size_t n = band.x.size(); n-- > 0;)
    cairo_line_to(pen, scale.column(band.x[n]), scale.row(band.high[n]));
  cairo_close_path(pen);
  use(pen, band.colour, 0.25);
  cairo_fill(pen);
}

void draw_curve(cairo_t* pen, const Curve& curve, const Scale& scale)
{
  use_line(pen, curve.look, curve.width);
  cairo_set_line_join(pen, CAIRO_LINE_JOIN_ROUND);
  cairo_new_path(pen);
  for (const auto& point : curve.points)
    if (std::isfinite(point[0]) && std::isfinite(point[1]))
      cairo_line_to(pen, scale.column(point[0]), scale.row(point[1]));
  cairo_stroke(pen);
}

/// The outline of a mark, as the pen's path.
void outline(cairo_t* pen, double x, double y, MarkShape shape)
{
  constexpr double r = 8;
  const auto through = [&](std::initializer_list<std::array<double, 2>> corners)
  {
    for (const auto& corner : corners)
      cairo_line_to(pen, x + r * corner[0], y + r * corner[1]);
    cairo_close_path(pen);
  };
  cairo_new_path(pen);
  if (shape == MarkShape::circle)
    cairo_arc(pen, x, y, 0.85 * r, 0, 2 * std::numbers::pi);
  else if (shape == MarkShape::square)
    through({{-0.8, -0.8}, {0.8, -0.8}, {0.8, 0.8}, {-0.8, 0.8}});
  else if (shape == MarkShape::diamond)
    through({{0, -1.25}, {1.1, 0}, {0, 1.25}, {-1.1, 0}});
  else if (shape == MarkShape::triangle)
    through({{0, -1.1}, {1, 0.75}, {-1, 0.75}});
  else
    for (const double side : {-1.0, 1.0})
    {
      cairo_move_to(pen, x - 0.9 * r, y - 0.9 * r * side);
      cairo_line_to(pen, x + 0.9 * r, y + 0.9 * r * side);
    }
}

void draw_mark(cairo_t* pen, double x, double y, MarkShape shape, bool filled, const Colour& colour)
{
  use_line(pen, {colour}, 3);
  if (shape != MarkShape::cross)
  {
    outline(pen, x, y, shape);
    filled ? use(pen, colour) : use(pen, Colour{1, 1, 1});
    cairo_fill(pen);
    use(pen, colour);
  }
  outline(pen, x, y, shape);
  cairo_stroke(pen);
}

/// The line and its words, on the right above it.
void draw_level(cairo_t* pen, const LevelLine& level, const Scale& scale)
{
  const double row = scale.row(level.y), right = left_edge + plot_width;
  use_line(pen, level.look, 2);
  line(pen, left_edge, row, right, row);
  const double width = text_width(pen, note_size, level.words);
  use(pen, Colour{1, 1, 1}, 0.85);
  cairo_rectangle(pen, right - width - 14, row - 25, width + 8, 22);
  cairo_fill(pen);
  use(pen, level.look.colour);
  text(pen, right - width - 10, row - 8, note_size, level.words);
}

/// Words of the legend; the row below them.
double legend_words(cairo_t* pen, double x, double row, const std::string& words)
{
  use(pen, Colour{0, 0, 0});
  for (const std::string& one : wrapped(pen, note_size, words, page_width - x - 20))
  {
    text(pen, x, row + 6, note_size, one);
    row += legend_line - 4;
  }
  return row + 8;
}

double draw_legend(cairo_t* pen, const Chart& chart, double x)
{
  double row = plot_top + 14;
  const double words = x + 62;
  for (const Curve& curve : chart.curves)
    if (!curve.name.empty())
    {
      use_line(pen, curve.look, curve.width);
      line(pen, x, row, x + 50, row);
      row = legend_words(pen, words, row, curve.name);
    }
  for (const Band& band : chart.bands)
    if (!band.name.empty())
    {
      use(pen, band.colour, 0.25);
      cairo_rectangle(pen, x, row - 9, 50, 18);
      cairo_fill(pen);
      row = legend_words(pen, words, row, band.name);
    }
  row += chart.meanings.empty() ? 0 : 14;
  for (const MarkMeaning& meaning : chart.meanings)
  {
    draw_mark(pen, x + 25, row, meaning.shape, meaning.filled, {0.3, 0.3, 0.3});
    row = legend_words(pen, words, row, meaning.words);
  }
  return row;
}

/// Writes the notes from a row on; the row below them.
double draw_notes(cairo_t* pen, const Chart& chart, double row)
{
  use(pen, Colour{0, 0, 0});
  for (const std::string& note : chart.notes)
  {
    for (const std::string& one : wrapped(pen, note_size, note, page_width - 80))
    {
      text(pen, 40, row, note_size, one);
      row += note_line;
    }
    row += 0.4 * note_line;
  }
  return row;
}

void draw_plot(cairo_t* pen, const Chart& chart)
{
  const Scale scale = scale_of(chart);
  draw_grid(pen, chart, scale);
  if (chart.second)
    draw_second(pen, *chart.second, scale);
  cairo_save(pen);
  cairo_rectangle(pen, left_edge, plot_top, plot_width, plot_height);
  cairo_clip(pen);
  for (const Band& band : chart.bands)
    draw_band(pen, band, scale);
  for (const LevelLine& level : chart.levels)
    draw_level(pen, level, scale);
  for (auto curve = chart.curves.rbegin(); curve != chart.curves.rend(); ++curve)
    draw_curve(pen, *curve, scale);
  cairo_restore(pen);
  draw_frame(pen);
  for (const Mark& mark : chart.marks)
    if (std::isfinite(mark.x) && std::isfinite(mark.y))
      draw_mark(pen, scale.column(mark.x), scale.row(mark.y), mark.shape, mark.filled, mark.colour);
}

/// A page of this height, white.
struct Page
{
  PageSurface surface;
  Pen pen;
};
Page page_of(double height)
{
  PageSurface surface(cairo_image_surface_create(CAIRO_FORMAT_RGB24, static_cast<int>(page_width),
                                                 static_cast<int>(height)),
                      cairo_surface_destroy);
  Pen pen(cairo_create(surface.get()), cairo_destroy);
  use(pen.get(), Colour{1, 1, 1});
  cairo_paint(pen.get());
  return {std::move(surface), std::move(pen)};
}
} // namespace

Look look_of(std::size_t curve)
{
  constexpr std::array<Colour, 4> colours = {Colour{0, 0.267, 0.533}, Colour{0.733, 0.333, 0.4},
                                             Colour{0.867, 0.667, 0.2}, Colour{0, 0, 0}};
  constexpr std::array<Dashes, 4> dashes = {Dashes::solid, Dashes::dashed, Dashes::dash_dot,
                                            Dashes::dotted};
  return {colours[curve % 4], dashes[(curve + curve / 4) % 4]};
}

std::vector<double> ticks(double from, double to, int about)
{
  if (!(to > from) || about < 1)
    return {};
  const double raw = (to - from) / about;
  const double power = std::pow(10.0, std::floor(std::log10(raw)));
  const double times = raw / power < 1.5 ? 1 : raw / power < 3.5 ? 2 : raw / power < 7.5 ? 5 : 10;
  const double step = times * power;
  constexpr double rounding = 1e-9;
  std::vector<double> values;
  for (double n = std::ceil(from / step - rounding); n * step <= to + rounding * step; ++n)
    values.push_back(n == 0 ? 0 : n * step);
  return values;
}

void write_chart(const std::filesystem::path& file, const Chart& chart)
{
  const Page measure = page_of(1);
  const double legend_x = left_edge + plot_width + 30 + (chart.second ? second_width : 0);
  const double legend_end = draw_legend(measure.pen.get(), chart, legend_x);
  const double notes_top = std::max(plot_bottom + 105, legend_end + 30);
  const Page page = page_of(draw_notes(measure.pen.get(), chart, notes_top));
  cairo_t* pen = page.pen.get();
  use(pen, Colour{0, 0, 0});
  text(pen, 40, 50, 28, chart.title, true);
  text(pen, 40, 86, 19, chart.subtitle);
  draw_plot(pen, chart);
  draw_legend(pen, chart, legend_x);
  draw_notes(pen, chart, notes_top);
  save_png(page.surface.get(), file);
}

} // namespace calcar::report
