#pragma once

#include "report/fixation_drawing.hpp"
#include "report/fixation_words.hpp"
#include "report/results.hpp"

#include <optional>
#include <string>
#include <vector>

/// What stands on the page that compares fixations, before it is drawn.
namespace calcar::report
{

// Widths of the page's columns, pixels.
constexpr double name_width = 290, limits_width = 560;

/// One state of an option: a bar from 0 to its load factor.
struct StateBar
{
  std::string label;            ///< "lesion as it is"
  std::optional<double> factor; ///< none: not solved; may be infinite
  std::string instead;          ///< told where there is no factor: "holds nothing"
  std::string activity;         ///< the worst one
  std::optional<double> other;  ///< load factor with the other interface
  std::string other_name;       ///< "bonded"
};

struct OptionRow
{
  std::string rank; ///< "1"; empty for what is not ranked
  std::string option;
  TextColumn name{name_width};
  std::vector<StateBar> bars; ///< none: `limits` says why
  TextColumn limits{limits_width};
  bool placed = true;
};

/// The healthy twin, the bone alone, then the options in their order.
std::vector<OptionRow> option_rows(const Results& results);

/// What stands below the rows: take-home words, preferences, states, assumptions, doubts.
TextColumn closing_words(const Results& results, double width);

} // namespace calcar::report
