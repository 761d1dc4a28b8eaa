#include "report/fixation_rows.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::report
{
namespace
{
using risk::BoneState;
using risk::FixationVerdict;

constexpr Hand plain = {14}, small_grey = {13, false, ink_grey}, doubtful = {13, false, ink_doubt};

std::string title_of(const risk::ActivityAssessment& a, std::string activity)
{
  std::replace(activity.begin(), activity.end(), '_', ' ');
  const std::string words = a.title.empty() ? activity : a.title;
  return words + (a.kind == load::ActivityKind::accident ? " (accident)" : "") +
         (a.load_doubt.empty() ? "" : " *");
}

std::string percent(double share)
{
  return std::to_string(std::lround(100 * share)) + " %";
}

StateBar bar_of(const std::vector<risk::ActivityAssessment>& activities, const std::string& label)
{
  StateBar bar;
  bar.label = label;
  if (const auto* a = decisive(activities))
  {
    bar.factor = load_factor_of(*a);
    bar.activity = title_of(*a, a->activity);
  }
  else
    bar.instead = "not solved";
  return bar;
}

StateBar bar_of(const FixationResults& option, BoneState state, const FixationsResults& all)
{
  StateBar bar;
  bar.label = state_words(state, all);
  const FixationStateResults* solved = judged(option, state);
  const FixationVerdict* verdict = solved ? decisive(*solved) : nullptr;
  if (!verdict)
  {
    bar.instead = "not solved";
    return bar;
  }
  bar.factor = verdict->load_factor;
  bar.activity = title_of(verdict->bone, verdict->activity);
  if (const FixationStateResults* other = compared(option, state))
    if (const FixationVerdict* same = verdict_on(*other, verdict->activity))
    {
      bar.other = same->load_factor;
      bar.other_name = other->interface;
    }
  return bar;
}

/// The verdicts of the judged solves in all states.
std::vector<const FixationVerdict*> judged_verdicts(const FixationResults& option)
{
  std::vector<const FixationVerdict*> all;
  for (const FixationStateResults& state : option.states)
    for (const FixationVerdict& verdict : state.verdicts)
      if (state.headline)
        all.push_back(&verdict);
  return all;
}

void add_holding(TextColumn& column, const std::vector<StateBar>& bars, bool inadequate,
                 double enough)
{
  std::vector<std::string> failing;
  std::size_t solved = 0;
  for (const StateBar& bar : bars)
  {
    solved += bar.factor ? 1 : 0;
    if (bar.factor && *bar.factor < enough)
      failing.push_back(bar.label);
  }
  if (solved == 0)
    return;
  std::string words = "Holds in every state";
  if (failing.size() == bars.size() && bars.size() > 1)
    words = "Does not hold in any state";
  else if (!failing.empty())
    words = "Does not hold: " + join(failing);
  else if (bars.size() == 1)
    words = "Holds: " + bars.front().label;
  else if (solved < bars.size())
    words = "Holds in the states that were solved";
  const Colour colour = failing.empty() && !inadequate ? ink_holds : ink_fails;
  column.add(words + (inadequate ? "; inadequate: ends at the lesion" : ""), {15, true, colour});
}

void add_limit(TextColumn& column, const FixationResults& option, const FixationsResults& all)
{
  const risk::OptionSummary* summary = summary_of(all, option.name);
  std::string words = summary ? summary->limited_by : "";
  if (words.empty())
    for (const BoneState state : states_of(all))
      if (const auto* solved = judged(option, state))
        if (const auto* verdict = decisive(*solved); verdict && words.empty())
          words = limit_words(*verdict) + ", " + state_words(state, all);
  if (!words.empty())
    column.add("Limit: " + words, plain);
}

void add_fatigue(TextColumn& column, const FixationResults& option)
{
  std::optional<FatigueSafety> least;
  double cycles = 0;
  for (const FixationVerdict* verdict : judged_verdicts(option))
    if (const auto one = fatigue_safety_of(*verdict);
        one && (!least || one->safety < least->safety))
    {
      least = one;
      cycles = verdict->cycles;
    }
  if (!least)
    return;
  column.add("Fatigue safety " + factor_words(least->safety) + " (" + least->where + ")" +
                 (cycles > 0 ? " for " + format_number(1e-6 * cycles, 2) + " million cycles" : "") +
                 (least->safety < 1 ? ": it breaks before" : ""),
             {14, false, least->safety < 1 ? ink_fails : ink_black});
}

/// What the implant does to the bone with the lesion as it is (or in the first state solved).
void add_sharing(TextColumn& column, const FixationResults& option)
{
  const auto first = std::find_if(option.states.begin(), option.states.end(),
                                  [](const auto& s) { return s.headline; });
  const FixationVerdict* v = first == option.states.end() ? nullptr : decisive(*first);
  if (!v)
    return;
  std::vector<std::string> words = {"takes " + percent(v->implant_share) + " of the load and " +
                                    percent(v->implant_moment_share) + " of the bending"};
  if (v->strain_near_lesion > 0)
    words.push_back("strain beside the lesion " + format_number(100 * v->strain_near_lesion, 2) +
                    " %");
  if (v->interface_motion_um > 0)
    words.push_back("slips by " + format_number(v->interface_motion_um, 2) + " \xC2\xB5m");
  if (const auto most = most_shielded(*v); most && *most > 0.005)
    words.push_back("unloads a region by " + percent(*most));
  column.add("Implant " + join(words, "; "), small_grey);
}

void add_accidents(TextColumn& column, const FixationResults& option, const FixationsResults& all)
{
  std::vector<std::string> words;
  for (const BoneState state : states_of(all))
    if (const auto* solved = judged(option, state))
      if (const auto* v = worst(*solved, load::ActivityKind::accident);
          v && worst(*solved, load::ActivityKind::daily))
        words.push_back(v->bone.title + " " + factor_words(v->load_factor) + " with " +
                        state_words(state, all));
  if (!words.empty())
    column.add("Accidents, which do not decide: " + join(words), small_grey);
}

void add_name(OptionRow& row, const FixationResults& option)
{
  row.name.add(option.name + (doubts_of(option).empty() ? "" : " *"),
               {17, true, option.refusal ? ink_grey : ink_black});
  row.name.add(option.words, {13, false, ink_grey, 2});
}

OptionRow row_of(const FixationsResults& all, const FixationResults& option)
{
  OptionRow row;
  row.option = option.name;
  row.placed = !option.refusal;
  add_name(row, option);
  if (option.refusal)
  {
    row.limits.add(option.components.empty() ? "Cannot be placed" : "Not computed",
                   {15, true, ink_grey});
    row.limits.add(*option.refusal, {14, false, ink_grey});
    return row;
  }
  for (const BoneState state : states_of(all))
    row.bars.push_back(bar_of(option, state, all));
  const risk::OptionSummary* summary = summary_of(all, option.name);
  add_holding(row.limits, row.bars, summary && summary->inadequate, all.comparison.enough);
  add_limit(row.limits, option, all);
  add_fatigue(row.limits, option);
  add_sharing(row.limits, option);
  add_accidents(row.limits, option, all);
  for (const Warning& warning : option.warnings)
    row.limits.add(warning.text, doubtful, "! ");
  for (const std::string& words : all.comparison.dominated)
    if (words.starts_with(option.name + ":"))
      row.limits.add("Dominated: " + words.substr(option.name.size() + 2), doubtful);
  return row;
}

std::optional<OptionRow> healthy_row(const Results& results)
{
  for (const VariantResults& variant : results.variants)
    if (variant.name == "healthy twin" && decisive(variant.activities))
    {
      OptionRow row;
      row.option = variant.name;
      row.name.add("Healthy bone", {16, true, ink_grey});
      row.name.add("the same bone without lesions", {13, false, ink_grey, 2});
      row.bars.push_back(bar_of(variant.activities, "no lesion"));
      return row;
    }
  return std::nullopt;
}

OptionRow alone_row(const FixationsResults& all)
{
  OptionRow row;
  row.option = no_fixation;
  row.name.add("No fixation", {16, true, ink_grey});
  row.name.add("the bone alone", {13, false, ink_grey, 2});
  for (const BoneState state : states_of(all))
  {
    StateBar bar;
    bar.label = state_words(state, all);
    bar.instead = state == BoneState::gone ? "holds nothing" : "not solved";
    for (const UnfixedStateResults& one : all.unfixed)
      if (one.state == state && !one.activities.empty())
        bar = bar_of(one.activities, bar.label);
    row.bars.push_back(bar);
  }
  return row;
}
} // namespace

std::vector<OptionRow> option_rows(const Results& results)
{
  const FixationsResults& all = *results.fixations;
  std::vector<OptionRow> rows;
  if (auto healthy = healthy_row(results))
    rows.push_back(std::move(*healthy));
  rows.push_back(alone_row(all));
  int rank = 0;
  for (const std::size_t n : ranked(all))
  {
    OptionRow row = row_of(all, all.options[n]);
    if (row.placed && summary_of(all, row.option))
      row.rank = std::to_string(++rank);
    rows.push_back(std::move(row));
  }
  return rows;
}

} // namespace calcar::report
