#include "report/fracture.hpp"

#include "base/text.hpp"
#include "report/collapse.hpp"
#include "report/json_values.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

namespace calcar::report
{
namespace
{
using risk::FractureAssessment;

Json steps_json(const FractureAssessment& path)
{
  Json steps = Json::array();
  for (const voxel::PathStep& step : path.steps)
    steps.push_back({{"load_factor", number(step.factor)},
                     {"displacement", number(step.displacement)},
                     {"work_J", number(1e-3 * step.work)},
                     {"yielded_mm3", number(step.yielded_mm3)},
                     {"softened_mm3", number(step.softened_mm3)},
                     {"newton_iterations", step.newton},
                     {"linear_iterations", step.linear},
                     {"relative_residual", number(step.residual)}});
  return steps;
}

/// Ultimate load over that of the healthy twin, where both peaks were reached.
std::optional<double> over_twin(const Results& results, const FractureAssessment& path)
{
  const FractureAssessment* twin = find_path(results, "healthy twin", path.activity);
  if (!twin || !twin->peak_reached || !path.peak_reached)
    return std::nullopt;
  return path.ultimate / twin->ultimate;
}

/// Ultimate load over the fracture load by the linear criterion.
std::optional<double> over_linear(const Results& results, const std::string& variant,
                                  const FractureAssessment& path)
{
  const risk::ActivityAssessment* linear = find_activity(results, variant, path.activity);
  if (!linear || !(linear->criteria.front().load_factor > 0) ||
      !std::isfinite(linear->criteria.front().load_factor))
    return std::nullopt;
  return path.load_factor / linear->criteria.front().load_factor;
}

Json path_json(const Results& results, const std::string& variant, const FractureAssessment& path)
{
  return {{"name", path.activity},
          {"title", path.title},
          {"failure_model", "nonlinear"},
          {"law", path.law},
          {"law_words", path.law_words},
          {"law_source", path.law_source},
          {"law_unconfirmed", path.law_doubt.empty() ? Json(nullptr) : Json(path.law_doubt)},
          {"averaging_mm", number(path.averaging_mm)},
          {"band_mm", number(path.band_mm)},
          {"reference_load",
           {{"what", path.reference.what},
            {"value", number(path.reference.value)},
            {"unit", path.reference.unit}}},
          {"peak_reached", path.peak_reached},
          {"ended", path.ended},
          {"ultimate_load", number(path.ultimate)},
          {"ultimate_load_factor", number(path.load_factor)},
          {"yield_load", number(path.yield)},
          {"first_yield_load", number(path.first_yield)},
          {"unit", path.reference.unit},
          {"energy_to_peak_J", number(path.energy_J)},
          {"displacement_at_peak", number(path.displacement_at_peak)},
          {"displacement_unit", path.reference.unit == "N m" ? "degrees" : "mm"},
          {"yielded_mm3", number(path.yielded_mm3)},
          {"softened_mm3", number(path.softened_mm3)},
          {"begins_at", location_json(path.start)},
          {"collapse", collapse_json(path)},
          {"over_healthy_twin", number(over_twin(results, path))},
          {"over_linear_criterion", number(over_linear(results, variant, path))},
          {"seconds", number(path.seconds)},
          {"resumed_at_step", path.resumed_at},
          {"steps", steps_json(path)}};
}

/// A load with as many digits as it deserves; a bound from below where the peak was not reached.
std::string load_words(const FractureAssessment& path)
{
  const bool newtons = path.reference.unit == "N";
  return std::string(path.peak_reached ? "" : "over ") +
         (newtons ? std::to_string(std::lround(path.ultimate / 10) * 10)
                  : format_number(path.ultimate, 3)) +
         " " + path.reference.unit;
}

std::string padded(const std::string& text, std::size_t width)
{
  return text + std::string(width > text.size() ? width - text.size() : 1, ' ');
}
} // namespace

const FractureAssessment* find_path(const Results& results, const std::string& variant,
                                    const std::string& activity)
{
  for (const VariantResults& one : results.variants)
    if (one.name == variant)
      for (const FractureAssessment& path : one.paths)
        if (path.activity == activity)
          return &path;
  return nullptr;
}

nlohmann::ordered_json fracture_json(const Results& results, const VariantResults& variant)
{
  Json all = Json::array();
  for (const FractureAssessment& path : variant.paths)
    all.push_back(path_json(results, variant.name, path));
  return all;
}

std::string fracture_table(const Results& results)
{
  if (results.variants.empty() || results.variants.back().paths.empty())
    return "";
  const auto& as_is = results.variants.back().paths;
  std::string text = padded("Load that breaks the bone (non-linear)", 44);
  for (const VariantResults& variant : results.variants)
    text += padded(variant.name, 16);
  text += "begins\n";
  for (const FractureAssessment& path : as_is)
  {
    text += padded("  " + path.title + (path.law_doubt.empty() ? "" : " *"), 44);
    for (const VariantResults& variant : results.variants)
    {
      const FractureAssessment* same = find_path(results, variant.name, path.activity);
      text += padded(same ? load_words(*same) : "-", 16);
    }
    text += (path.start ? path.start->words : "nothing yields") + "\n";
  }
  if (std::any_of(as_is.begin(), as_is.end(), [](const auto& p) { return !p.peak_reached; }))
    text += "  over: the load was still rising where the path ended; the bone carries at least "
            "this\n";
  if (std::any_of(as_is.begin(), as_is.end(), [](const auto& p) { return !p.law_doubt.empty(); }))
    text +=
        "  * the law beyond yield (" + as_is.front().law + ") is " + as_is.front().law_doubt + "\n";
  return text + "\n" + collapse_table(as_is);
}

std::string path_csv(const FractureAssessment& path)
{
  const std::string unit = path.reference.unit == "N m" ? "Nm" : path.reference.unit;
  std::string text = "load_factor,load_" + unit + ",displacement_" +
                     (path.reference.unit == "N m" ? "rad" : "mm") +
                     ",work_J,yielded_mm3,softened_mm3,newton_iterations,linear_iterations" +
                     height_heads(path) + "\n";
  for (std::size_t n = 0; n < path.steps.size(); ++n)
  {
    const voxel::PathStep& s = path.steps[n];
    text += join({format_number(s.factor, 7), format_number(s.factor * path.reference.value, 7),
                  format_number(s.displacement, 7), format_number(1e-3 * s.work, 7),
                  format_number(s.yielded_mm3, 7), format_number(s.softened_mm3, 7),
                  std::to_string(s.newton), std::to_string(s.linear)},
                 ",") +
            height_cells(path, n) + "\n";
  }
  return text;
}

} // namespace calcar::report
