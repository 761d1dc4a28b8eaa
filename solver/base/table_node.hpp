#pragma once

#include "base/table.hpp"
#include "base/toml_value.hpp"

#include <set>

/// What stands behind a Table; only the sources of Table include it.
namespace calcar
{

struct Table::Document
{
  TomlValue root;
  std::string file;
  Source source;
  std::filesystem::path folder;
  std::vector<Problem> problems;
  std::weak_ptr<Node> top; ///< the document's own table
};

/// A table of the document with what was asked of it.
struct Table::Node
{
  std::shared_ptr<Document> document;
  TomlValue::Members* value = nullptr; ///< null for a table that is required but missing
  TomlPlace here;                      ///< of the table itself
  std::string name;                    ///< "[patient]", "[[activity]]", "" for the document
  std::set<std::string> asked;
  std::map<std::string, std::vector<std::shared_ptr<Node>>> children;

  /// The value of a key, or null. Counts as asking for it.
  TomlValue* find(const std::string& key);
  /// Records a default as the value.
  void fill(const std::string& key, TomlValue fallback);
  std::shared_ptr<Node> child(const std::string& key, std::size_t index, TomlValue* table,
                              bool list);

  std::string place(const std::string& key) const;
  std::string in() const { return name.empty() ? "" : " in " + name; }

  void complain(const std::string& key, Problem problem) const;
  void missing(const std::string& key, const std::string& expected) const;
  void wrong(const std::string& key, const TomlValue& given, const std::string& expected) const;
  void unknown_keys(std::vector<Problem>& problems) const;

  /// A finite number; anything else is a problem and nothing.
  std::optional<double> as_number(const std::string& key, const TomlValue& given) const;

private:
  bool has(const std::string& key) const { return value && value->contains(key); }
  const TomlPlace& place_of(const std::string& key) const;
};

} // namespace calcar
