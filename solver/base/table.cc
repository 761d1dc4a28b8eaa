#include "base/table.hpp"

#include "base/files.hpp"
#include "base/text.hpp"

#include <toml.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <sstream>

namespace calcar
{
namespace
{
using Value = toml::basic_value<toml::discard_comments, std::map, std::vector>;

std::string kind_of(const Value& value)
{
  switch (value.type())
  {
  case toml::value_t::boolean:
    return "a true/false value";
  case toml::value_t::integer:
  case toml::value_t::floating:
    return "a number";
  case toml::value_t::string:
    return "a text";
  case toml::value_t::array:
    return "a list";
  case toml::value_t::table:
    return "a table";
  case toml::value_t::empty:
    return "nothing";
  default:
    return "a date or time";
  }
}

std::string shown(const Value& value)
{
  if (value.is_table())
    return kind_of(value);
  std::ostringstream text;
  text << value;
  return kind_of(value) + ", " + text.str();
}

std::string excerpt_of(const toml::source_location& location, const std::string& key)
{
  const std::string& line = location.line_str();
  if (line.empty())
    return "";
  std::size_t column = key.empty() ? std::string::npos : line.find(key);
  std::size_t length = key.size();
  if (column == std::string::npos)
  {
    column = location.column() > 0 ? location.column() - 1 : 0;
    length = 1;
  }
  const std::string number = std::to_string(location.line());
  return "  " + number + " | " + line + "\n  " + std::string(number.size(), ' ') + " | " +
         std::string(column, ' ') + std::string(std::max<std::size_t>(length, 1), '^');
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

struct Table::Document
{
  Value root;
  std::string file;
  Source source;
  std::filesystem::path folder;
  std::vector<Problem> problems;
  std::weak_ptr<Node> top; ///< the document's own table
};

struct Table::Node
{
  std::shared_ptr<Document> document;
  Value* value = nullptr; ///< null for a table that is required but missing
  std::string name;       ///< "[patient]", "[[activity]]", "" for the document
  std::set<std::string> asked;
  std::map<std::string, std::vector<std::shared_ptr<Node>>> children;

  Value* find(const std::string& key)
  {
    asked.insert(key);
    if (!value)
      return nullptr;
    auto& table = value->as_table();
    const auto found = table.find(key);
    return found == table.end() ? nullptr : &found->second;
  }

  template <typename T>
  void fill(const std::string& key, const T& fallback)
  {
    if (value)
      value->as_table().emplace(key, Value(fallback));
  }

  toml::source_location location(const std::string& key) const
  {
    if (!value)
      return {};
    const auto& table = value->as_table();
    const auto found = table.find(key);
    return found == table.end() ? value->location() : found->second.location();
  }

  std::string place(const std::string& key) const
  {
    const auto line = value ? location(key).line() : 0;
    const bool whole_file = name.empty() && (!value || !value->as_table().contains(key));
    return line > 0 && !whole_file ? document->file + ":" + std::to_string(line) : document->file;
  }

  void complain(const std::string& key, Problem problem) const
  {
    const bool present = value && value->as_table().contains(key);
    problem.place = place(key);
    if (present)
      problem.excerpt = excerpt_of(location(key), key);
    // One complaint for one value: a wrong type is not reported again as out of range.
    for (const Problem& earlier : document->problems)
      if (present && earlier.place == problem.place && earlier.excerpt == problem.excerpt)
        return;
    document->problems.push_back(std::move(problem));
  }

  std::string in() const { return name.empty() ? "" : " in " + name; }

  void missing(const std::string& key, const std::string& expected) const
  {
    if (value)
      complain(key,
               {"", "missing key \"" + key + "\"" + in(), "", "add " + key + " = " + expected, ""});
  }

  void wrong(const std::string& key, const Value& given, const std::string& expected) const
  {
    complain(key, {"", "\"" + key + "\"" + in() + " is " + shown(given), expected,
                   "correct the value", ""});
  }

  std::optional<double> as_number(const std::string& key, const Value& given) const
  {
    if (given.is_integer())
      return static_cast<double>(given.as_integer());
    if (given.is_floating() && std::isfinite(given.as_floating()))
      return given.as_floating();
    wrong(key, given, "a finite number");
    return std::nullopt;
  }

  std::shared_ptr<Node> child(const std::string& key, std::size_t index, Value* table, bool list)
  {
    auto& nodes = children[key];
    if (nodes.size() <= index)
      nodes.resize(index + 1);
    if (!nodes[index])
    {
      nodes[index] = std::make_shared<Node>();
      nodes[index]->document = document;
      nodes[index]->value = table;
      nodes[index]->name = (list ? "[[" : "[") + key + (list ? "]]" : "]");
    }
    return nodes[index];
  }

  void unknown_keys(std::vector<Problem>& problems) const
  {
    if (!value)
      return;
    for (const auto& [key, entry] : value->as_table())
    {
      if (asked.contains(key))
        continue;
      const std::vector<std::string> known(asked.begin(), asked.end());
      const std::string nearest = nearest_name(key, known);
      problems.push_back(
          {place(key), "unknown key \"" + key + "\"" + in(),
           nearest.empty() ? calcar::join(known) : "",
           nearest.empty() ? "remove it or use one of them" : "did you mean \"" + nearest + "\"?",
           excerpt_of(location(key), key)});
    }
    for (const auto& [key, nodes] : children)
      for (const auto& node : nodes)
        if (node)
          node->unknown_keys(problems);
  }
};

Table::Table(std::shared_ptr<Node> node) : node_(std::move(node)) {}

Table Table::parse(const std::string& text, const std::string& file_name)
{
  auto document = std::make_shared<Document>();
  document->file = file_name;
  std::istringstream stream(text);
  try
  {
    document->root = toml::parse<toml::discard_comments, std::map, std::vector>(stream, file_name);
  }
  catch (const toml::exception& error)
  {
    const auto& location = error.location();
    throw InputError(
        Fault::command,
        {file_name + ":" + std::to_string(location.line()),
         "this is not valid TOML: " + plain(error.what()), "",
         "correct the line (texts in quotes, a decimal point and no comma, keys once only)",
         excerpt_of(location, "")});
  }
  catch (const std::exception& error)
  {
    throw InputError(Fault::command, {file_name, "this is not valid TOML: " + plain(error.what()),
                                      "", "check that it is a text file in UTF-8", ""});
  }
  auto node = std::make_shared<Node>();
  node->document = document;
  node->value = &document->root;
  document->top = node;
  return Table(node);
}

Table Table::read(const std::filesystem::path& file)
{
  const std::string text = read_text(file);
  Table table = parse(text, file.string());
  table.node_->document->source = {file.string(), sha256_of_text(text)};
  table.node_->document->folder = file.parent_path();
  return table;
}

bool Table::has(const std::string& key) const
{
  return node_->find(key) != nullptr;
}

std::optional<double> Table::maybe_number(const std::string& key) const
{
  const Value* value = node_->find(key);
  return value ? node_->as_number(key, *value) : std::nullopt;
}

double Table::number(const std::string& key) const
{
  if (!node_->find(key))
    node_->missing(key, "a number");
  return maybe_number(key).value_or(std::numeric_limits<double>::quiet_NaN());
}

double Table::number(const std::string& key, double fallback) const
{
  if (node_->find(key))
    return number(key);
  node_->fill(key, fallback);
  return fallback;
}

int Table::integer(const std::string& key) const
{
  const Value* value = node_->find(key);
  if (!value)
  {
    node_->missing(key, "a whole number");
    return 0;
  }
  if (value->is_integer() && std::abs(value->as_integer()) <= std::numeric_limits<int>::max())
    return static_cast<int>(value->as_integer());
  node_->wrong(key, *value, "a whole number");
  return 0;
}

int Table::integer(const std::string& key, int fallback) const
{
  if (node_->find(key))
    return integer(key);
  node_->fill(key, fallback);
  return fallback;
}

std::string Table::text(const std::string& key) const
{
  const Value* value = node_->find(key);
  if (!value)
    node_->missing(key, "\"a text\"");
  else if (!value->is_string())
    node_->wrong(key, *value, "a text in quotes");
  else
    return value->as_string().str;
  return "";
}

std::string Table::text(const std::string& key, const std::string& fallback) const
{
  if (node_->find(key))
    return text(key);
  node_->fill(key, fallback);
  return fallback;
}

bool Table::flag(const std::string& key) const
{
  const Value* value = node_->find(key);
  if (!value)
    node_->missing(key, "true or false");
  else if (!value->is_boolean())
    node_->wrong(key, *value, "true or false");
  else
    return value->as_boolean();
  return false;
}

bool Table::flag(const std::string& key, bool fallback) const
{
  if (node_->find(key))
    return flag(key);
  node_->fill(key, fallback);
  return fallback;
}

std::string Table::choice(const std::string& key, const std::vector<std::string>& allowed) const
{
  const Value* value = node_->find(key);
  if (!value)
  {
    node_->missing(key, "one of " + calcar::join(allowed));
    return "";
  }
  if (!value->is_string())
  {
    node_->wrong(key, *value, "one of " + calcar::join(allowed));
    return "";
  }
  const std::string word = value->as_string().str;
  if (std::find(allowed.begin(), allowed.end(), word) != allowed.end())
    return word;
  complain(key, "unknown " + key + " \"" + word + "\"" + node_->in(), calcar::join(allowed),
           suggestion(word, allowed));
  return "";
}

std::string Table::choice(const std::string& key, const std::vector<std::string>& allowed,
                          const std::string& fallback) const
{
  if (node_->find(key))
    return choice(key, allowed);
  node_->fill(key, fallback);
  return fallback;
}

std::optional<std::string> Table::maybe_date(const std::string& key) const
{
  const Value* value = node_->find(key);
  if (!value)
    return std::nullopt;
  if (value->is_local_date())
  {
    std::ostringstream text;
    text << value->as_local_date();
    return text.str();
  }
  node_->wrong(key, *value, "a date such as 2026-11-02, without quotes");
  return std::nullopt;
}

std::vector<double> Table::numbers(const std::string& key) const
{
  const Value* value = node_->find(key);
  std::vector<double> result;
  if (!value)
    return result;
  if (!value->is_array())
  {
    node_->wrong(key, *value, "a list of numbers");
    return result;
  }
  for (const Value& entry : value->as_array())
    if (const auto number = node_->as_number(key, entry))
      result.push_back(*number);
  return result;
}

std::vector<std::string> Table::texts(const std::string& key) const
{
  const Value* value = node_->find(key);
  std::vector<std::string> result;
  if (!value)
    return result;
  if (!value->is_array())
  {
    node_->wrong(key, *value, "a list of texts");
    return result;
  }
  for (const Value& entry : value->as_array())
  {
    if (entry.is_string())
      result.push_back(entry.as_string().str);
    else
      node_->wrong(key, entry, "a list of texts in quotes");
  }
  return result;
}

Vec3 Table::vector(const std::string& key) const
{
  const Value* value = node_->find(key);
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  if (!value)
    node_->missing(key, "[x, y, z]");
  else if (!value->is_array() || value->as_array().size() != 3)
    node_->wrong(key, *value, "three numbers, [x, y, z]");
  else if (const auto list = numbers(key); list.size() == 3)
    return {list[0], list[1], list[2]};
  return {nan, nan, nan};
}

std::map<std::string, double> Table::named_numbers(const std::string& key) const
{
  const Value* value = node_->find(key);
  std::map<std::string, double> result;
  if (!value)
    return result;
  if (!value->is_table())
  {
    node_->wrong(key, *value, "named numbers such as { medial = 6, distal = 4 }");
    return result;
  }
  for (const auto& [name, entry] : value->as_table())
    if (const auto number = node_->as_number(key, entry))
      result[name] = *number;
  return result;
}

Table Table::table(const std::string& key) const
{
  if (const auto found = maybe_table(key))
    return *found;
  if (!node_->find(key) && node_->value)
    node_->complain(key, {"", "missing table [" + key + "]" + node_->in(), "",
                          "add it; calcar init writes a template", ""});
  return Table(node_->child(key, 0, nullptr, false));
}

std::optional<Table> Table::maybe_table(const std::string& key) const
{
  Value* value = node_->find(key);
  if (!value)
    return std::nullopt;
  if (value->is_table())
    return Table(node_->child(key, 0, value, false));
  node_->wrong(key, *value, "a table");
  return std::nullopt;
}

std::vector<Table> Table::tables(const std::string& key) const
{
  Value* value = node_->find(key);
  std::vector<Table> result;
  if (!value)
    return result;
  if (!value->is_array())
  {
    node_->wrong(key, *value, "tables written as [[" + key + "]]");
    return result;
  }
  std::size_t index = 0;
  for (Value& entry : value->as_array())
  {
    if (entry.is_table())
      result.push_back(Table(node_->child(key, index++, &entry, true)));
    else
      node_->wrong(key, entry, "tables written as [[" + key + "]]");
  }
  return result;
}

std::vector<std::string> Table::keys() const
{
  std::vector<std::string> names;
  if (node_->value)
    for (const auto& [key, entry] : node_->value->as_table())
      names.push_back(key);
  return names;
}

std::string Table::place(const std::string& key) const
{
  return node_->place(key);
}

void Table::complain(const std::string& key, const std::string& given, const std::string& allowed,
                     const std::string& remedy) const
{
  node_->complain(key, {"", given, allowed, remedy, ""});
}

void Table::require(bool condition, const std::string& key, const std::string& allowed,
                    const std::string& remedy) const
{
  const Value* value = node_->find(key);
  if (condition || !value)
    return;
  std::ostringstream text;
  text << *value;
  complain(key, "\"" + key + "\"" + node_->in() + " is " + text.str(), allowed,
           remedy.empty() ? "correct the value" : remedy);
}

void Table::known(const std::vector<std::string>& keys) const
{
  node_->asked.insert(keys.begin(), keys.end());
}

std::vector<Problem> Table::problems() const
{
  std::vector<Problem> all = node_->document->problems;
  if (const auto top = node_->document->top.lock())
    top->unknown_keys(all);
  return all;
}

void Table::check(Fault fault) const
{
  const std::vector<Problem> all = problems();
  if (!all.empty())
    throw InputError(fault, all);
}

std::string Table::resolved() const
{
  std::ostringstream text;
  text << node_->document->root;
  return text.str();
}

Source Table::source() const
{
  return node_->document->source;
}

std::filesystem::path Table::folder() const
{
  return node_->document->folder;
}

} // namespace calcar
