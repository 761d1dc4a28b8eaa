#include "base/text.hpp"
#include "report/fixation_rows.hpp"

#include <algorithm>

namespace calcar::report
{
namespace
{
constexpr Hand plain = {14};

/// Doubts behind loads and cycles, then those of the options, each once.
std::vector<std::string> all_doubts(const FixationsResults& all)
{
  std::vector<std::string> doubts = common_doubts(all);
  for (const FixationResults& option : all.options)
    for (const std::string& doubt : doubts_of(option))
      if (std::find(doubts.begin(), doubts.end(), doubt) == doubts.end())
        doubts.push_back(doubt);
  return doubts;
}

/// True for words about one option, which its row has said.
bool is_of_one_option(const FixationsResults& all, const std::string& words)
{
  return std::any_of(all.comparison.options.begin(), all.comparison.options.end(),
                     [&](const risk::OptionSummary& o)
                     { return words.starts_with(o.option + ", first to fail: "); });
}
} // namespace

TextColumn closing_words(const Results& results, double width)
{
  const FixationsResults& all = *results.fixations;
  TextColumn column(width);
  for (const std::string& words : all.comparison.words)
    if (!is_of_one_option(all, words))
      column.add(words, {14, true}, "- ");
  const risk::Preferences& p = all.comparison.preferences;
  column.add("Order by strength (weight " + format_number(p.strength) +
                 "), lasting of the metal (" + format_number(p.lasting) + "), bone kept loaded (" +
                 format_number(p.bone_kept) + ") and little bone taken away (" +
                 format_number(p.small) + "); options that hold come first.",
             {14, false, ink_black, 4}, "- ");
  if (!all.gone_words.empty())
    column.add("Segment gone: " + all.gone_words + ".", plain, "- ");
  const bool assumed = std::any_of(all.assumptions.begin(), all.assumptions.end(),
                                   [&](const std::string& words)
                                   { return words.find(all.cycles.words) != std::string::npos; });
  if (!all.cycles.words.empty() && !assumed)
    column.add("Cycles: " + all.cycles.words + ".", plain, "- ");
  for (const std::string& words : all.assumptions)
    column.add("Assumed: " + words, plain, "- ");
  if (const std::vector<std::string> doubts = all_doubts(all); !doubts.empty())
    column.add("* Not confirmed: " + join(grouped(doubts), "; ") + ".", {13, false, ink_doubt});
  column.add(
      "Linear analysis: the load factor is the multiple of the whole load at which the first "
      "part fails. It supports a decision and does not make it. Decision support for "
      "research; not a medical device.",
      {14, false, ink_black, 6});
  return column;
}

} // namespace calcar::report
