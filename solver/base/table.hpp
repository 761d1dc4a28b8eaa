#pragma once

#include "base/error.hpp"
#include "base/provenance.hpp"
#include "base/vec3.hpp"

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace calcar
{

/**
 * One table of a TOML document: our own face on the TOML library, with located errors.
 *
 * A reader never throws for a wrong value: it records a Problem with line and caret and returns an
 * empty value (NaN, "",
 * {}), so that all errors of a file are collected. `check()` on the document's root then throws
 * them together, and adds every key that nobody asked for ("unknown key ...; did you mean ...").
 * Call check() before using any value.
 *
 * Readers with a default record the default as the resolved value. A Table is a cheap handle; it
 * may be copied.
 */
class Table
{
public:
  /// Parses a document. Throws InputError (command) with line and caret when the syntax is wrong.
  static Table parse(const std::string& text, const std::string& file_name);
  /// Reads and parses a file; its source() then names it.
  static Table read(const std::filesystem::path& file);

  /// True when the key is there. Counts as asking for it.
  bool has(const std::string& key) const;

  /// Numbers accept integers. Required: a missing key is a problem.
  double number(const std::string& key) const;
  double number(const std::string& key, double fallback) const;
  std::optional<double> maybe_number(const std::string& key) const;
  int integer(const std::string& key) const;
  int integer(const std::string& key, int fallback) const;
  std::string text(const std::string& key) const;
  std::string text(const std::string& key, const std::string& fallback) const;
  bool flag(const std::string& key) const;
  bool flag(const std::string& key, bool fallback) const;
  /// One of the allowed words; another one is a problem with a suggestion.
  std::string choice(const std::string& key, const std::vector<std::string>& allowed) const;
  std::string choice(const std::string& key, const std::vector<std::string>& allowed,
                     const std::string& fallback) const;
  /// A date "2026-11-02" as text in ISO form.
  std::optional<std::string> maybe_date(const std::string& key) const;

  /// Lists; a missing key is an empty list.
  std::vector<double> numbers(const std::string& key) const;
  std::vector<std::string> texts(const std::string& key) const;
  /// Exactly three numbers; required.
  Vec3 vector(const std::string& key) const;
  /// A sub-table with free keys and number values: { lateral = 67.7, anterior = -23.6 }. Missing:
  /// empty.
  std::map<std::string, double> named_numbers(const std::string& key) const;

  /// A required sub-table, or nothing when it is missing.
  Table table(const std::string& key) const;
  std::optional<Table> maybe_table(const std::string& key) const;
  /// The tables of [[key]]; none when it is missing.
  std::vector<Table> tables(const std::string& key) const;
  /// The keys present, in the order of the alphabet. Does not count as asking for them.
  std::vector<std::string> keys() const;

  /// "case.toml:12" of a key, or of the table when the key is absent.
  std::string place(const std::string& key = "") const;
  /// Records a problem at a key. Parts as in Problem.
  void complain(const std::string& key, const std::string& given, const std::string& allowed,
                const std::string& remedy) const;
  /// Records a problem unless `condition` holds; says what was given by itself.
  void require(bool condition, const std::string& key, const std::string& allowed,
               const std::string& remedy = "") const;
  /// Declares keys as known without reading them (those a later stage reads).
  void known(const std::vector<std::string>& keys) const;

  /// Throws InputError with all problems of the document recorded so far, unknown keys included.
  void check(Fault fault = Fault::command) const;
  /// The problems recorded so far, unknown keys included, without throwing.
  std::vector<Problem> problems() const;

  /// The document with every default filled in, as TOML text. Keys in the order of the alphabet.
  std::string resolved() const;
  /// The file that was read and its SHA-256; empty for parse().
  Source source() const;
  /// The folder of the file, against which relative paths of the document are meant.
  std::filesystem::path folder() const;

private:
  struct Document;
  struct Node;
  explicit Table(std::shared_ptr<Node> node);
  std::shared_ptr<Node> node_;
};

} // namespace calcar
