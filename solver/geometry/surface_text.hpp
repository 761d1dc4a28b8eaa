#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace calcar::geometry
{

/// The lines of a text with their words; says where it is in messages.
class TextLines
{
public:
  /// `backslash_continues`: a line whose last word is "\\" goes on in the next one.
  TextLines(std::string_view text, std::string file, bool backslash_continues = false)
      : text_(text), file_(std::move(file)), backslash_continues_(backslash_continues)
  {
  }

  /// Goes to the next line that has words; false at the end.
  bool next();

  std::size_t line() const { return line_; }
  /// Byte after the line.
  std::size_t offset() const { return offset_; }
  const std::vector<std::string_view>& words() const { return words_; }
  std::string_view word(std::size_t n) const { return n < words_.size() ? words_[n] : ""; }

  /// Word n as a finite number; throws InputError (data) at the line.
  double number(std::size_t n) const;

  /// Throws InputError (data) at the line.
  [[noreturn]] void refuse(const std::string& given, const std::string& allowed,
                           const std::string& remedy = "") const;

private:
  void add_words(std::string_view line);

  std::string_view text_;
  std::string file_;
  bool backslash_continues_;
  std::vector<std::string_view> words_;
  std::size_t offset_ = 0;
  std::size_t line_ = 0;
};

/// Throws InputError (data) at a file as a whole, or another place.
[[noreturn]] void refuse_file(const std::string& file, const std::string& given,
                              const std::string& allowed, const std::string& remedy = "",
                              const std::string& excerpt = "");

/// A word as a person may be shown it: at most 40 characters, what is not printable as "?".
std::string shown(std::string_view word);

} // namespace calcar::geometry
