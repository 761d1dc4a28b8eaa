#include "base/text.hpp"
#include "report/fixation.hpp"
#include "report/fixation_words.hpp"
#include "report/follow_up.hpp"
#include "report/fracture.hpp"
#include "report/other_scans.hpp"
#include "report/write.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <functional>

namespace calcar::report
{
namespace
{
std::string quoted(const std::string& text)
{
  if (text.find_first_of(",\"\r\n") == std::string::npos)
    return text;
  std::string result = "\"";
  for (const char c : text)
    result += c == '"' ? std::string("\"\"") : std::string(1, c);
  return result + "\"";
}

std::string cell(double value)
{
  return std::isfinite(value) ? format_number(value, 6) : "";
}

std::string cell(const std::optional<double>& value)
{
  return value ? cell(*value) : "";
}

/// Utilisation of each vertebra of a segment, one column each.
std::string vertebra_cells(const risk::ActivityAssessment& a)
{
  std::string cells;
  for (const risk::BoneVerdict& verdict : a.bones)
    cells += "," + cell(verdict.utilisation);
  return cells;
}

std::string row(const Results& results, const VariantResults& variant,
                const risk::ActivityAssessment& a)
{
  const risk::CriterionResult& headline = a.criteria.front();
  const auto* twin = find_activity(results, "healthy twin", a.activity);
  const double ratio = twin && headline.utilisation > 0
                           ? twin->criteria.front().utilisation / headline.utilisation
                           : NAN;
  return join({quoted(variant.name), quoted(a.activity),
               a.kind == load::ActivityKind::daily ? "daily" : "accident", "linear",
               quoted(headline.criterion), cell(headline.utilisation), cell(headline.load_factor),
               quoted(a.reference.what), cell(a.reference.value), a.reference.unit,
               cell(a.fracture_load_N), cell(a.fracture_load_BW), cell(ratio),
               quoted(headline.location ? headline.location->words : ""),
               results.grade ? results.grade->grade : ""},
              ",") +
         vertebra_cells(a) + "\n";
}

/// An option in a state as a variant, with the interface it is judged with: its first failure that
/// one load can cause stands for the criterion. Fatigue and the other interface are in
/// fixations.csv.
std::string fixation_row(const Results& results, const FixationResults& option,
                         const FixationStateResults& state, const risk::FixationVerdict& v)
{
  const risk::ModeUtilisation* first = first_failure(v);
  const double utilisation = first ? first->utilisation : 0;
  const auto* twin = find_activity(results, "healthy twin", v.activity);
  const double ratio =
      twin && utilisation > 0 ? twin->criteria.front().utilisation / utilisation : NAN;
  const double bw = v.fracture_load_N && results.body_weight_N > 0
                        ? *v.fracture_load_N / results.body_weight_N
                        : NAN;
  return join({quoted(option.name + ", " + risk::to_string(state.state)), quoted(v.activity),
               v.kind == load::ActivityKind::daily ? "daily" : "accident", "linear",
               first ? risk::to_string(first->mode) : "", cell(utilisation), cell(1 / utilisation),
               quoted(v.bone.reference.what), cell(v.bone.reference.value), v.bone.reference.unit,
               cell(v.fracture_load_N), cell(bw), cell(ratio), quoted(first ? first->where : ""),
               results.grade ? results.grade->grade : ""},
              ",") +
         vertebra_cells(v.bone) + "\n";
}

std::string fixation_rows(const Results& results)
{
  std::string text;
  if (results.fixations)
    for (const FixationResults& option : results.fixations->options)
      for (const FixationStateResults& state : option.states)
        for (const risk::FixationVerdict& verdict : state.verdicts)
          if (state.headline)
            text += fixation_row(results, option, state, verdict);
  return text;
}

std::string percent(double utilisation)
{
  char text[32];
  std::snprintf(text, sizeof text, "%.0f %%", 100 * utilisation);
  return text;
}

/// Newtons to the nearest ten: more digits would promise too much.
std::string rounded(double newtons)
{
  return std::to_string(std::lround(newtons / 10) * 10);
}

/// Pads with spaces, at least one; a character of UTF-8 counts once.
std::string padded(const std::string& text, std::size_t width)
{
  const auto shown = static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(),
                    [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
  return text + std::string(width > shown ? width - shown : 1, ' ');
}

/// What a mesh may be wrong about at the weakest place.
std::string uncertainty(const risk::ActivityAssessment& a)
{
  if (!a.strain_uncertainty)
    return "";
  return "; strain here is uncertain by " + percent(*a.strain_uncertainty);
}

/// What stands beside a load that is not well founded.
std::string mark_of(const risk::ActivityAssessment& a)
{
  if (a.evidence == "research_only")
    return " (R)";
  return a.load_doubt.empty() ? "" : " *";
}

/// True when some activity of the last variant bears this mark.
bool is_marked(const Results& results, const std::string& mark)
{
  if (results.variants.empty())
    return false;
  const auto& activities = results.variants.back().activities;
  return std::any_of(activities.begin(), activities.end(),
                     [&](const auto& a) { return mark_of(a) == mark; });
}

/// "    L2 31 %, L3 42 %, L4 38 %": each vertebra of a segment, below the activity's line.
std::string vertebrae_line(const risk::ActivityAssessment& a)
{
  std::vector<std::string> words;
  for (const risk::BoneVerdict& verdict : a.bones)
    words.push_back(verdict.bone + " " + percent(verdict.utilisation));
  return words.empty() ? "" : "    " + join(words) + "\n";
}

std::string block(const Results& results, load::ActivityKind kind, const std::string& heading)
{
  std::string text;
  if (results.variants.empty())
    return text;
  const VariantResults& as_is = results.variants.back();
  for (const risk::ActivityAssessment& a : as_is.activities)
  {
    if (a.kind != kind)
      continue;
    if (text.empty())
    {
      text = padded(heading, 44);
      for (const VariantResults& variant : results.variants)
        text += padded(variant.name, 14);
      text += padded("fracture load", 22) + "weakest\n";
    }
    text += padded("  " + a.title + mark_of(a), 44);
    for (const VariantResults& variant : results.variants)
    {
      const auto* same = find_activity(results, variant.name, a.activity);
      text += padded(same ? percent(same->criteria.front().utilisation) : "-", 14);
    }
    std::string load = "-";
    if (a.fracture_load_N && std::isfinite(*a.fracture_load_N))
      load = rounded(*a.fracture_load_N) + " N" +
             (a.fracture_load_BW ? " (" + format_number(*a.fracture_load_BW, 3) + " BW)" : "");
    else if (!a.fracture_load_N) // a torque, a pressure
      load = format_number(a.criteria.front().load_factor * a.reference.value, 3) + " " +
             a.reference.unit;
    const auto& location = a.criteria.front().location;
    text += padded(load, 22) + (location ? location->words : "") + uncertainty(a) + "\n" +
            vertebrae_line(a);
  }
  return text;
}
} // namespace

std::string summary_csv(const Results& results)
{
  std::string text = "variant,activity,kind,failure_model,criterion,utilisation,load_factor,"
                     "reference_load,reference_value,"
                     "reference_unit,fracture_load_N,fracture_load_BW,strength_over_healthy_twin,"
                     "location,input_grade";
  for (const VertebraResults& vertebra : results.vertebrae)
    text += ",utilisation_" + vertebra.level;
  text += "\n";
  for (const VariantResults& variant : results.variants)
    for (const risk::ActivityAssessment& assessment : variant.activities)
      text += row(results, variant, assessment);
  return text + fixation_rows(results);
}

std::string terminal_table(const Results& results)
{
  std::string text = results.title + "\n\n";
  if (results.study)
  {
    for (const SupportResults& support : results.supports)
      text += "  " + padded(support.name, 24) + "reaction " +
              format_number(support.reaction_N.x, 6) + ", " +
              format_number(support.reaction_N.y, 6) + ", " +
              format_number(support.reaction_N.z, 6) + " N along i, j, k\n";
    text += "  strain energy " + format_number(results.study->strain_energy_Nmm, 6) + " N mm\n";
    return text;
  }
  text += "Utilisation = load / strength; 100 % or more is failure (" + results.protocol +
          ", linear)\n\n";
  text += block(results, load::ActivityKind::daily, "Daily activities");
  const std::string accidents = block(results, load::ActivityKind::accident, "Accidents");
  text += (accidents.empty() ? "" : "\n" + accidents) + "\n";
  text += fracture_table(results);
  text += other_scans_table(results);
  text += follow_up_table(results);
  text += fixations_table(results);
  if (is_marked(results, " *"))
    text += "* the load of this activity is unconfirmed\n";
  if (is_marked(results, " (R)"))
    text += "(R) for research only: this load is too weakly founded to advise on\n";
  if (!results.doubts.empty())
    text += std::to_string(results.doubts.size()) +
            " parts of the protocol are unconfirmed: results.json names them\n";
  if (results.grade)
    text +=
        "Input grade " + results.grade->grade +
        (results.grade->grade == "D" ? ": cannot say" : "") +
        (results.grade->reasons.empty() ? "" : " (" + join(results.grade->reasons, "; ") + ")") +
        "\n";
  return text + "Decision support for research; not a medical device.\n";
}

} // namespace calcar::report
