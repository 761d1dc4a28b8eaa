#include "mesh/abaqus_lines.hpp"

#include "base/files.hpp"
#include "geometry/byte_order_mark.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <filesystem>

namespace calcar::mesh::abaqus
{
namespace
{

bool is_blank(char c)
{
  return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v';
}

std::string_view trimmed(std::string_view text)
{
  while (!text.empty() && is_blank(text.front()))
    text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back()))
    text.remove_suffix(1);
  return text;
}

bool starts_number(std::string_view line)
{
  const auto c = static_cast<unsigned char>(line.front());
  return std::isdigit(c) != 0 || c == '-' || c == '+' || c == '.';
}

/// Parts between commas that are not within quotes.
std::vector<std::string_view> split(std::string_view text)
{
  std::vector<std::string_view> parts;
  bool in_quotes = false;
  std::size_t from = 0;
  for (std::size_t n = 0; n <= text.size(); ++n)
    if (n == text.size() || (text[n] == ',' && !in_quotes))
    {
      parts.push_back(trimmed(text.substr(from, n - from)));
      from = n + 1;
    }
    else if (text[n] == '"')
      in_quotes = !in_quotes;
  return parts;
}

/// "*Element, type=C3D4" in its parts.
Card parse_card(const std::string& line, const std::string& place)
{
  const auto parts = split(line);
  Card card;
  card.written = printable(parts.front());
  card.keyword = fold(parts.front().substr(1));
  card.place = place;
  for (std::size_t n = 1; n < parts.size(); ++n)
  {
    if (parts[n].empty())
      continue;
    const std::size_t equals = parts[n].find('=');
    const bool alone = equals == std::string_view::npos;
    card.parameters.push_back({fold(parts[n].substr(0, equals)),
                               alone ? "" : std::string(trimmed(parts[n].substr(equals + 1)))});
  }
  return card;
}

} // namespace

std::string printable(std::string_view text)
{
  constexpr std::size_t longest = 60;
  std::string result(text.substr(0, longest));
  for (char& c : result)
    if (static_cast<unsigned char>(c) < 32 || static_cast<unsigned char>(c) > 126)
      c = '?';
  return text.size() > longest ? result + "..." : result;
}

std::string fold(std::string_view name)
{
  std::string folded;
  folded.reserve(name.size());
  bool in_quotes = false;
  for (const char c : name)
    if (c == '"')
      in_quotes = !in_quotes;
    else if (in_quotes)
      folded += c;
    else if (!is_blank(c))
      folded += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return folded;
}

std::string shown(std::string_view name)
{
  std::string result(trimmed(name));
  std::erase(result, '"');
  return result;
}

std::optional<std::uint64_t> node_number(std::string_view field)
{
  std::uint64_t value = 0;
  const char* const end = field.data() + field.size();
  const auto [stop, error] = std::from_chars(field.data(), end, value);
  if (field.empty() || error != std::errc() || stop != end || value == 0 || value > largest_number)
    return {};
  return value;
}

std::optional<double> real_number(std::string_view field)
{
  if (field.size() > 1 && field.front() == '+' && field[1] != '-')
    field.remove_prefix(1);
  double value = 0;
  const char* const end = field.data() + field.size();
  const auto [stop, error] = std::from_chars(field.data(), end, value);
  if (error == std::errc() && stop == end && std::isfinite(value))
    return value;
  if (error != std::errc() || stop == end || (*stop != 'd' && *stop != 'D'))
    return {};
  std::string with_e(field); // Fortran's exponent of double precision
  with_e[static_cast<std::size_t>(stop - field.data())] = 'e';
  return with_e.find_first_of("dD") == std::string::npos ? real_number(with_e) : std::nullopt;
}

bool Card::has(std::string_view name) const
{
  return std::any_of(parameters.begin(), parameters.end(),
                     [&](const Parameter& p) { return p.name == name; });
}

std::optional<std::string> Card::value(std::string_view name) const
{
  for (const Parameter& p : parameters)
    if (p.name == name)
    {
      if (fold(p.value).empty())
        refuse(place, written + " gives " + p.name + " without a value", "",
               "write " + p.name + "=...");
      return p.value;
    }
  return {};
}

std::string Card::required(std::string_view name, const std::string& example) const
{
  const auto given = value(name);
  if (!given)
    refuse(place, written + " lacks " + std::string(name) + "=", "",
           "write for example " + example);
  return *given;
}

Lines::Lines(const std::string& text, const std::string& place)
{
  texts_.push_back({text, place, 0, {}});
  open_.push_back(&texts_.back());
}

bool Lines::read_line()
{
  while (true)
  {
    Text& text = *open_.back();
    if (text.at >= text.text.size())
    {
      if (open_.size() == 1)
        return false;
      open_.pop_back();
      continue;
    }
    const std::size_t end = std::min(text.text.find('\n', text.at), text.text.size());
    line_ = trimmed(text.text.substr(text.at, end - text.at));
    text.at = end + 1;
    ++text.mark.line;
    mark_ = text.mark;
    if (!line_.empty() && !line_.starts_with("**"))
      return true;
  }
}

/// Makes line_ the next line that was not handed out yet.
bool Lines::peek()
{
  while (!pending_)
  {
    if (!read_line())
      return false;
    pending_ = true;
    if (line_.front() != '*' || fold(line_.substr(0, line_.find(','))) != "*INCLUDE")
      break;
    const Card card = take_card();
    enter(card.required("INPUT", "*INCLUDE, INPUT=nodes.inp"), card.place);
  }
  return true;
}

Card Lines::take_card()
{
  const std::string at = place();
  std::string line(line_);
  pending_ = false;
  while (line.back() == ',' && peek() && line_.front() != '*' && !starts_number(line_))
  {
    line += line_;
    pending_ = false;
  }
  return parse_card(line, at);
}

void Lines::enter(const std::string& file, const std::string& place)
{
  constexpr std::size_t deepest = 8;
  namespace fs = std::filesystem;
  const fs::path path = fs::path(texts_.front().name).parent_path() / shown(file);
  std::error_code unknown;
  if (!fs::is_regular_file(path, unknown))
    refuse(place, "no such file: " + printable(path.string()), "",
           "put the file beside the deck, or correct its name");
  const bool is_open = std::any_of(open_.begin(), open_.end(),
                                   [&](const Text* text) { return text->name == path.string(); });
  if (is_open || open_.size() > deepest)
    refuse(place, "the deck includes " + printable(path.string()) + " within itself",
           "files may include files " + std::to_string(deepest) + " deep", "remove this line");
  const std::string bytes = read_text(path, Fault::data);
  sources_.push_back({path.string(), sha256_of_text(bytes)});
  included_.push_back(geometry::without_byte_order_mark(bytes));
  texts_.push_back(
      {included_.back(), path.string(), 0, {static_cast<std::uint32_t>(texts_.size()), 0}});
  open_.push_back(&texts_.back());
}

std::optional<Card> Lines::next_card()
{
  while (peek())
  {
    if (line_.front() == '*')
      return take_card();
    pending_ = false;
  }
  return {};
}

std::optional<std::string_view> Lines::data_line()
{
  if (!peek() || line_.front() == '*')
    return {};
  pending_ = false;
  return line_;
}

Mark Lines::mark() const
{
  return mark_;
}

std::string Lines::place(Mark mark) const
{
  return texts_[mark.file].name + ":" + std::to_string(mark.line);
}

} // namespace calcar::mesh::abaqus
