#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <variant>
#include <vector>

/// TOML as plain values. The library behind it (toml11) is included in toml_value.cc only: it takes
/// long to compile.
namespace calcar
{

/// A date, or a time, as it is written.
struct TomlDate
{
  std::string text;
  bool is_date = true; ///< a local date without a time
};

/// Where a value stands; line 0 for one that was not read.
struct TomlPlace
{
  std::size_t line = 0;
  std::size_t column = 0; ///< from 1
  std::string line_text;
};

struct TomlValue
{
  using List = std::vector<TomlValue>;
  using Members = std::map<std::string, TomlValue>;

  std::variant<bool, std::int64_t, double, std::string, TomlDate, List, Members> held;
  TomlPlace place = {};

  template <typename T>
  const T* as() const
  {
    return std::get_if<T>(&held);
  }
  template <typename T>
  T* as()
  {
    return std::get_if<T>(&held);
  }
};

/// Parses a document; the result holds Members. Throws InputError (command) with line and caret
/// when the syntax is wrong.
TomlValue parse_toml(const std::string& text, const std::string& file_name);

/// As it would be written; keys in the order of the alphabet.
std::string toml_text(const TomlValue& value);

/// The line with a caret under a word of it, or under the place when the word is not there.
std::string toml_excerpt(const TomlPlace& place, const std::string& word);

} // namespace calcar
