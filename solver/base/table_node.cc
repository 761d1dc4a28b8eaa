#include "base/table_node.hpp"

#include "base/text.hpp"

#include <cmath>

namespace calcar
{
namespace
{
std::string kind_of(const TomlValue& value)
{
  if (value.as<bool>())
    return "a true/false value";
  if (value.as<std::int64_t>() || value.as<double>())
    return "a number";
  if (value.as<std::string>())
    return "a text";
  if (value.as<TomlValue::List>())
    return "a list";
  if (value.as<TomlValue::Members>())
    return "a table";
  return "a date or time";
}

std::string shown(const TomlValue& value)
{
  return value.as<TomlValue::Members>() ? kind_of(value) : kind_of(value) + ", " + toml_text(value);
}
} // namespace

TomlValue* Table::Node::find(const std::string& key)
{
  asked.insert(key);
  if (!value)
    return nullptr;
  const auto found = value->find(key);
  return found == value->end() ? nullptr : &found->second;
}

void Table::Node::fill(const std::string& key, TomlValue fallback)
{
  if (value)
    value->emplace(key, std::move(fallback));
}

std::shared_ptr<Table::Node> Table::Node::child(const std::string& key, std::size_t index,
                                                TomlValue* table, bool list)
{
  auto& nodes = children[key];
  if (nodes.size() <= index)
    nodes.resize(index + 1);
  if (!nodes[index])
  {
    nodes[index] = std::make_shared<Node>();
    nodes[index]->document = document;
    nodes[index]->value = table ? table->as<TomlValue::Members>() : nullptr;
    nodes[index]->here = table ? table->place : TomlPlace{};
    nodes[index]->name = (list ? "[[" : "[") + key + (list ? "]]" : "]");
  }
  return nodes[index];
}

const TomlPlace& Table::Node::place_of(const std::string& key) const
{
  return has(key) ? value->at(key).place : here;
}

std::string Table::Node::place(const std::string& key) const
{
  const std::size_t line = place_of(key).line;
  const bool whole_file = name.empty() && !has(key);
  return line > 0 && !whole_file ? document->file + ":" + std::to_string(line) : document->file;
}

void Table::Node::complain(const std::string& key, Problem problem) const
{
  problem.place = place(key);
  if (has(key))
    problem.excerpt = toml_excerpt(place_of(key), key);
  // One complaint for one value: a wrong type is not reported again as out of range.
  for (const Problem& earlier : document->problems)
    if (has(key) && earlier.place == problem.place && earlier.excerpt == problem.excerpt)
      return;
  document->problems.push_back(std::move(problem));
}

void Table::Node::missing(const std::string& key, const std::string& expected) const
{
  if (value)
    complain(key,
             {"", "missing key \"" + key + "\"" + in(), "", "add " + key + " = " + expected, ""});
}

void Table::Node::wrong(const std::string& key, const TomlValue& given,
                        const std::string& expected) const
{
  complain(key, {"", "\"" + key + "\"" + in() + " is " + shown(given), expected,
                 "correct the value", ""});
}

void Table::Node::unknown_keys(std::vector<Problem>& problems) const
{
  if (!value)
    return;
  for (const auto& [key, entry] : *value)
  {
    if (asked.contains(key))
      continue;
    const std::vector<std::string> known(asked.begin(), asked.end());
    const std::string nearest = nearest_name(key, known);
    problems.push_back(
        {place(key), "unknown key \"" + key + "\"" + in(),
         nearest.empty() ? calcar::join(known) : "",
         nearest.empty() ? "remove it or use one of them" : "did you mean \"" + nearest + "\"?",
         toml_excerpt(entry.place, key)});
  }
  for (const auto& [key, nodes] : children)
    for (const auto& node : nodes)
      if (node)
        node->unknown_keys(problems);
}

std::optional<double> Table::Node::as_number(const std::string& key, const TomlValue& given) const
{
  if (const auto* integer = given.as<std::int64_t>())
    return static_cast<double>(*integer);
  if (const auto* number = given.as<double>(); number && std::isfinite(*number))
    return *number;
  wrong(key, given, "a finite number");
  return std::nullopt;
}

} // namespace calcar
