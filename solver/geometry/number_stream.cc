#include "geometry/number_stream.hpp"

#include "geometry/surface_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstring>

namespace calcar::geometry
{
namespace
{

bool is_blank(char c)
{
  return c == ' ' || c == '\t' || c == '\r';
}

std::string_view without_plus(std::string_view token)
{
  const bool plus = token.size() > 1 && token[0] == '+' && token[1] != '-';
  return plus ? token.substr(1) : token;
}

/// The remedy of a number that is spelled otherwise.
const char* spelling(std::string_view token)
{
  if (token.find_first_of("dD") != std::string_view::npos)
    return "write the exponent with E, not D";
  if (token.find(',') != std::string_view::npos)
    return "write a decimal point, and blanks between numbers";
  return "save the mesh again, or correct the line";
}

} // namespace

std::string printable(std::string_view text, std::size_t most)
{
  std::string shown;
  for (const char c : text.substr(0, most))
    shown += c >= ' ' && c <= '~' ? c : '?';
  return text.size() > most ? shown + "..." : shown;
}

std::size_t bytes_of(NumberType type)
{
  constexpr std::array<std::size_t, 10> bytes = {1, 1, 2, 2, 4, 4, 8, 8, 4, 8};
  return bytes.at(static_cast<std::size_t>(type));
}

void NumberStream::set_binary(bool swapped)
{
  binary_ = true;
  binary_file_ = true;
  swapped_ = swapped;
}

bool NumberStream::next_record()
{
  while (!binary_ && at_ < text_.size() && (is_blank(text_[at_]) || text_[at_] == '\n'))
    ++at_;
  last_ = at_;
  return at_ < text_.size();
}

std::string_view NumberStream::rest_of_line() const
{
  const std::size_t end = std::min(text_.find('\n', at_), text_.size());
  std::string_view line = text_.substr(at_, end - at_);
  while (!line.empty() && is_blank(line.back()))
    line.remove_suffix(1);
  while (!line.empty() && is_blank(line.front()))
    line.remove_prefix(1);
  return line;
}

std::string_view NumberStream::line()
{
  last_ = at_;
  const std::string_view line = rest_of_line();
  const std::size_t end = std::min(text_.find('\n', at_), text_.size());
  at_ = std::min(end + 1, text_.size());
  return line;
}

bool NumberStream::skip_past(std::string_view words)
{
  const std::size_t found = text_.find(words, at_);
  if (found == std::string_view::npos)
    return false;
  at_ = found + words.size();
  return true;
}

bool NumberStream::at_end_of_record()
{
  while (at_ < text_.size() && is_blank(text_[at_]))
    ++at_;
  return at_ == text_.size() || text_[at_] == '\n';
}

void NumberStream::end_record()
{
  if (binary_)
    return;
  if (!at_end_of_record())
  {
    const std::string_view extra = token("");
    refuse("\"" + printable(extra, 20) + "\" after the last number of the line",
           "one record on each line", "save the mesh again, or correct the line");
  }
  at_ = std::min(at_ + 1, text_.size());
}

std::string_view NumberStream::token(const char* what)
{
  while (at_ < text_.size() && is_blank(text_[at_]))
    ++at_;
  last_ = at_;
  while (at_ < text_.size() && !is_blank(text_[at_]) && text_[at_] != '\n')
    ++at_;
  if (at_ == last_)
    refuse(std::string(at_ == text_.size() ? "the file ends" : "the line ends") + " where " + what +
               " should stand",
           "", "save the mesh again, the file may be cut off");
  return text_.substr(last_, at_ - last_);
}

std::string_view NumberStream::word(const char* what)
{
  return token(what);
}

template <typename T>
T NumberStream::bytes(const char* what)
{
  last_ = at_;
  if (text_.size() - at_ < sizeof(T))
    refuse(std::string("the file ends where ") + what + " should stand", "",
           "save the mesh again, the file may be cut off");
  std::array<char, sizeof(T)> raw;
  std::memcpy(raw.data(), text_.data() + at_, sizeof(T));
  if (swapped_)
    std::reverse(raw.begin(), raw.end());
  at_ += sizeof(T);
  T value;
  std::memcpy(&value, raw.data(), sizeof(T));
  return value;
}

void NumberStream::refuse_token(std::string_view token, const char* what, const char* allowed)
{
  refuse("\"" + printable(token, 40) + "\" where " + what + " should stand", allowed,
         spelling(token));
}

template <typename T>
T NumberStream::parsed(const char* what, const char* allowed)
{
  const std::string_view token = this->token(what);
  const std::string_view digits = without_plus(token);
  T value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc() || end != digits.data() + digits.size())
    refuse_token(token, what, allowed);
  return value;
}

