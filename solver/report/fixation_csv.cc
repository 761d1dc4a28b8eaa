#include "base/text.hpp"
#include "report/fixation.hpp"
#include "report/fixation_words.hpp"

#include <array>
#include <cmath>

namespace calcar::report
{
namespace
{
constexpr std::array columns = {"option",
                                "template",
                                "state",
                                "interface",
                                "judged_with",
                                "activity",
                                "kind",
                                "failure_model",
                                "fracture_load_N",
                                "utilisation",
                                "load_factor",
                                "over_bone_alone",
                                "over_healthy_twin",
                                "limiting_mode",
                                "where",
                                "fatigue_safety",
                                "fatigue_of",
                                "fatigue_cycles",
                                "pull_out_utilisation",
                                "cement_utilisation",
                                "cement_fatigue_utilisation",
                                "implant_load_share",
                                "implant_moment_share",
                                "strain_near_lesion",
                                "interface_motion_um",
                                "most_shielded_share",
                                "most_shielded_region",
                                "removed_bone_mm3",
                                "unconfirmed",
                                "refusal"};

/// Cells of a row by the names of the columns; what is not set is empty.
class Row
{
public:
  void set(const std::string& column, const std::string& words)
  {
    for (std::size_t n = 0; n < columns.size(); ++n)
      if (columns[n] == column)
        cells_[n] = words;
  }
  void set(const std::string& column, double value)
  {
    set(column, std::isfinite(value) ? format_number(value, 6) : std::string());
  }
  void set(const std::string& column, const std::optional<double>& value)
  {
    if (value)
      set(column, *value);
  }

  std::string line() const
  {
    std::string text;
    for (std::size_t n = 0; n < cells_.size(); ++n)
      text += (n == 0 ? "" : ",") + quoted(cells_[n]);
    return text + "\n";
  }

private:
  static std::string quoted(const std::string& text)
  {
    if (text.find_first_of(",\"\r\n") == std::string::npos)
      return text;
    std::string result = "\"";
    for (const char c : text)
      result += c == '"' ? std::string("\"\"") : std::string(1, c);
    return result + "\"";
  }

  std::array<std::string, columns.size()> cells_;
};

std::string kind_of(load::ActivityKind kind)
{
  return kind == load::ActivityKind::daily ? "daily" : "accident";
}

/// Both a load or implant that is unconfirmed and none: "yes" and "no".
std::string yes_or_no(bool yes)
{
  return yes ? "yes" : "no";
}

std::string unfixed_row(const UnfixedStateResults& state, const risk::ActivityAssessment& a)
{
  Row row;
  row.set("option", no_fixation);
  row.set("state", risk::to_string(state.state));
  row.set("activity", a.activity);
  row.set("kind", kind_of(a.kind));
  row.set("failure_model", std::string("linear"));
  row.set("fracture_load_N", a.fracture_load_N);
  row.set("unconfirmed", yes_or_no(!a.load_doubt.empty()));
  if (!a.criteria.empty())
  {
    row.set("utilisation", a.criteria.front().utilisation);
    row.set("load_factor", a.criteria.front().load_factor);
    row.set("where", a.criteria.front().location ? a.criteria.front().location->words : "");
  }
  return row.line();
}

void set_shielding(Row& row, const risk::FixationVerdict& v)
{
  const risk::Shielding* most = nullptr;
  for (const risk::Shielding& region : v.shielding)
    if (!most || region.lost > most->lost)
      most = &region;
  if (!most)
    return;
  row.set("most_shielded_share", most->lost);
  row.set("most_shielded_region", most->region);
}

void set_limit(Row& row, const risk::FixationVerdict& v)
{
  const risk::ModeUtilisation* most = largest_mode(v);
  row.set("utilisation", utilisation_of(v));
  row.set("load_factor", v.load_factor);
  if (!most)
    return;
  row.set("limiting_mode", risk::to_string(most->mode));
  row.set("where", most->where);
}

std::string verdict_row(const FixationResults& option, const FixationStateResults& state,
                        const risk::FixationVerdict& v)
{
  Row row;
  row.set("option", option.name);
  row.set("template", option.template_name);
  row.set("state", risk::to_string(state.state));
  row.set("interface", state.interface);
  row.set("judged_with", yes_or_no(state.headline));
  row.set("activity", v.activity);
  row.set("kind", kind_of(v.kind));
  row.set("failure_model", std::string("linear"));
  row.set("fracture_load_N", v.fracture_load_N);
  set_limit(row, v);
  row.set("over_bone_alone", v.restored);
  row.set("over_healthy_twin", v.of_healthy);
  if (const auto fatigue = fatigue_safety_of(v))
  {
    row.set("fatigue_safety", fatigue->safety);
    row.set("fatigue_of", fatigue->where);
  }
  if (v.kind == load::ActivityKind::daily)
    row.set("fatigue_cycles", v.cycles);
  row.set("pull_out_utilisation", pull_out_of(v));
  row.set("cement_utilisation", cement_of(v));
  row.set("cement_fatigue_utilisation", cement_fatigue_of(v));
  row.set("implant_load_share", v.implant_share);
  row.set("implant_moment_share", v.implant_moment_share);
  row.set("strain_near_lesion", v.strain_near_lesion);
  row.set("interface_motion_um", v.interface_motion_um);
  set_shielding(row, v);
  row.set("removed_bone_mm3", option.removed_mm3);
  row.set("unconfirmed", yes_or_no(!doubts_of(option).empty() || !v.bone.load_doubt.empty()));
  return row.line();
}
} // namespace

std::string fixations_csv(const FixationsResults& results)
{
  std::string text = join({columns.begin(), columns.end()}, ",") + "\n";
  for (const UnfixedStateResults& state : results.unfixed)
    for (const risk::ActivityAssessment& assessment : state.activities)
      text += unfixed_row(state, assessment);
  for (const FixationResults& option : results.options)
  {
    for (const FixationStateResults& state : option.states)
      for (const risk::FixationVerdict& verdict : state.verdicts)
        text += verdict_row(option, state, verdict);
    if (!option.refusal)
      continue;
    Row row;
    row.set("option", option.name);
    row.set("template", option.template_name);
    row.set("refusal", *option.refusal);
    text += row.line();
  }
  return text;
}

} // namespace calcar::report
