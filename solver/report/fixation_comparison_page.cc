#include "base/text.hpp"
#include "report/fixation_drawing.hpp"
#include "report/fixation_page.hpp"
#include "report/fixation_rows.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::report
{
namespace
{
// Columns from left to right, and rows, in pixels.
constexpr double edge = 36, sketch_width = 84, sketch_height = 150, gap = 18;
constexpr double label_width = 172, axis_width = 250, value_width = 210;
constexpr double bar_pitch = 46, bar_height = 17, padding = 16, heading_height = 52;

constexpr double name_x = edge + sketch_width + gap;
constexpr double label_x = name_x + name_width + gap;
constexpr double axis_x = label_x + label_width;
constexpr double value_x = axis_x + axis_width + 14;
constexpr double limits_x = value_x + value_width + gap;
constexpr double page_width = limits_x + limits_width + edge;

/// Load factors from 0 to the largest that is drawn.
struct Scale
{
  double top = 2;
  double enough = 1;

  double column(double factor) const { return axis_x + axis_width * std::min(factor, top) / top; }
};

Scale scale_of(const std::vector<OptionRow>& rows, double enough)
{
  double most = 1.5 * enough;
  for (const OptionRow& row : rows)
    for (const StateBar& bar : row.bars)
      for (const std::optional<double>& factor : {bar.factor, bar.other})
        if (factor && std::isfinite(*factor))
          most = std::max(most, *factor);
  return {std::min(1.05 * most, 5 * enough), enough};
}

double height_of(const OptionRow& row, bool sketched)
{
  return 2 * padding + std::max({row.name.height(), row.limits.height(),
                                 bar_pitch * static_cast<double>(row.bars.size()),
                                 sketched ? sketch_height : 0.0});
}

void draw_diamond(cairo_t* pen, double x, double y, double size)
{
  cairo_new_path(pen);
  cairo_move_to(pen, x, y - size);
  cairo_line_to(pen, x + size, y);
  cairo_line_to(pen, x, y + size);
  cairo_line_to(pen, x - size, y);
  cairo_close_path(pen);
  ink(pen, {1, 1, 1});
  cairo_fill_preserve(pen);
  ink(pen, ink_black);
  cairo_set_line_width(pen, 1.6);
  cairo_stroke(pen);
}

/// A bar that ends in a point where it goes on beyond the scale.
void draw_bar(cairo_t* pen, const Scale& scale, double factor, double y)
{
  const double end = scale.column(factor);
  ink(pen, factor < scale.enough ? ink_fails : ink_holds);
  fill_box(pen, axis_x, y, std::max(end - axis_x, 1.0), bar_height);
  if (factor <= scale.top)
    return;
  cairo_new_path(pen);
  cairo_move_to(pen, end, y - 3);
  cairo_line_to(pen, end + 10, y + 0.5 * bar_height);
  cairo_line_to(pen, end, y + bar_height + 3);
  cairo_close_path(pen);
  cairo_fill(pen);
}

void draw_state(cairo_t* pen, const Scale& scale, const StateBar& bar, double y)
{
  ink(pen, ink_black);
  text(pen, label_x, y + 14, 14, bar.label);
  if (!bar.factor)
  {
    ink(pen, bar.instead == "holds nothing" ? ink_fails : ink_grey);
    text(pen, value_x, y + 14, 15, bar.instead, bar.instead == "holds nothing");
    return;
  }
  draw_bar(pen, scale, *bar.factor, y);
  if (bar.other)
    draw_diamond(pen, std::min(scale.column(*bar.other), axis_x + axis_width - 9),
                 y + 0.5 * bar_height, 7);
  const bool holds = *bar.factor >= scale.enough;
  ink(pen, holds ? ink_holds : ink_fails);
  const std::string verdict = holds ? "  holds" : "  fails";
  text(pen, value_x, y + 14, 16,
       std::isfinite(*bar.factor) ? factor_words(*bar.factor) + verdict : "not loaded", true);
  const Hand small = {12, false, ink_grey};
  ink(pen, ink_grey);
  const std::string other =
      bar.other ? bar.other_name + " " + factor_words(*bar.other) + "; " : std::string();
  text(pen, value_x, y + 31, small.size, shortened(other + bar.activity, small, value_width));
}

void draw_sketch(cairo_t* pen, const FixationScene& scene, const BoneSurface& surface,
                 const implant::Fixation& fixation, double y)
{
  const ViewAxes axes = fixation_panels(scene.bone)[0].axes;
  const ViewBounds bounds = bounds_of(surface, fixation, axes);
  const double pixel_mm =
      std::max({bounds.width() / sketch_width, bounds.height() / sketch_height, 0.05});
  const FixationView view = view_of(surface, fixation, scene.lesions, axes, pixel_mm, 3);
  draw_view(pen, view, edge + 0.5 * (sketch_width - view.width()), y);
}

void draw_row(cairo_t* pen, const OptionRow& row, const Scale& scale, double y, double height)
{
  ink(pen, ink_light);
  stroke_line(pen, edge, y, page_width - edge, y, 1);
  const double top = y + padding;
  double name_from = name_x;
  if (!row.rank.empty())
  {
    ink(pen, ink_grey);
    text(pen, name_x - 4 - width_of(row.rank, {17, true}), top + 17, 17, row.rank, true);
  }
  name_from += row.rank.empty() ? 0 : 6;
  row.name.draw(pen, name_from, top);
  if (!row.bars.empty())
  {
    ink(pen, {0.55, 0.55, 0.55});
    stroke_line(pen, axis_x, y + 6, axis_x, y + height - 6, 1);
  }
  for (std::size_t n = 0; n < row.bars.size(); ++n)
    draw_state(pen, scale, row.bars[n], top + bar_pitch * static_cast<double>(n));
  if (!row.bars.empty())
  {
    ink(pen, ink_black);
    stroke_line(pen, scale.column(scale.enough), y + 4, scale.column(scale.enough), y + height - 4,
                1.5, {5, 4});
  }
  row.limits.draw(pen, row.bars.empty() ? label_x : limits_x, top);
}

void draw_headings(cairo_t* pen, const Scale& scale, double y)
{
  ink(pen, ink_black);
  text(pen, name_x, y + 18, 15, "option", true);
  text(pen, label_x, y + 18, 15, "load factor, worst daily activity", true);
  text(pen, limits_x, y + 18, 15, "what limits it", true);
  const double step = scale.top > 3 * scale.enough ? 1 : 0.5;
  ink(pen, ink_grey);
  for (double tick = 0; tick <= scale.top; tick += step)
    centred(pen, scale.column(tick), y + 44, 13, format_number(tick, 3));
}

/// What bars, diamond and dashed line mean.
void draw_key(cairo_t* pen, double y, double enough, bool with_diamond)
{
  double x = edge;
  const auto word = [&](const std::string& words)
  {
    ink(pen, ink_black);
    text(pen, x, y + 13, 14, words);
    x += text_width(pen, 14, words) + 26;
  };
  for (const auto& [colour, words] : {std::pair{ink_holds, "holds"}, std::pair{ink_fails, "fails"}})
  {
    ink(pen, colour);
    fill_box(pen, x, y + 1, 30, 14);
    x += 38;
    word(words);
  }
  ink(pen, ink_black);
  stroke_line(pen, x + 2, y - 2, x + 2, y + 18, 1.5, {5, 4});
  x += 12;
  word("the load of the activity" +
       (enough == 1 ? std::string() : " times " + format_number(enough, 3)));
  if (!with_diamond)
    return;
  draw_diamond(pen, x + 7, y + 8, 7);
  x += 22;
  word("the other interface between implant and bone, which is not judged");
}

bool any_other(const std::vector<OptionRow>& rows)
{
  return std::any_of(rows.begin(), rows.end(),
                     [](const OptionRow& row)
                     {
                       return std::any_of(row.bars.begin(), row.bars.end(),
                                          [](const StateBar& b) { return b.other.has_value(); });
                     });
}
} // namespace

void write_comparison_page(const std::filesystem::path& file, const Results& results,
                           const FixationScene& scene, const BoneSurface& surface)
{
  const std::vector<OptionRow> rows = option_rows(results);
  const Scale scale = scale_of(rows, results.fixations->comparison.enough);
  const TextColumn closing = closing_words(results, page_width - 2 * edge);
  TextColumn head(page_width - 2 * edge);
  head.add(results.title + ": what a fixation would do", {26, true});
  head.add("Load factor: how many times the load of the activity it bears before the first part "
           "fails, bone or implant.",
           {16, false, ink_grey, 4});
  std::vector<double> heights;
  double rows_height = 0;
  for (const OptionRow& row : rows)
  {
    heights.push_back(height_of(row, placed_as(scene, row.option) != nullptr));
    rows_height += heights.back();
  }
  const double rows_from = edge + head.height() + 46 + heading_height;
  const PageSurface page =
      white_page(page_width, rows_from + rows_height + 24 + closing.height() + edge);
  const Pen pen(cairo_create(page.get()), cairo_destroy);
  head.draw(pen.get(), edge, edge - 8);
  draw_key(pen.get(), edge + head.height() + 8, scale.enough, any_other(rows));
  draw_headings(pen.get(), scale, rows_from - heading_height);
  double y = rows_from;
  for (std::size_t n = 0; n < rows.size(); y += heights[n++])
  {
    draw_row(pen.get(), rows[n], scale, y, heights[n]);
    if (const implant::Fixation* fixation = placed_as(scene, rows[n].option))
      draw_sketch(pen.get(), scene, surface, *fixation, y + padding);
  }
  ink(pen.get(), ink_light);
  stroke_line(pen.get(), edge, y, page_width - edge, y, 1);
  closing.draw(pen.get(), edge, y + 20);
  save_png(page.get(), file);
}

} // namespace calcar::report
