#include "report/fixation_verdict.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace calcar::report
{
namespace
{
using risk::FixationVerdict;

void keep_larger(std::optional<double>& most, const std::optional<double>& value)
{
  if (value)
    most = std::max(most.value_or(*value), *value);
}

/// The largest of a number that the entries of a list have; nothing where none has it.
template <typename Entry, typename Number>
std::optional<double> largest(const std::vector<Entry>& entries, Number Entry::*number)
{
  std::optional<double> most;
  for (const Entry& entry : entries)
    keep_larger(most, entry.*number);
  return most;
}
} // namespace

const risk::ModeUtilisation* largest_mode(const FixationVerdict& verdict)
{
  const risk::ModeUtilisation* most = nullptr;
  for (const risk::ModeUtilisation& mode : verdict.modes)
    if (!most || mode.utilisation > most->utilisation)
      most = &mode;
  return most;
}

double utilisation_of(const FixationVerdict& verdict)
{
  const risk::ModeUtilisation* most = largest_mode(verdict);
  return most ? most->utilisation : 0;
}

const risk::ModeUtilisation* first_failure(const FixationVerdict& verdict)
{
  const risk::ModeUtilisation* most = nullptr;
  for (const risk::ModeUtilisation& mode : verdict.modes)
    if (mode.mode != risk::FailureMode::implant_fatigue &&
        (!most || mode.utilisation > most->utilisation))
      most = &mode;
  return most;
}

std::optional<FatigueSafety> fatigue_safety_of(const FixationVerdict& verdict)
{
  double most = 0;
  std::string where;
  const auto see = [&](double utilisation, const std::string& component)
  {
    if (utilisation <= most)
      return;
    most = utilisation;
    where = component;
  };
  for (const risk::ComponentVerdict& component : verdict.components)
    see(component.fatigue_utilisation, component.component);
  for (const risk::CementVerdict& cement : verdict.cement)
    see(cement.fatigue_utilisation, cement.component);
  return most > 0 ? std::optional(FatigueSafety{1 / most, where}) : std::nullopt;
}

std::optional<double> pull_out_of(const FixationVerdict& verdict)
{
  return largest(verdict.components, &risk::ComponentVerdict::pull_out_utilisation);
}

std::optional<double> cement_of(const FixationVerdict& verdict)
{
  return largest(verdict.cement, &risk::CementVerdict::utilisation);
}

std::optional<double> cement_fatigue_of(const FixationVerdict& verdict)
{
  return largest(verdict.cement, &risk::CementVerdict::fatigue_utilisation);
}

std::optional<double> most_shielded(const FixationVerdict& verdict)
{
  return largest(verdict.shielding, &risk::Shielding::lost);
}

std::string factor_words(double factor)
{
  if (!std::isfinite(factor))
    return "no load";
  char words[32];
  std::snprintf(words, sizeof words, "%.2f", std::floor(100 * factor * (1 + 1e-12)) / 100);
  return words;
}

std::string limit_words(const FixationVerdict& verdict)
{
  const risk::ModeUtilisation* most = largest_mode(verdict);
  if (!most)
    return "";
  return risk::words_of(most->mode) + (most->where.empty() ? "" : ": " + most->where);
}

} // namespace calcar::report
