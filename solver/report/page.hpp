#pragma once

#include <cairo.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

/// Words on a picture, and the picture in a file: what all drawings of the report share.
namespace calcar::report
{

using PageSurface = std::unique_ptr<cairo_surface_t, decltype(&cairo_surface_destroy)>;
using Pen = std::unique_ptr<cairo_t, decltype(&cairo_destroy)>;

/// Writes words from (x, y), the left end of their base line.
void text(cairo_t* pen, double x, double y, double size, const std::string& words,
          bool bold = false);

/// Width of words in pixels.
double text_width(cairo_t* pen, double size, const std::string& words);

/// Writes words with their middle at x.
void centred(cairo_t* pen, double x, double y, double size, const std::string& words);

/// Breaks a line into lines of at most `width` pixels between words.
std::vector<std::string> wrapped(cairo_t* pen, double size, const std::string& words, double width);

/// Writes a PNG to a temporary name and renames it. Throws InputError (command) when the file
/// cannot be written.
void save_png(cairo_surface_t* page, const std::filesystem::path& file);

} // namespace calcar::report
