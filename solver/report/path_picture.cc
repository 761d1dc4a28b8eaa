#include "report/path_picture.hpp"

#include "base/text.hpp"
#include "report/fracture.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <stdexcept>

namespace calcar::report
{
namespace
{
using risk::FractureAssessment;

/// A variant's path with what the linear criterion says of it, which may be null.
struct Followed
{
  std::string variant;
  const FractureAssessment* path = nullptr;
  const risk::ActivityAssessment* linear = nullptr;
};

std::vector<Followed> followed(const Results& results, const std::string& activity)
{
  std::vector<Followed> all;
  for (const VariantResults& variant : results.variants)
    if (const FractureAssessment* path = find_path(results, variant.name, activity))
      all.push_back({variant.name, path, find_activity(results, variant.name, activity)});
  if (all.empty())
    throw std::invalid_argument("no path to fracture in " + activity);
  return all;
}

bool is_turned(const FractureAssessment& path)
{
  return path.reference.unit == "N m";
}

/// What displacements of steps, mm or rad, are multiplied by to be drawn.
double displacement_scale(const FractureAssessment& path)
{
  return is_turned(path) ? 180 / std::numbers::pi : 1;
}

std::string in_unit(const FractureAssessment& path, double load)
{
  const bool newtons = path.reference.unit == "N" && std::abs(load) >= 100;
  return (newtons ? std::to_string(std::lround(load / 10) * 10) : format_number(load, 3)) + " " +
         path.reference.unit;
}

std::string with_body_weights(const Results& results, const FractureAssessment& path, double load)
{
  std::string words = in_unit(path, load);
  if (path.reference.unit == "N" && results.body_weight_N > 0)
    words += " (" + format_number(load / results.body_weight_N, 3) + " x body weight)";
  return words;
}

/// The load at which the linear criterion reads failure; nothing where it reads none.
std::optional<double> linear_load(const Followed& one)
{
  if (!one.linear || one.linear->criteria.empty())
    return std::nullopt;
  const double factor = one.linear->criteria.front().load_factor;
  if (!(factor > 0) || !std::isfinite(factor))
    return std::nullopt;
  return factor * one.path->reference.value;
}

/// Where a path has a load first, between steps by straight lines.
double displacement_at(const FractureAssessment& path, double factor)
{
  double load = 0, displacement = 0;
  for (const voxel::PathStep& step : path.steps)
  {
    if (step.factor >= factor)
      return displacement +
             (step.displacement - displacement) * (factor - load) / (step.factor - load);
    load = step.factor;
    displacement = step.displacement;
  }
  return displacement;
}

Curve curve_of(const Followed& one, std::size_t n)
{
  const FractureAssessment& path = *one.path;
  Curve curve;
  curve.name = one.variant + ": " + (path.peak_reached ? "" : "over ") +
               in_unit(path, path.ultimate) +
               (path.peak_reached ? "" : ", still rising where the path ends");
  curve.look = look_of(n);
  curve.points.push_back({0, 0});
  for (const voxel::PathStep& step : path.steps)
    curve.points.push_back(
        {displacement_scale(path) * step.displacement, step.factor * path.reference.value});
  return curve;
}

/// Shapes of the marks, in the order in which the legend explains them.
constexpr MarkShape first_yield_shape = MarkShape::circle, yield_shape = MarkShape::square,
                    peak_shape = MarkShape::diamond, linear_shape = MarkShape::cross;

void add_marks(const Followed& one, const Colour& colour, Chart& chart)
{
  const FractureAssessment& path = *one.path;
  const double scale = displacement_scale(path), reference = path.reference.value;
  const auto mark = [&](double load, double displacement, MarkShape shape, bool filled) {
    chart.marks.push_back({scale * displacement, load, shape, filled, colour});
  };
  mark(path.first_yield, path.steps.front().displacement, first_yield_shape, false);
  if (path.yield)
    mark(*path.yield, displacement_at(path, *path.yield / reference), yield_shape, false);
  mark(path.ultimate, path.steps[path.peak].displacement, peak_shape, path.peak_reached);
  if (const auto load = linear_load(one)) // on the elastic line, where a linear solution puts it
  {
    const voxel::PathStep& elastic = path.steps.front();
    const double at = *load / reference * elastic.displacement / elastic.factor;
    mark(*load, at, linear_shape, true);
    if (*load > path.first_yield)
      chart.curves.push_back(
          {"",
           {{scale * elastic.displacement, path.first_yield}, {scale * at, *load}},
           {colour, Dashes::dotted},
           1.5});
  }
}

void add_meanings(const std::vector<Followed>& all, Chart& chart)
{
  const auto any = [&](auto&& holds) { return std::any_of(all.begin(), all.end(), holds); };
  chart.meanings.push_back({first_yield_shape, false, "first point of the bone yields"});
  if (any([](const Followed& f) { return f.path->yield.has_value(); }))
    chart.meanings.push_back({yield_shape, false,
                              "yield of the bone: " + format_number(100 * risk::yield_loss) +
                                  " % of its stiffness is lost"});
  if (any([](const Followed& f) { return f.path->peak_reached; }))
    chart.meanings.push_back({peak_shape, true, "ultimate load: the most the bone carries"});
  if (any([](const Followed& f) { return !f.path->peak_reached; }))
    chart.meanings.push_back(
        {peak_shape, false, "largest load found; the peak was not reached: the bone carries more"});
  if (any([](const Followed& f) { return linear_load(f).has_value(); }))
    chart.meanings.push_back(
        {linear_shape, true, "failure by the linear criterion, on the straight elastic line"});
}

std::string note_on(const Results& results, const Followed& one)
{
  const FractureAssessment& path = *one.path;
  std::string words = one.variant + ": ";
  words += path.peak_reached
               ? "ultimate load " + with_body_weights(results, path, path.ultimate) + ", after " +
                     format_number(path.energy_J, 2) + " J of work"
               : "carries at least " + with_body_weights(results, path, path.ultimate) +
                     " (the load was still rising where the path ended)";
  words += "; first yield " + in_unit(path, path.first_yield);
  if (path.yield)
    words += ", yield " + in_unit(path, *path.yield);
  if (const auto load = linear_load(one))
    words += "; linear criterion " + in_unit(path, *load);
  words += path.start ? ". It begins to fail: " + path.start->words + "." : ". Nothing yields.";
  words += " The path ends: " + path.ended + ".";
  return words;
}

std::string law_note(const FractureAssessment& path)
{
  std::string words = "Non-linear computation with the law \"" + path.law + "\"";
  if (!path.law_words.empty())
    words += " (" + path.law_words + ")";
  words += path.averaging_mm > 0 ? "; strain that softens is averaged over " +
                                       format_number(path.averaging_mm, 3) + " mm"
                                 : "; each voxel softens by its own strain";
  if (path.band_mm > 0)
    words += ", softening is spread over " + format_number(path.band_mm, 3) + " mm";
  return words + ".";
}

/// Each thing that is not confirmed, in a line of its own.
std::vector<std::string> doubt_notes(const Results& results, const Followed& one)
{
  std::vector<std::string> notes;
  const auto add = [&](const std::string& what, const std::string& doubt)
  {
    if (!doubt.empty())
      notes.push_back("NOT CONFIRMED: " + what + " (" + doubt + ").");
  };
  add("the law beyond yield, " + one.path->law, one.path->law_doubt);
  if (one.linear)
  {
    add("the load of this activity", one.linear->load_doubt);
    add("how the bone is held", one.linear->rig_doubt);
    if (!one.linear->criteria.empty())
      add("the linear criterion", one.linear->criteria.front().doubt);
    if (one.linear->evidence == "research_only")
      notes.push_back("This activity's load is for research only.");
  }
  if (!results.doubts.empty())
    add("the protocol", join(results.doubts, "; "));
  return notes;
}
} // namespace

Chart path_chart(const Results& results, const std::string& activity)
{
  const std::vector<Followed> all = followed(results, activity);
  const FractureAssessment& first = *all.front().path;
  Chart chart;
  chart.title = first.title + ": the load that breaks the bone";
  chart.subtitle = results.title;
  chart.x.title =
      is_turned(first) ? "turn under the load, degrees" : "displacement along the load, mm";
  chart.y.title = first.reference.what + ", " + first.reference.unit;
  if (first.reference.unit == "N" && results.body_weight_N > 0)
    chart.second = {"multiples of the body weight", 1 / results.body_weight_N};
  chart.levels.push_back(
      {first.reference.value, "load of this activity: " + in_unit(first, first.reference.value)});
  for (std::size_t n = 0; n < all.size(); ++n)
  {
    chart.curves.push_back(curve_of(all[n], n));
    chart.notes.push_back(note_on(results, all[n]));
  }
  for (std::size_t n = 0; n < all.size(); ++n)
    add_marks(all[n], look_of(n).colour, chart);
  add_meanings(all, chart);
  chart.notes.push_back("Loads above the ultimate load are not carried: beyond it the bone gives "
                        "way. " +
                        law_note(first));
  for (std::string& note : doubt_notes(results, all.back()))
    chart.notes.push_back(std::move(note));
  chart.notes.emplace_back("Decision support for research; not a medical device.");
  return chart;
}

void write_path_pictures(const Results& results, const std::filesystem::path& folder)
{
  if (results.variants.empty())
    return;
  for (const FractureAssessment& path : results.variants.back().paths)
    write_chart(folder / ("path_" + path.activity + ".png"), path_chart(results, path.activity));
}

} // namespace calcar::report
