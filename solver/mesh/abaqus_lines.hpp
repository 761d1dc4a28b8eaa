#pragma once

#include "base/provenance.hpp"
#include "mesh/refuse.hpp"

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace calcar::mesh::abaqus
{

/// A keyword line with its continuations: "*Element, type=C3D4, elset=Bone".
struct Card
{
  struct Parameter
  {
    std::string name;  ///< without blanks, in capitals: "ELSET"
    std::string value; ///< as written, with its quotes; empty for a parameter that stands alone
  };
  std::string keyword; ///< without star and blanks, in capitals: "ENDPART"
  std::string written; ///< as in the deck: "*End Part"
  std::string place;
  std::vector<Parameter> parameters;

  bool has(std::string_view name) const;
  /// Its value; nothing when it is not given, InputError when it is given without a value.
  std::optional<std::string> value(std::string_view name) const;
  /// Its value; InputError when it is missing. `example` shows how it is written.
  std::string required(std::string_view name, const std::string& example) const;
};

/// A line of one of the deck's files; Lines puts it in words.
struct Mark
{
  std::uint32_t file = 0;
  std::uint32_t line = 0;
};

/**
 * The lines of a deck: cards and their data. Comments and empty lines are passed over, files of
 * *INCLUDE are entered where they stand. Views stay valid as long as the Lines.
 */
class Lines
{
public:
  Lines(const std::string& text, const std::string& place);

  /// The next card, past what is left of the data of the one before; nothing at the end.
  std::optional<Card> next_card();

  /// The next data line of the present card, without blanks around it; nothing when it has no more.
  std::optional<std::string_view> data_line();

  /// Data lines are now read from a file (INPUT=), then go on here.
  void enter(const std::string& file, const std::string& place);

  /// Where what was handed out last stands, in brief and as "file:line".
  Mark mark() const;
  std::string place() const { return place(mark()); }
  std::string place(Mark mark) const;

  /// The files entered so far, in the order of their first lines.
  const std::vector<Source>& included() const { return sources_; }

private:
  struct Text
  {
    std::string_view text;
    std::string name;
    std::size_t at = 0;
    Mark mark;
  };
  bool read_line();
  bool peek();
  Card take_card();

  std::deque<std::string> included_; ///< texts of files entered
  std::vector<Source> sources_;      ///< the same files
  std::deque<Text> texts_;           ///< all that were entered
  std::vector<Text*> open_;
  std::string_view line_;
  Mark mark_;            ///< of line_
  bool pending_ = false; ///< line_ was not handed out yet
};

/// Fields of a data line: between commas, without blanks around them. "1, 2," has a third, empty
/// one.
class Fields
{
public:
  explicit Fields(std::string_view line) : rest_(line) {}
  bool next(std::string_view& field)
  {
    if (!more_)
      return false;
    const std::size_t comma = rest_.find(',');
    more_ = comma != std::string_view::npos;
    field = rest_.substr(0, comma);
    rest_ = more_ ? rest_.substr(comma + 1) : std::string_view();
    while (!field.empty() && (field.front() == ' ' || field.front() == '\t'))
      field.remove_prefix(1);
    while (!field.empty() && (field.back() == ' ' || field.back() == '\t'))
      field.remove_suffix(1);
    return true;
  }

private:
  std::string_view rest_;
  bool more_ = true;
};

/// Largest number of a node or element in Abaqus.
constexpr std::uint64_t largest_number = 999'999'999;

/// A number of a node or element, 1 to `largest_number`; nothing when it is not one.
std::optional<std::uint64_t> node_number(std::string_view field);

/// A finite real number: "1.", ".5", "1.E-3", "+1d-3"; nothing when it is not one.
std::optional<double> real_number(std::string_view field);

/// A name as names are compared: without blanks, in capitals; between quotes as it stands, without
/// them.
std::string fold(std::string_view name);

/// A name as it is shown: without quotes and blanks around it.
std::string shown(std::string_view name);

/// A piece of the deck for a message: at most 60 characters, unprintable ones as '?'.
std::string printable(std::string_view text);

} // namespace calcar::mesh::abaqus
