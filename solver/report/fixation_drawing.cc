#include "report/fixation_drawing.hpp"

#include <algorithm>

namespace calcar::report
{
namespace
{
/// Height of a line over the size of its letters.
constexpr double line_over_size = 1.36;

/// A pen that draws nowhere, to measure words with.
cairo_t* ruler()
{
  static const PageSurface page(cairo_image_surface_create(CAIRO_FORMAT_A8, 1, 1),
                                cairo_surface_destroy);
  static const Pen pen(cairo_create(page.get()), cairo_destroy);
  return pen.get();
}

/// True in the middle of a character of UTF-8.
bool continues(char c)
{
  return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

/// The longest beginning of words that fits, in whole characters and at least one of them.
std::size_t length_that_fits(const std::string& words, const Hand& hand, double width)
{
  std::size_t fits = 0;
  for (std::size_t n = 1; n <= words.size(); ++n)
  {
    if (n < words.size() && continues(words[n]))
      continue;
    if (fits > 0 && width_of(words.substr(0, n), hand) > width)
      break;
    fits = n;
  }
  return fits;
}

/// Lines between words, words wider than a line broken within.
std::vector<std::string> fitted(const std::string& words, const Hand& hand, double width)
{
  std::vector<std::string> lines;
  const double bold = width_of("measure", hand) / text_width(ruler(), hand.size, "measure");
  std::string plain = words; // the ends of lines of messages
  std::replace_if(
      plain.begin(), plain.end(), [](char c) { return static_cast<unsigned char>(c) < 32; }, ' ');
  for (std::string line : wrapped(ruler(), hand.size, plain, width / bold))
  {
    while (width_of(line, hand) > width && length_that_fits(line, hand, width) < line.size())
    {
      const std::size_t cut = length_that_fits(line, hand, width);
      lines.push_back(line.substr(0, cut));
      line = line.substr(cut);
    }
    lines.push_back(line);
  }
  return lines;
}
} // namespace

void ink(cairo_t* pen, const Colour& colour)
{
  cairo_set_source_rgb(pen, colour[0], colour[1], colour[2]);
}

void fill_box(cairo_t* pen, double x, double y, double width, double height)
{
  cairo_new_path(pen);
  cairo_rectangle(pen, x, y, width, height);
  cairo_fill(pen);
}

void stroke_line(cairo_t* pen, double x1, double y1, double x2, double y2, double width,
                 const std::vector<double>& dashes)
{
  cairo_set_dash(pen, dashes.data(), static_cast<int>(dashes.size()), 0);
  cairo_set_line_width(pen, width);
  cairo_new_path(pen);
  cairo_move_to(pen, x1, y1);
  cairo_line_to(pen, x2, y2);
  cairo_stroke(pen);
  cairo_set_dash(pen, nullptr, 0, 0);
}

void draw_view(cairo_t* pen, const FixationView& view, double x, double y)
{
  const PageSurface picture(cairo_image_surface_create(CAIRO_FORMAT_RGB24, view.columns, view.rows),
                            cairo_surface_destroy);
  unsigned char* bytes = cairo_image_surface_get_data(picture.get());
  const int stride = cairo_image_surface_get_stride(picture.get());
  std::size_t n = 0;
  for (int r = 0; r < view.rows; ++r)
    for (int c = 0; c < view.columns; ++c, ++n)
      for (int channel = 0; channel < 3; ++channel) // blue first
        bytes[r * stride + 4 * c + channel] = view.point[n][static_cast<std::size_t>(2 - channel)];
  cairo_surface_mark_dirty(picture.get());
  cairo_save(pen);
  cairo_translate(pen, x, y);
  cairo_scale(pen, view.scale, view.scale);
  cairo_set_source_surface(pen, picture.get(), 0, 0);
  cairo_pattern_set_filter(cairo_get_source(pen), CAIRO_FILTER_GOOD);
  cairo_paint(pen);
  cairo_restore(pen);
}

void TextColumn::add(const std::string& words, const Hand& hand, const std::string& mark)
{
  if (words.empty())
    return;
  const double indent = mark.empty() ? 0 : width_of(mark, hand);
  height_ += hand.space;
  bool first = true;
  for (const std::string& line : fitted(words, hand, width_ - indent))
  {
    const double base = height_ + hand.size;
    if (first && !mark.empty())
      lines_.push_back({mark, hand, 0, base});
    lines_.push_back({line, hand, indent, base});
    height_ += line_over_size * hand.size;
    first = false;
  }
}

double TextColumn::draw(cairo_t* pen, double x, double y) const
{
  for (const Line& line : lines_)
  {
    ink(pen, line.hand.colour);
    text(pen, x + line.indent, y + line.base, line.hand.size, line.words, line.hand.bold);
  }
  return y + height_;
}

PageSurface white_page(double width, double height)
{
  PageSurface page(cairo_image_surface_create(CAIRO_FORMAT_RGB24, static_cast<int>(width),
                                              static_cast<int>(height)),
                   cairo_surface_destroy);
  const Pen pen(cairo_create(page.get()), cairo_destroy);
  ink(pen.get(), {1, 1, 1});
  cairo_paint(pen.get());
  return page;
}

double width_of(const std::string& words, const Hand& hand)
{
  if (!hand.bold)
    return text_width(ruler(), hand.size, words);
  cairo_select_font_face(ruler(), "DejaVu Sans", CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_BOLD);
  cairo_set_font_size(ruler(), hand.size);
  cairo_text_extents_t extents;
  cairo_text_extents(ruler(), words.c_str(), &extents);
  return extents.x_advance;
}

std::string shortened(const std::string& words, const Hand& hand, double width)
{
  if (width_of(words, hand) <= width)
    return words;
  return words.substr(0, length_that_fits(words, hand, width - width_of("...", hand))) + "...";
}

} // namespace calcar::report