std::int64_t NumberStream::integer(const char* what)
{
  return binary_ ? bytes<std::int32_t>(what) : parsed<std::int64_t>(what, "a whole number");
}

std::uint64_t NumberStream::natural(const char* what, const char* remedy)
{
  const std::int64_t value = integer(what);
  if (value < 0)
    refuse(std::to_string(value) + " for " + what, "0 or more", remedy);
  return static_cast<std::uint64_t>(value);
}

std::uint64_t NumberStream::size(const char* what)
{
  return binary_ ? bytes<std::uint64_t>(what)
                 : parsed<std::uint64_t>(what, "a whole number, not negative");
}

double NumberStream::any_real(const char* what)
{
  return parsed<double>(what, "a number");
}

double NumberStream::real(const char* what)
{
  const double value = binary_ ? bytes<double>(what) : any_real(what);
  if (!std::isfinite(value))
    refuse(std::string(what) + " is not finite", "numbers", "save the mesh again");
  return value;
}

double NumberStream::number(NumberType type, const char* what)
{
  const bool whole = type != NumberType::f32 && type != NumberType::f64;
  if (!binary_ && whole)
    return static_cast<double>(integer(what));
  if (!binary_)
    return any_real(what);
  switch (type)
  {
  case NumberType::i8:
    return bytes<std::int8_t>(what);
  case NumberType::u8:
    return bytes<std::uint8_t>(what);
  case NumberType::i16:
    return bytes<std::int16_t>(what);
  case NumberType::u16:
    return bytes<std::uint16_t>(what);
  case NumberType::i32:
    return bytes<std::int32_t>(what);
  case NumberType::u32:
    return bytes<std::uint32_t>(what);
  case NumberType::i64:
    return static_cast<double>(bytes<std::int64_t>(what));
  case NumberType::u64:
    return static_cast<double>(bytes<std::uint64_t>(what));
  case NumberType::f32:
    return bytes<float>(what);
  case NumberType::f64:
    return bytes<double>(what);
  }
  return 0;
}

void NumberStream::skip(std::size_t bytes, const char* what)
{
  last_ = at_;
  if (bytes > text_.size() - at_)
    refuse(std::string("the file ends in ") + what, "",
           "save the mesh again, the file may be cut off");
  at_ += bytes;
}

void NumberStream::expect(std::uint64_t count, std::size_t numbers, std::size_t bytes,
                          const char* what)
{
  const std::size_t each = binary_ ? bytes : 2 * numbers;
  // The last line of a text may lack its end.
  const std::size_t left = text_.size() - at_ + 1;
  if (count > left / each)
    refuse(std::to_string(count) + " " + what + " announced, but only " +
               std::to_string(text_.size() - at_) + " bytes follow",
           "", "save the mesh again, the file may be cut off");
}

void NumberStream::refuse(const std::string& given, const std::string& allowed,
                          const std::string& remedy) const
{
  refuse_at(last_, given, allowed, remedy);
}

void NumberStream::refuse_at(std::size_t position, const std::string& given,
                             const std::string& allowed, const std::string& remedy) const
{
  if (binary_file_)
    refuse_file(place_ + ", byte " + std::to_string(position), given, allowed, remedy);
  const auto line =
      1 + std::count(text_.begin(), text_.begin() + static_cast<std::ptrdiff_t>(position), '\n');
  const std::size_t begin = position == 0 ? 0 : text_.rfind('\n', position - 1) + 1;
  const std::size_t end = std::min(text_.find('\n', begin), text_.size());
  const std::string excerpt = position - begin > 100
                                  ? ""
                                  : printable(text_.substr(begin, end - begin), 120) + "\n" +
                                        std::string(position - begin, ' ') + "^";
  refuse_file(place_ + ":" + std::to_string(line), given, allowed, remedy, excerpt);
}

} // namespace calcar::geometry
