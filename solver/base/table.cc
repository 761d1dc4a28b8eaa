#include "base/table.hpp"

#include "base/files.hpp"
#include "base/table_node.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <cstdlib>
#include <limits>

namespace calcar
{

Table::Table(std::shared_ptr<Node> node) : node_(std::move(node)) {}

Table Table::parse(const std::string& text, const std::string& file_name)
{
  auto document = std::make_shared<Document>();
  document->file = file_name;
  document->root = parse_toml(text, file_name);
  auto node = std::make_shared<Node>();
  node->document = document;
  node->value = document->root.as<TomlValue::Members>();
  node->here = document->root.place;
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
  const TomlValue* value = node_->find(key);
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
  node_->fill(key, {fallback});
  return fallback;
}

int Table::integer(const std::string& key) const
{
  const TomlValue* value = node_->find(key);
  if (!value)
  {
    node_->missing(key, "a whole number");
    return 0;
  }
  if (const auto* given = value->as<std::int64_t>();
      given && std::abs(*given) <= std::numeric_limits<int>::max())
    return static_cast<int>(*given);
  node_->wrong(key, *value, "a whole number");
  return 0;
}

int Table::integer(const std::string& key, int fallback) const
{
  if (node_->find(key))
    return integer(key);
  node_->fill(key, {fallback});
  return fallback;
}

std::string Table::text(const std::string& key) const
{
  const TomlValue* value = node_->find(key);
  if (!value)
    node_->missing(key, "\"a text\"");
  else if (const auto* given = value->as<std::string>())
    return *given;
  else
    node_->wrong(key, *value, "a text in quotes");
  return "";
}

std::string Table::text(const std::string& key, const std::string& fallback) const
{
  if (node_->find(key))
    return text(key);
  node_->fill(key, {fallback});
  return fallback;
}

bool Table::flag(const std::string& key) const
{
  const TomlValue* value = node_->find(key);
  if (!value)
    node_->missing(key, "true or false");
  else if (const auto* given = value->as<bool>())
    return *given;
  else
    node_->wrong(key, *value, "true or false");
  return false;
}

bool Table::flag(const std::string& key, bool fallback) const
{
  if (node_->find(key))
    return flag(key);
  node_->fill(key, {fallback});
  return fallback;
}

std::string Table::choice(const std::string& key, const std::vector<std::string>& allowed) const
{
  const TomlValue* value = node_->find(key);
  if (!value)
  {
    node_->missing(key, "one of " + calcar::join(allowed));
    return "";
  }
  if (!value->as<std::string>())
  {
    node_->wrong(key, *value, "one of " + calcar::join(allowed));
    return "";
  }
  const std::string word = *value->as<std::string>();
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
  node_->fill(key, {fallback});
  return fallback;
}

std::optional<std::string> Table::maybe_date(const std::string& key) const
{
  const TomlValue* value = node_->find(key);
  if (!value)
    return std::nullopt;
  if (const auto* date = value->as<TomlDate>(); date && date->is_date)
    return date->text;
  node_->wrong(key, *value, "a date such as 2026-11-02, without quotes");
  return std::nullopt;
}

std::vector<double> Table::numbers(const std::string& key) const
{
  const TomlValue* value = node_->find(key);
  std::vector<double> result;
  if (!value)
    return result;
  if (!value->as<TomlValue::List>())
  {
    node_->wrong(key, *value, "a list of numbers");
    return result;
  }
  for (const TomlValue& entry : *value->as<TomlValue::List>())
    if (const auto number = node_->as_number(key, entry))
      result.push_back(*number);
  return result;
}

std::vector<std::string> Table::texts(const std::string& key) const
{
  const TomlValue* value = node_->find(key);
  std::vector<std::string> result;
  if (!value)
    return result;
  if (!value->as<TomlValue::List>())
  {
    node_->wrong(key, *value, "a list of texts");
    return result;
  }
  for (const TomlValue& entry : *value->as<TomlValue::List>())
  {
    if (const auto* text = entry.as<std::string>())
      result.push_back(*text);
    else
      node_->wrong(key, entry, "a list of texts in quotes");
  }
  return result;
}

Vec3 Table::vector(const std::string& key) const
{
  const TomlValue* value = node_->find(key);
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  if (!value)
    node_->missing(key, "[x, y, z]");
  else if (!value->as<TomlValue::List>() || value->as<TomlValue::List>()->size() != 3)
    node_->wrong(key, *value, "three numbers, [x, y, z]");
  else if (const auto list = numbers(key); list.size() == 3)
    return {list[0], list[1], list[2]};
  return {nan, nan, nan};
}

std::map<std::string, double> Table::named_numbers(const std::string& key) const
{
  const TomlValue* value = node_->find(key);
  std::map<std::string, double> result;
  if (!value)
    return result;
  if (!value->as<TomlValue::Members>())
  {
    node_->wrong(key, *value, "named numbers such as { medial = 6, distal = 4 }");
    return result;
  }
  for (const auto& [name, entry] : *value->as<TomlValue::Members>())
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
  TomlValue* value = node_->find(key);
  if (!value)
    return std::nullopt;
  if (value->as<TomlValue::Members>())
    return Table(node_->child(key, 0, value, false));
  node_->wrong(key, *value, "a table");
  return std::nullopt;
}

std::vector<Table> Table::tables(const std::string& key) const
{
  TomlValue* value = node_->find(key);
  std::vector<Table> result;
  if (!value)
    return result;
  if (!value->as<TomlValue::List>())
  {
    node_->wrong(key, *value, "tables written as [[" + key + "]]");
    return result;
  }
  std::size_t index = 0;
  for (TomlValue& entry : *value->as<TomlValue::List>())
  {
    if (entry.as<TomlValue::Members>())
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
    for (const auto& [key, entry] : *node_->value)
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
  const TomlValue* value = node_->find(key);
  if (condition || !value)
    return;
  complain(key, "\"" + key + "\"" + node_->in() + " is " + toml_text(*value), allowed,
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
  return toml_text(node_->document->root);
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
