#include "base/toml_value.hpp"

#include "base/error.hpp"

#include <toml.hpp>

#include <algorithm>
#include <sstream>

namespace calcar
{
namespace
{
using Value = toml::basic_value<toml::discard_comments, std::map, std::vector>;

TomlPlace place_of(const toml::source_location& location)
{
  return {location.line(), location.column(), location.line_str()};
}

/// The place copies the line: entries of a list but tables go without, they are told by the list's.
TomlValue from_library(const Value& value, bool with_place = true)
{
  TomlValue result{false, with_place ? place_of(value.location()) : TomlPlace{}};
  std::ostringstream text;
  switch (value.type())
  {
  case toml::value_t::boolean:
    result.held = value.as_boolean();
    break;
  case toml::value_t::integer:
    result.held = static_cast<std::int64_t>(value.as_integer());
    break;
  case toml::value_t::floating:
    result.held = static_cast<double>(value.as_floating());
    break;
  case toml::value_t::string:
    result.held = value.as_string().str;
    break;
  case toml::value_t::array:
    result.held = TomlValue::List{};
    for (const Value& entry : value.as_array())
      result.as<TomlValue::List>()->push_back(from_library(entry, entry.is_table()));
    break;
  case toml::value_t::table:
    result.held = TomlValue::Members{};
    for (const auto& [key, entry] : value.as_table())
      result.as<TomlValue::Members>()->emplace(key, from_library(entry));
    break;
  default:
    text << value;
    result.held = TomlDate{text.str(), value.is_local_date()};
  }
  return result;
}

Value to_library(const TomlValue& value);

Value date_of(const TomlDate& date)
{
  std::istringstream stream("date = " + date.text);
  return toml::parse<toml::discard_comments, std::map, std::vector>(stream, "")
      .as_table()
      .at("date");
}

Value list_of(const TomlValue::List& list)
{
  Value::array_type values;
  for (const TomlValue& entry : list)
    values.push_back(to_library(entry));
  return values;
}

Value table_of(const TomlValue::Members& members)
{
  Value::table_type values;
  for (const auto& [key, entry] : members)
    values.emplace(key, to_library(entry));
  return values;
}

Value to_library(const TomlValue& value)
{
  if (const auto* date = value.as<TomlDate>())
    return date_of(*date);
  if (const auto* list = value.as<TomlValue::List>())
    return list_of(*list);
  if (const auto* members = value.as<TomlValue::Members>())
    return table_of(*members);
  if (const auto* text = value.as<std::string>())
    return Value(*text);
  if (const auto* number = value.as<double>())
    return Value(*number);
  if (const auto* integer = value.as<std::int64_t>())
    return Value(*integer);
  return Value(*value.as<bool>());
}

/// The first line of the library's message without its own names.
std::string plain(const std::string& message)
{
  std::string line = message.substr(0, message.find('\n'));
  for (const char* prefix : {"[error] ", "toml::"})
    if (line.starts_with(prefix))
      line = line.substr(std::string(prefix).size());
  if (const auto colon = line.find(": "); colon != std::string::npos && colon < 40)
    line = line.substr(colon + 2);
  return line;
}
} // namespace

TomlValue parse_toml(const std::string& text, const std::string& file_name)
{
  std::istringstream stream(text);
  try
  {
    return from_library(
        toml::parse<toml::discard_comments, std::map, std::vector>(stream, file_name));
  }
  catch (const toml::exception& error)
  {
    const TomlPlace place = place_of(error.location());
    throw InputError(
        Fault::command,
        {file_name + ":" + std::to_string(place.line),
         "this is not valid TOML: " + plain(error.what()), "",
         "correct the line (texts in quotes, a decimal point and no comma, keys once only)",
         toml_excerpt(place, "")});
  }
  catch (const std::exception& error)
  {
    throw InputError(Fault::command, {file_name, "this is not valid TOML: " + plain(error.what()),
                                      "", "check that it is a text file in UTF-8", ""});
  }
}

std::string toml_text(const TomlValue& value)
{
  std::ostringstream text;
  text << to_library(value);
  return text.str();
}

std::string toml_excerpt(const TomlPlace& place, const std::string& word)
{
  const std::string& line = place.line_text;
  if (line.empty())
    return "";
  std::size_t column = word.empty() ? std::string::npos : line.find(word);
  std::size_t length = word.size();
  if (column == std::string::npos)
  {
    column = place.column > 0 ? place.column - 1 : 0;
    length = 1;
  }
  const std::string number = std::to_string(place.line);
  return "  " + number + " | " + line + "\n  " + std::string(number.size(), ' ') + " | " +
         std::string(column, ' ') + std::string(std::max<std::size_t>(length, 1), '^');
}

} // namespace calcar
