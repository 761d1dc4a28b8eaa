#include "risk/fixation_comparison.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace calcar::risk
{
namespace
{
constexpr double alike = 0.02; ///< numbers that differ by less are equal
constexpr std::size_t marks = 4;
constexpr std::array<const char*, marks> mark_words = {"strength", "fatigue of the implant",
                                                       "load left to the bone", "bone taken away"};

/// What an option is worth in each respect, more is better: load factor, minus the utilisation in
/// fatigue, share of the strain energy that the most shielded region keeps, minus the bone taken
/// away in mm^3.
using Worth = std::array<double, marks>;

Worth worth_of(const OptionSummary& option)
{
  const double fatigue = option.fatigue_safety > 0 ? 1 / option.fatigue_safety
                                                   : std::numeric_limits<double>::infinity();
  return {option.least_load_factor, -fatigue, 1 - std::max(option.shielding, 0.0),
          -option.removed_mm3};
}

bool better(double a, double b)
{
  if (std::isinf(a) || std::isinf(b))
    return a > b;
  return a - b > alike * std::max(std::abs(a), std::abs(b));
}

/// 0: holds; 1: does not; 2: told inadequate; 3: could not be placed.
int group_of(const OptionSummary& option)
{
  return !option.placed ? 3 : option.inadequate ? 2 : option.holds ? 0 : 1;
}

/// Marks from 0, the worst of all, to 1, the best; 1 where all are alike.
std::vector<double> scaled(const std::vector<double>& values)
{
  double least = std::numeric_limits<double>::infinity(), most = -least;
  for (const double value : values)
    if (std::isfinite(value))
    {
      least = std::min(least, value);
      most = std::max(most, value);
    }
  std::vector<double> result;
  for (const double value : values)
    result.push_back(std::isinf(value) ? (value > 0 ? 1.0 : 0.0)
                     : most > least    ? (value - least) / (most - least)
                                       : 1.0);
  return result;
}

/// An option with its marks.
struct Candidate
{
  OptionSummary option;
  Worth worth = {};
  std::array<double, marks> mark = {};
  double score = 0;
};

void give_marks(std::vector<Candidate>& candidates, const Preferences& preferences)
{
  const std::array<double, marks> weights = {preferences.strength, preferences.lasting,
                                             preferences.bone_kept, preferences.small};
  double sum = 0;
  for (const double weight : weights)
    sum += std::max(weight, 0.0);
  for (std::size_t m = 0; m < marks; ++m)
  {
    std::vector<double> values;
    for (const Candidate& one : candidates)
      if (one.option.placed)
        values.push_back(one.worth[m]);
    const std::vector<double> all = scaled(values);
    std::size_t next = 0;
    for (Candidate& one : candidates)
      if (one.option.placed)
      {
        one.mark[m] = all[next++];
        one.score += sum > 0 ? std::max(weights[m], 0.0) / sum * one.mark[m] : 0;
      }
  }
}

/// Best first; what is equal in all goes by name, so that the order of the input does not matter.
bool before(const Candidate& a, const Candidate& b)
{
  const int ga = group_of(a.option), gb = group_of(b.option);
  if (ga != gb)
    return ga < gb;
  if (a.option.placed && a.score != b.score)
    return a.score > b.score;
  if (a.option.placed && a.option.least_load_factor != b.option.least_load_factor)
    return a.option.least_load_factor > b.option.least_load_factor;
  return a.option.option < b.option.option;
}

/// In what `by` is better than `of`, when it is at least as good in everything; else nothing.
std::vector<std::string> dominates(const Candidate& by, const Candidate& of)
{
  std::vector<std::string> in;
  for (std::size_t m = 0; m < marks; ++m)
  {
    if (better(of.worth[m], by.worth[m]))
      return {};
    if (better(by.worth[m], of.worth[m]))
      in.push_back(mark_words[m]);
  }
  return group_of(by.option) <= group_of(of.option) ? in : std::vector<std::string>{};
}

std::vector<std::string> dominated_among(const std::vector<Candidate>& candidates)
{
  std::vector<std::string> words;
  for (const Candidate& of : candidates)
    for (const Candidate& by : candidates)
    {
      if (!of.option.placed || !by.option.placed || &of == &by)
        continue;
      if (const auto in = dominates(by, of); !in.empty())
        words.push_back(of.option.option + ": " + by.option.option +
                        " is at least as good in everything and better in " + join(in, " and in "));
    }
  return words;
}

std::string factor_words(double factor)
{
  return std::isinf(factor) ? "without limit" : format_number(factor, 3);
}

std::string limit_words(const OptionSummary& option)
{
  return option.limited_by.empty() ? "" : " (" + option.limited_by + ")";
}

void add_reasons(Candidate& one, double enough)
{
  OptionSummary& option = one.option;
  if (!option.placed)
  {
    option.because.push_back("not computed: " + option.refusal);
    return;
  }
  option.because.push_back(std::string(option.holds ? "holds" : "does not hold") +
                           ": least load factor " + factor_words(option.least_load_factor) +
                           " against " + format_number(enough, 3) + limit_words(option));
  if (option.inadequate)
    option.because.push_back("told inadequate when it was placed");
  std::vector<std::string> told;
  for (std::size_t m = 0; m < marks; ++m)
    told.push_back(std::string(mark_words[m]) + " " +
                   format_number(std::round(100 * one.mark[m]) / 100));
  option.because.push_back("marks from 0 (worst compared) to 1 (best): " + join(told));
}

std::vector<std::string> names_where(const Comparison& comparison, bool placed, bool holds)
{
  std::vector<std::string> names;
  for (const OptionSummary& option : comparison.options)
    if (option.placed == placed && (!placed || option.holds == holds))
      names.push_back(option.option);
  return names;
}

/// What a reader takes home. Describes; does not advise.
std::vector<std::string> take_home(const Comparison& comparison)
{
  std::vector<std::string> words;
  const auto hold = names_where(comparison, true, true);
  const auto fail = names_where(comparison, true, false);
  const auto refused = names_where(comparison, false, false);
  const std::string enough = format_number(comparison.enough, 3);
  if (!hold.empty())
    words.push_back("bears at least " + enough +
                    " times the load of every daily activity in all states judged: " + join(hold));
  if (!fail.empty())
    words.push_back("bears less than " + enough +
                    " times the load of some daily activity in some state: " + join(fail));
  for (const OptionSummary& option : comparison.options)
    if (option.placed && option.inadequate)
      words.push_back(option.option + ": told inadequate when it was placed, ranked after the rest "
                                      "whatever it bears");
  if (!refused.empty())
    words.push_back("not computed in this bone: " + join(refused));
  for (const OptionSummary& option : comparison.options)
    if (option.placed && !option.limited_by.empty())
      words.push_back(option.option + ", first to fail: " + option.limited_by);
  words.push_back("this compares mechanics under stated assumptions and preferences; it does not "
                  "say whether to operate or how");
  return words;
}
} // namespace

Comparison compare(std::vector<OptionSummary> options, const Preferences& preferences,
                   double enough)
{
  Comparison comparison;
  comparison.enough = enough;
  comparison.preferences = preferences;
  std::vector<Candidate> candidates;
  for (OptionSummary& option : options)
  {
    option.holds = option.placed && option.least_load_factor >= enough;
    const Worth worth = worth_of(option);
    candidates.push_back({std::move(option), worth, {}, 0});
  }
  give_marks(candidates, preferences);
  std::stable_sort(candidates.begin(), candidates.end(), before);
  comparison.dominated = dominated_among(candidates);
  for (Candidate& one : candidates)
  {
    add_reasons(one, enough);
    comparison.options.push_back(std::move(one.option));
  }
  comparison.words = take_home(comparison);
  return comparison;
}

} // namespace calcar::risk
