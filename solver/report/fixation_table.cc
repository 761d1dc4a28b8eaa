#include "base/text.hpp"
#include "report/fixation.hpp"
#include "report/fixation_words.hpp"

#include <algorithm>

namespace calcar::report
{
namespace
{
constexpr std::size_t name_width = 34, state_width = 26;

/// Pads with spaces, at least one; a character of UTF-8 counts once.
std::string padded(const std::string& text, std::size_t width)
{
  const auto shown = static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(),
                    [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
  return text + std::string(width > shown ? width - shown : 1, ' ');
}

/// "1.8 (bonded 2.3)": of the worst daily activity, or accident where none is daily.
std::string state_cell(const FixationResults& option, risk::BoneState state)
{
  const FixationStateResults* solved = judged(option, state);
  const risk::FixationVerdict* verdict = solved ? decisive(*solved) : nullptr;
  if (!verdict)
    return "-";
  const FixationStateResults* other = compared(option, state);
  const risk::FixationVerdict* same = other ? verdict_on(*other, verdict->activity) : nullptr;
  return factor_words(verdict->load_factor) +
         (same ? " (" + other->interface + " " + factor_words(same->load_factor) + ")" : "");
}

std::string unfixed_line(const FixationsResults& all, const std::vector<risk::BoneState>& states)
{
  std::string text = padded("  " + no_fixation, name_width);
  for (const risk::BoneState state : states)
  {
    std::string cell = state == risk::BoneState::gone ? "holds nothing" : "-";
    for (const UnfixedStateResults& one : all.unfixed)
      if (const auto* a = one.state == state ? decisive(one.activities) : nullptr)
        cell = factor_words(load_factor_of(*a));
    text += padded(cell, state_width);
  }
  return text + "\n";
}

std::string option_lines(const FixationsResults& all, const FixationResults& option,
                         const std::vector<risk::BoneState>& states)
{
  const std::string mark = doubts_of(option).empty() ? "" : " *";
  if (option.refusal)
    return padded("  " + option.name + mark, name_width) +
           (option.components.empty() ? "cannot be placed: " : "not computed: ") + *option.refusal +
           "\n";
  std::string text = padded("  " + option.name + mark, name_width);
  for (const risk::BoneState state : states)
    text += padded(state_cell(option, state), state_width);
  const risk::OptionSummary* summary = summary_of(all, option.name);
  text += (summary ? summary->limited_by : "") + "\n";
  for (const Warning& warning : option.warnings)
    text += "    ! " + warning.text + "\n";
  return text;
}
} // namespace

std::string fixations_table(const Results& results)
{
  if (!results.fixations || results.fixations->options.empty())
    return "";
  const FixationsResults& all = *results.fixations;
  const std::vector<risk::BoneState> states = states_of(all);
  std::string text = "Fixations (linear): load factor of the worst daily activity; " +
                     format_number(all.comparison.enough, 3) + " or more holds\n";
  text += padded("", name_width);
  for (const risk::BoneState state : states)
    text += padded(state_words(state, all), state_width);
  text += "limited by\n" + unfixed_line(all, states);
  bool unconfirmed = false;
  for (const std::size_t n : ranked(all))
  {
    text += option_lines(all, all.options[n], states);
    unconfirmed = unconfirmed || !doubts_of(all.options[n]).empty();
  }
  for (const std::string& words : all.comparison.words)
    text += "  - " + words + "\n";
  if (unconfirmed)
    text += "  * rests on figures that are not confirmed: results.json names them\n";
  return text + "\n";
}

} // namespace calcar::report
