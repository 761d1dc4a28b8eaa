#include "report/fixation_words.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <limits>

namespace calcar::report
{
namespace
{
using risk::BoneState;
using risk::FixationVerdict;

constexpr BoneState all_states[] = {BoneState::as_is, BoneState::grown, BoneState::gone};

const FixationStateResults* state_with(const FixationResults& option, BoneState state,
                                       bool headline)
{
  for (const FixationStateResults& one : option.states)
    if (one.state == state && one.headline == headline)
      return &one;
  return nullptr;
}

void add_once(std::vector<std::string>& to, const std::string& doubt)
{
  const std::string words = doubt.substr(0, doubt.find(" ("));
  if (!words.empty() && std::find(to.begin(), to.end(), words) == to.end())
    to.push_back(words);
}
} // namespace

std::string state_words(BoneState state, const FixationsResults& results)
{
  switch (state)
  {
  case BoneState::as_is:
    return "lesion as it is";
  case BoneState::grown:
    return "lesion grown by " + format_number(results.grown_mm, 3) + " mm";
  case BoneState::gone:
    break;
  }
  return "segment gone";
}

std::vector<BoneState> states_of(const FixationsResults& results)
{
  const auto is_there = [&](BoneState state)
  {
    return std::any_of(results.unfixed.begin(), results.unfixed.end(),
                       [&](const auto& u) { return u.state == state; }) ||
           std::any_of(results.options.begin(), results.options.end(),
                       [&](const auto& o) { return judged(o, state) != nullptr; });
  };
  std::vector<BoneState> states;
  std::copy_if(std::begin(all_states), std::end(all_states), std::back_inserter(states), is_there);
  return states;
}

const FixationStateResults* judged(const FixationResults& option, BoneState state)
{
  return state_with(option, state, true);
}

const FixationStateResults* compared(const FixationResults& option, BoneState state)
{
  return state_with(option, state, false);
}

const FixationVerdict* worst(const FixationStateResults& state, load::ActivityKind kind)
{
  const FixationVerdict* least = nullptr;
  for (const FixationVerdict& v : state.verdicts)
    if (v.kind == kind && (!least || v.load_factor < least->load_factor))
      least = &v;
  return least;
}

const risk::ActivityAssessment* worst(const std::vector<risk::ActivityAssessment>& activities,
                                      load::ActivityKind kind)
{
  const risk::ActivityAssessment* least = nullptr;
  for (const risk::ActivityAssessment& a : activities)
    if (a.kind == kind && (!least || load_factor_of(a) < load_factor_of(*least)))
      least = &a;
  return least;
}

const FixationVerdict* decisive(const FixationStateResults& state)
{
  const FixationVerdict* daily = worst(state, load::ActivityKind::daily);
  return daily ? daily : worst(state, load::ActivityKind::accident);
}

const risk::ActivityAssessment* decisive(const std::vector<risk::ActivityAssessment>& activities)
{
  const risk::ActivityAssessment* daily = worst(activities, load::ActivityKind::daily);
  return daily ? daily : worst(activities, load::ActivityKind::accident);
}

const FixationVerdict* verdict_on(const FixationStateResults& state, const std::string& activity)
{
  for (const FixationVerdict& v : state.verdicts)
    if (v.activity == activity)
      return &v;
  return nullptr;
}

double load_factor_of(const risk::ActivityAssessment& bone)
{
  return bone.criteria.empty() ? std::numeric_limits<double>::infinity()
                               : bone.criteria.front().load_factor;
}

const risk::OptionSummary* summary_of(const FixationsResults& results, const std::string& option)
{
  for (const risk::OptionSummary& summary : results.comparison.options)
    if (summary.option == option)
      return &summary;
  return nullptr;
}

std::vector<std::size_t> ranked(const FixationsResults& results)
{
  std::vector<std::size_t> order;
  const auto add = [&](std::size_t n)
  {
    if (std::find(order.begin(), order.end(), n) == order.end())
      order.push_back(n);
  };
  for (const risk::OptionSummary& summary : results.comparison.options)
    for (std::size_t n = 0; n < results.options.size(); ++n)
      if (results.options[n].name == summary.option)
        add(n);
  for (const bool placed : {true, false})
    for (std::size_t n = 0; n < results.options.size(); ++n)
      if (results.options[n].refusal.has_value() != placed)
        add(n);
  return order;
}

std::vector<std::string> doubts_of(const FixationResults& option)
{
  std::vector<std::string> doubts;
  for (const std::string& doubt : option.doubts)
    add_once(doubts, doubt);
  for (const FixationStateResults& state : option.states)
    for (const FixationVerdict& verdict : state.verdicts)
      for (const risk::ComponentVerdict& component : verdict.components)
        for (const std::string& doubt : component.doubts)
          add_once(doubts, doubt);
  return doubts;
}

std::vector<std::string> common_doubts(const FixationsResults& results)
{
  std::vector<std::string> doubts;
  if (!results.cycles.doubt.empty())
    add_once(doubts, "cycles of daily life: " + results.cycles.doubt);
  const auto add_load = [&](const risk::ActivityAssessment& a)
  {
    if (!a.load_doubt.empty())
      add_once(doubts, "load of " + (a.title.empty() ? a.activity : a.title) + ": " + a.load_doubt);
  };
  for (const UnfixedStateResults& state : results.unfixed)
    std::for_each(state.activities.begin(), state.activities.end(), add_load);
  for (const FixationResults& option : results.options)
    for (const FixationStateResults& state : option.states)
      for (const FixationVerdict& verdict : state.verdicts)
        add_load(verdict.bone);
  return doubts;
}

std::vector<std::string> grouped(const std::vector<std::string>& doubts)
{
  const std::string between = ": unconfirmed: ";
  std::vector<std::pair<std::string, std::string>> groups; // reason, what
  for (const std::string& doubt : doubts)
  {
    const std::size_t at = doubt.find(between);
    if (at == std::string::npos)
    {
      groups.emplace_back(doubt, "");
      continue;
    }
    std::string what = doubt.substr(0, at);
    std::replace(what.begin(), what.end(), '_', ' ');
    const std::string reason = doubt.substr(at + between.size());
    const auto same = std::find_if(groups.begin(), groups.end(),
                                   [&](const auto& g) { return g.first == reason; });
    if (same == groups.end())
      groups.emplace_back(reason, what);
    else
      same->second += ", " + what;
  }
  std::vector<std::string> words;
  for (const auto& [reason, what] : groups)
    words.push_back(what.empty() ? reason : reason + ": " + what);
  return words;
}

} // namespace calcar::report
