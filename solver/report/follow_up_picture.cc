#include "base/text.hpp"
#include "report/follow_up.hpp"
#include "report/page.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace calcar::report
{
namespace
{
// Sizes in pixels.
constexpr double page_width = 1400, edge = 40, head = 90;
constexpr double panel_height = 330, panel_gap = 105;
constexpr double left_room = 95, words_size = 15, line_height = 21;

using risk::FollowUpActivity;
using risk::FollowUpPoint;

/// Where an activity is drawn, and what its axes span.
struct Panel
{
  double x, y, width, height; ///< of the axes
  double last_months, top;    ///< utilisation at the upper edge

  double column(double months) const { return x + width * months / last_months; }
  double row(double utilisation) const
  {
    return y + height * (1 - std::min(utilisation, top) / top);
  }
};

struct Colour
{
  double red, green, blue;
};
constexpr Colour black = {0, 0, 0}, grey = {0.45, 0.45, 0.45}, light = {0.86, 0.86, 0.86};
constexpr Colour worse_colour = {0.72, 0.10, 0.12}, better_colour = {0.05, 0.36, 0.62};
constexpr Colour band_colour = {0.93, 0.87, 0.75}, limit_colour = {0.15, 0.15, 0.15};

void set(cairo_t* pen, const Colour& colour)
{
  cairo_set_source_rgb(pen, colour.red, colour.green, colour.blue);
}

void line(cairo_t* pen, double x1, double y1, double x2, double y2, double width,
          const std::vector<double>& dashes = {})
{
  cairo_set_dash(pen, dashes.data(), static_cast<int>(dashes.size()), 0);
  cairo_set_line_width(pen, width);
  cairo_move_to(pen, x1, y1);
  cairo_line_to(pen, x2, y2);
  cairo_stroke(pen);
  cairo_set_dash(pen, nullptr, 0, 0);
}

/// A step of 1, 2 or 5 times a power of ten that makes about five of them.
double round_step(double whole)
{
  const double power = std::pow(10, std::floor(std::log10(whole / 5)));
  for (const double times : {1.0, 2.0, 5.0})
    if (whole / (times * power) <= 6)
      return times * power;
  return 10 * power;
}

double upper_edge(const FollowUpActivity& activity, double threshold)
{
  double most = threshold;
  for (const auto* points : {&activity.worse, &activity.better})
    for (const FollowUpPoint& point : *points)
      most = std::max(most, point.utilisation);
  const double step = round_step(1.15 * most);
  return step * std::ceil(1.15 * most / step);
}

/// Words below the axis, left out where they would meet the ones before.
void below(cairo_t* pen, double column, double row, double size, const std::string& words,
           double& free_from)
{
  const double half = 0.5 * text_width(pen, size, words);
  if (column - half < free_from)
    return;
  centred(pen, column, row, size, words);
  free_from = column + half + 8;
}

void draw_dates(cairo_t* pen, const Panel& panel, const FollowUpResults& results)
{
  const double foot = panel.y + panel.height;
  double months_from = 0, dates_from = 0;
  for (std::size_t n = 0; n < results.months.size(); ++n)
  {
    const double column = panel.column(results.months[n]);
    set(pen, grey);
    line(pen, column, foot, column, foot + 6, 1.5);
    set(pen, black);
    below(pen, column, foot + 24, 14, date_heading(results.months[n]), months_from);
    if (!results.dates.empty())
      below(pen, column, foot + 44, 13, results.dates[n], dates_from);
  }
}

void draw_axes(cairo_t* pen, const Panel& panel, const FollowUpResults& results)
{
  const double step = round_step(panel.top);
  for (double u = 0; u <= panel.top * 1.0001; u += step)
  {
    set(pen, light);
    line(pen, panel.x, panel.row(u), panel.x + panel.width, panel.row(u), 1);
    set(pen, black);
    const std::string words = format_number(100 * u, 4) + " %";
    text(pen, panel.x - 10 - text_width(pen, 14, words), panel.row(u) + 5, 14, words);
  }
  draw_dates(pen, panel, results);
  set(pen, black);
  line(pen, panel.x, panel.y, panel.x, panel.y + panel.height, 1.5);
  line(pen, panel.x, panel.y + panel.height, panel.x + panel.width, panel.y + panel.height, 1.5);
}

void trace(cairo_t* pen, const Panel& panel, const std::vector<FollowUpPoint>& points)
{
  for (const FollowUpPoint& point : points)
    cairo_line_to(pen, panel.column(point.months), panel.row(point.utilisation));
}

void draw_band(cairo_t* pen, const Panel& panel, const FollowUpActivity& activity)
{
  set(pen, band_colour);
  cairo_new_path(pen);
  trace(pen, panel, activity.worse);
  trace(pen, panel, {activity.better.rbegin(), activity.better.rend()});
  cairo_close_path(pen);
  cairo_fill(pen);
}

void draw_curve(cairo_t* pen, const Panel& panel, const std::vector<FollowUpPoint>& points,
                const Colour& colour, const std::vector<double>& dashes)
{
  set(pen, colour);
  cairo_new_path(pen);
  trace(pen, panel, points);
  cairo_set_dash(pen, dashes.data(), static_cast<int>(dashes.size()), 0);
  cairo_set_line_width(pen, 3);
  cairo_stroke(pen);
  cairo_set_dash(pen, nullptr, 0, 0);
  for (const FollowUpPoint& point : points)
  {
    cairo_new_path(pen);
    cairo_arc(pen, panel.column(point.months), panel.row(point.utilisation), 5, 0,
              2 * std::numbers::pi);
    cairo_fill(pen);
  }
}

void draw_credit(cairo_t* pen, const Panel& panel, const FollowUpResults& results)
{
  if (!results.credit.is_promised)
    return;
  const double until = std::min(results.credit.from_months, panel.last_months);
  set(pen, grey);
  line(pen, panel.column(until), panel.y, panel.column(until), panel.y + panel.height, 1.5, {3, 4});
  const std::string words = "no recovery credited before this date";
  const double width = text_width(pen, 13, words);
  const double right = panel.column(until) - 8 - width;
  set(pen, grey);
  text(pen, right > panel.x + 4 ? right : panel.column(until) + 8, panel.y + 38, 13, words);
}

void draw_threshold(cairo_t* pen, const Panel& panel, const FollowUpActivity& activity,
                    const FollowUpResults& results)
{
  const double level = panel.row(results.threshold);
  set(pen, limit_colour);
  line(pen, panel.x, level, panel.x + panel.width, level, 2, {10, 5});
  const risk::Crossing& crossing = activity.worse_crosses;
  const std::string words = risk::crossing_words(
      crossing, results.months.back(), [&](double m) { return months_in_words(results, m); });
  const double column = panel.column(crossing.months.value_or(0));
  if (crossing.months && !crossing.at_scan)
  {
    set(pen, worse_colour);
    line(pen, column, level, column, panel.y + panel.height, 1.5, {2, 3});
    cairo_new_path(pen);
    cairo_arc(pen, column, level, 8, 0, 2 * std::numbers::pi);
    cairo_set_line_width(pen, 2.5);
    cairo_stroke(pen);
  }
  set(pen, worse_colour);
  text(pen, panel.x + 10, panel.y + 16, 14,
       "worse bound: " + format_number(100 * results.threshold, 4) + " % " + words);
}

void draw_panel(cairo_t* pen, const Panel& panel, const FollowUpActivity& activity,
                const FollowUpResults& results)
{
  set(pen, black);
  const std::string mark = activity.kind == load::ActivityKind::accident ? " (accident)" : "";
  text(pen, panel.x, panel.y - 14, 18,
       activity.title + mark + (activity.load_doubt.empty() ? "" : " *"), true);
  draw_band(pen, panel, activity);
  draw_axes(pen, panel, results);
  draw_credit(pen, panel, results);
  draw_curve(pen, panel, activity.better, better_colour, {9, 5});
  draw_curve(pen, panel, activity.worse, worse_colour, {});
  draw_threshold(pen, panel, activity, results);
}

void draw_key(cairo_t* pen, double x, double y)
{
  const std::array keys = {std::pair{worse_colour, "worse bound"},
                           std::pair{better_colour, "better bound"}};
  for (const auto& [colour, words] : keys)
  {
    set(pen, colour);
    line(pen, x, y - 5, x + 40, y - 5, 3,
         colour.red > colour.blue ? std::vector<double>{} : std::vector<double>{9, 5});
    set(pen, black);
    text(pen, x + 48, y, words_size, words);
    x += 70 + text_width(pen, words_size, words);
  }
  set(pen, band_colour);
  cairo_rectangle(pen, x, y - 13, 34, 16);
  cairo_fill(pen);
  set(pen, black);
  text(pen, x + 42, y, words_size, "between the bounds: utilisation = load / strength");
}

/// What stands below the panels, one paragraph each.
std::vector<std::string> paragraphs(const FollowUpResults& results)
{
  std::vector<std::string> all;
  for (const std::string& words : results.advice)
    all.push_back("Advice: " + words);
  for (const FollowUpTreatment& t : results.treatments)
  {
    std::string line = t.words + ", from " + months_in_words(results, t.start_months) + ": " +
                       join(t.effects, "; ");
    if (!t.doubts.empty())
      line += " [" + join(t.doubts, "; ") + "]";
    all.push_back(line);
  }
  for (const std::string& words : results.assumptions)
    all.push_back("Assumed: " + words);
  if (std::any_of(results.activities.begin(), results.activities.end(),
                  [](const auto& a) { return !a.load_doubt.empty(); }))
    all.push_back("* the load of this activity is unconfirmed");
  all.push_back("Scenarios, no forecast. Decision support for research; not a medical device.");
  return all;
}

PageSurface blank(double height)
{
  PageSurface page(cairo_image_surface_create(CAIRO_FORMAT_RGB24, static_cast<int>(page_width),
                                              static_cast<int>(height)),
                   cairo_surface_destroy);
  const Pen pen(cairo_create(page.get()), cairo_destroy);
  cairo_set_source_rgb(pen.get(), 1, 1, 1);
  cairo_paint(pen.get());
  return page;
}

/// All paragraphs as lines of the page's width.
std::vector<std::string> lines_of(const FollowUpResults& results)
{
  const PageSurface page = blank(10);
  const Pen pen(cairo_create(page.get()), cairo_destroy);
  std::vector<std::string> lines;
  for (const std::string& paragraph : paragraphs(results))
  {
    std::string indent = "- ";
    for (const std::string& part :
         wrapped(pen.get(), words_size, paragraph, page_width - 2 * edge - 20))
    {
      lines.push_back(indent + part);
      indent = "   ";
    }
  }
  return lines;
}
} // namespace

void write_follow_up_picture(const std::filesystem::path& file, const std::string& title,
                             const FollowUpResults& results)
{
  const std::size_t count = results.activities.size();
  const std::size_t columns = count > 1 ? 2 : 1;
  const std::size_t rows = (count + columns - 1) / columns;
  const std::vector<std::string> lines = lines_of(results);
  const double words_from = head + static_cast<double>(rows) * (panel_height + panel_gap) + 35;
  const PageSurface page =
      blank(words_from + static_cast<double>(lines.size()) * line_height + edge);
  const Pen pen(cairo_create(page.get()), cairo_destroy);
  set(pen.get(), black);
  text(pen.get(), edge, 44, 24, title + ": over the months", true);
  const double room = (page_width - 2 * edge) / static_cast<double>(columns);
  for (std::size_t n = 0; n < count; ++n)
  {
    const FollowUpActivity& activity = results.activities[n];
    const double x = edge + left_room + room * static_cast<double>(n % columns);
    const double y = head + 25 + (panel_height + panel_gap) * static_cast<double>(n / columns);
    draw_panel(pen.get(),
               {x, y, room - left_room - 45, panel_height, results.months.back(),
                upper_edge(activity, results.threshold)},
               activity, results);
  }
  draw_key(pen.get(), edge, words_from - 25);
  for (std::size_t n = 0; n < lines.size(); ++n)
    text(pen.get(), edge, words_from + 8 + line_height * static_cast<double>(n), words_size,
         lines[n]);
  save_png(page.get(), file);
}

} // namespace calcar::report
