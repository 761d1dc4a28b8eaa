#include "geometry/surface_text.hpp"

#include "base/error.hpp"

#include <cctype>
#include <charconv>
#include <cmath>

namespace calcar::geometry
{
namespace
{

bool is_blank(char c)
{
  return c == ' ' || c == '\t' || c == '\r' || c == '\v' || c == '\f';
}

} // namespace

void TextLines::add_words(std::string_view line)
{
  for (std::size_t n = 0; n < line.size();)
  {
    const std::size_t start = n;
    while (n < line.size() && !is_blank(line[n]))
      ++n;
    if (n > start)
      words_.push_back(line.substr(start, n - start));
    else
      ++n;
  }
}

bool TextLines::next()
{
  words_.clear();
  while (offset_ < text_.size())
  {
    const std::size_t end = std::min(text_.find('\n', offset_), text_.size());
    add_words(text_.substr(offset_, end - offset_));
    offset_ = std::min(end + 1, text_.size());
    ++line_;
    if (backslash_continues_ && !words_.empty() && words_.back() == "\\")
      words_.pop_back();
    else if (!words_.empty())
      return true;
  }
  return !words_.empty();
}

double TextLines::number(std::size_t n) const
{
  std::string_view w = word(n);
  if (w.empty())
    refuse("a number is missing after \"" + shown(words_.empty() ? "" : words_.back()) + "\"",
           "a finite number");
  const std::string_view whole = w;
  if (w.size() > 1 && w.front() == '+')
    w.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(w.data(), w.data() + w.size(), value);
  const bool too_small = error == std::errc::result_out_of_range && std::abs(value) < 1;
  if ((error != std::errc() && !too_small) || end != w.data() + w.size() || !std::isfinite(value))
    refuse("\"" + shown(whole) + "\"", "a finite number",
           whole.find(',') != std::string_view::npos ? "write decimals with a point" : "");
  return value;
}

void TextLines::refuse(const std::string& given, const std::string& allowed,
                       const std::string& remedy) const
{
  throw InputError(Fault::data,
                   Problem{file_ + ":" + std::to_string(line_), given, allowed, remedy, ""});
}

void refuse_file(const std::string& file, const std::string& given, const std::string& allowed,
                 const std::string& remedy, const std::string& excerpt)
{
  throw InputError(Fault::data, Problem{file, given, allowed, remedy, excerpt});
}

std::string shown(std::string_view word)
{
  std::string result;
  for (const char c : word.substr(0, 40))
    result += std::isprint(static_cast<unsigned char>(c)) ? c : '?';
  return word.size() > 40 ? result + "..." : result;
}

} // namespace calcar::geometry
