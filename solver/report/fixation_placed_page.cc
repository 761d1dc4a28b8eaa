#include "base/text.hpp"
#include "report/fixation_drawing.hpp"
#include "report/fixation_page.hpp"
#include "report/fixation_parts.hpp"
#include "report/fixation_words.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace calcar::report
{
namespace
{
// Sizes in pixels.
constexpr double edge = 40, around = 52, legend_width = 500, caption_room = 90;
constexpr double most_view_width = 760, most_view_height = 1150;
constexpr double finest_mm = 0.15; ///< a pixel: small bones are not blown up

/// An entry of the legend: a swatch of colour, or none, and words.
struct Entry
{
  TextColumn words{legend_width - 34};
  std::optional<Colour> swatch;
  double space = 10; ///< above
};

Entry heading(const std::string& words)
{
  Entry entry;
  entry.words.add(words, {15, true});
  entry.space = 18;
  return entry;
}

/// Short lines of one kind under a heading; nothing for none.
void add_lines(std::vector<Entry>& entries, const std::string& title,
               const std::vector<std::string>& lines, const Hand& hand)
{
  if (lines.empty())
    return;
  entries.push_back(heading(title));
  Entry entry;
  entry.space = 4;
  for (const std::string& line : lines)
    entry.words.add(line, hand, "- ");
  entries.push_back(std::move(entry));
}

std::vector<Entry> part_entries(const implant::Fixation& fixation, const FixationScene& scene)
{
  std::vector<Entry> entries;
  for (const PartGroup& group : groups_of(fixation))
  {
    Entry entry;
    entry.swatch = colour_of(group.first->kind);
    entry.words.add(group_words(group), {16, true});
    entry.words.add(material_words(group), {14, false, ink_grey});
    entries.push_back(std::move(entry));
  }
  for (const lesion::PlacedLesion& lesion : scene.lesions)
  {
    Entry entry;
    entry.swatch = lesion_colour;
    entry.words.add("lesion \"" + lesion.lesion.name + "\"", {16, true});
    entry.words.add(lesion.lesion.kind, {14, false, ink_grey});
    entries.push_back(std::move(entry));
  }
  return entries;
}

std::vector<Entry> legend_of(const FixationResults& option, const implant::Fixation& fixation,
                             const FixationScene& scene)
{
  std::vector<Entry> entries = part_entries(fixation, scene);
  std::vector<std::string> warnings, measures;
  for (const Warning& warning : option.warnings)
    warnings.push_back(warning.text);
  add_lines(entries, "To be looked at", warnings, {15, false, ink_fails});
  for (const auto& [name, value] : fixation.measures)
    if (const std::string words = measure_words(name, value); !words.empty())
      measures.push_back(words);
  if (option.removed_mm3 > 0)
    measures.push_back(
        "bone and marrow taken away: " + format_number(1e-3 * option.removed_mm3, 3) + " cm3");
  add_lines(entries, "Measured", measures, {14});
  add_lines(entries, "Not confirmed", grouped(doubts_of(option)), {13, false, ink_doubt});
  Entry note;
  note.space = 22;
  note.words.add("Placed by rules in the bone's own frame and canal: a proposal to be checked, not "
                 "an operation plan. Decision support for research; not a medical device.",
                 {13, false, ink_grey});
  entries.push_back(std::move(note));
  return entries;
}

double height_of(const std::vector<Entry>& entries)
{
  double height = 0;
  for (const Entry& entry : entries)
    height += entry.space + entry.words.height();
  return height;
}

void draw_legend(cairo_t* pen, const std::vector<Entry>& entries, double x, double y)
{
  for (const Entry& entry : entries)
  {
    y += entry.space;
    if (entry.swatch)
    {
      ink(pen, *entry.swatch);
      fill_box(pen, x, y + 2, 20, 16);
    }
    y = entry.words.draw(pen, entry.swatch ? x + 32 : x, y);
  }
}

/// Pixels a millimetre takes, so that both views stand on the page.
double pixel_mm_for(const std::array<ViewBounds, 2>& bounds)
{
  return std::max({(bounds[0].width() + bounds[1].width()) / most_view_width,
                   std::max(bounds[0].height(), bounds[1].height()) / most_view_height, finest_mm});
}

void upright(cairo_t* pen, double x, double middle, const std::string& words)
{
  cairo_save(pen);
  cairo_translate(pen, x, middle + 0.5 * text_width(pen, 15, words));
  cairo_rotate(pen, -0.5 * std::numbers::pi);
  text(pen, 0, 0, 15, words);
  cairo_restore(pen);
}

void draw_directions(cairo_t* pen, const FixationPanel& panel, const FixationView& view, double x,
                     double y)
{
  ink(pen, {0.25, 0.25, 0.25});
  const double middle = x + 0.5 * view.width(), half = y + 0.5 * view.height();
  centred(pen, middle, y - 14, 15, panel.top);
  centred(pen, middle, y + view.height() + 26, 15, panel.bottom);
  upright(pen, x - 16, half, panel.left);
  upright(pen, x + view.width() + 28, half, panel.right);
  ink(pen, ink_black);
  centred(pen, middle, y + view.height() + 56, 18, panel.caption);
}

void draw_scale(cairo_t* pen, double x, double y, double pixel_mm)
{
  ink(pen, ink_black);
  stroke_line(pen, x, y, x + 50 / pixel_mm, y, 3);
  text(pen, x + 50 / pixel_mm + 10, y + 5, 15, "50 mm");
}

TextColumn title_of(const std::string& title, const FixationResults& option, double width)
{
  TextColumn column(width);
  column.add(option.name, {26, true});
  column.add(option.words, {17, false, ink_grey, 4});
  column.add(title, {15, false, ink_grey, 2});
  return column;
}
} // namespace

void write_placed_page(const std::filesystem::path& file, const std::string& title,
                       const FixationResults& option, const implant::Fixation& fixation,
                       const FixationScene& scene, const BoneSurface& surface)
{
  const std::array<FixationPanel, 2> panels = fixation_panels(scene.bone);
  const std::array<ViewBounds, 2> bounds = {bounds_of(surface, fixation, panels[0].axes),
                                            bounds_of(surface, fixation, panels[1].axes)};
  const double pixel_mm = pixel_mm_for(bounds);
  std::array<FixationView, 2> views;
  for (std::size_t n = 0; n < 2; ++n)
    views[n] = view_of(surface, fixation, scene.lesions, panels[n].axes, pixel_mm);
  const double legend_x = edge + views[0].width() + views[1].width() + 4 * around + 20;
  const double width = legend_x + legend_width + edge;
  const TextColumn head = title_of(title, option, width - 2 * edge);
  const std::vector<Entry> legend = legend_of(option, fixation, scene);
  const double top = edge + head.height() + around;
  const double tallest = std::max(views[0].height(), views[1].height());
  const double height = std::max(top + tallest + caption_room + 40, top + height_of(legend) + edge);
  const PageSurface page = white_page(width, height);
  const Pen pen(cairo_create(page.get()), cairo_destroy);
  head.draw(pen.get(), edge, edge - 10);
  double x = edge + around;
  for (std::size_t n = 0; n < 2; ++n)
  {
    draw_view(pen.get(), views[n], x, top);
    draw_directions(pen.get(), panels[n], views[n], x, top);
    x += views[n].width() + 2 * around;
  }
  draw_scale(pen.get(), edge + around, top + tallest + caption_room, pixel_mm);
  draw_legend(pen.get(), legend, legend_x, top - 20);
  save_png(page.get(), file);
}

} // namespace calcar::report
