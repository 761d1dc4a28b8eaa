#include "report/page.hpp"

#include "base/error.hpp"

#include <algorithm>

namespace calcar::report
{

void text(cairo_t* pen, double x, double y, double size, const std::string& words, bool bold)
{
  cairo_select_font_face(pen, "DejaVu Sans", CAIRO_FONT_SLANT_NORMAL,
                         bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
  cairo_set_font_size(pen, size);
  cairo_move_to(pen, x, y);
  cairo_show_text(pen, words.c_str());
}

double text_width(cairo_t* pen, double size, const std::string& words)
{
  cairo_select_font_face(pen, "DejaVu Sans", CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_NORMAL);
  cairo_set_font_size(pen, size);
  cairo_text_extents_t extents;
  cairo_text_extents(pen, words.c_str(), &extents);
  return extents.x_advance;
}

void centred(cairo_t* pen, double x, double y, double size, const std::string& words)
{
  text(pen, x - 0.5 * text_width(pen, size, words), y, size, words);
}

std::vector<std::string> wrapped(cairo_t* pen, double size, const std::string& words, double width)
{
  std::vector<std::string> lines(1);
  std::size_t from = 0;
  while (from < words.size())
  {
    const std::size_t to = std::min(words.find(' ', from), words.size());
    const std::string word = words.substr(from, to - from);
    const std::string longer = lines.back().empty() ? word : lines.back() + " " + word;
    if (text_width(pen, size, longer) <= width || lines.back().empty())
      lines.back() = longer;
    else
      lines.push_back(word);
    from = to + 1;
  }
  return lines;
}

void save_png(cairo_surface_t* page, const std::filesystem::path& file)
{
  const std::filesystem::path temporary = file.string() + ".tmp";
  const cairo_status_t status = cairo_surface_write_to_png(page, temporary.c_str());
  std::error_code error;
  if (status == CAIRO_STATUS_SUCCESS)
    std::filesystem::rename(temporary, file, error);
  if (status != CAIRO_STATUS_SUCCESS || error)
  {
    std::filesystem::remove(temporary, error);
    throw InputError(
        Fault::command,
        {file.string(),
         std::string("the picture cannot be written: ") + cairo_status_to_string(status), "",
         "check that the folder can be written and the disk is not full", ""});
  }
}
} // namespace calcar::report
