#include "implant/place_prosthesis_stem.hpp"

#include "base/text.hpp"
#include "geometry/fit.hpp"
#include "geometry/rotation.hpp"
#include "implant/canal.hpp"
#include "implant/refusal.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::implant
{
namespace
{
constexpr double step_mm = 2;
constexpr double run_mm = 20; ///< a taper in pieces of one section

std::string mm(double value)
{
  return format_number(std::round(10 * value) / 10);
}

/// The stretch of the canal's axis that a stem takes, straightened when it is a straight one.
Path stem_line(const Building& b, const Path& axis, double length)
{
  std::vector<Vec3> points = axis.stretch(0, length);
  if (!b.plan.prosthesis->straight || points.size() < 3)
    return Path(points);
  const auto line = geometry::fit_line(points);
  const auto on_line = [&](Vec3 p)
  { return line->point + dot(p - line->point, line->direction) * line->direction; };
  const Vec3 top = on_line(points.front());
  return Path({top, top + length * line->direction});
}

/// Free radius about a line every `step_mm` up to its end and `beyond` past it.
std::vector<double> free_along(const Site& site, const Path& line, double beyond)
{
  std::vector<double> free;
  for (double s = 0; s <= line.length() + beyond + 1e-9; s += step_mm)
    free.push_back(free_radius(site, line.point(s), line.tangent(std::min(s, line.length()))));
  return free;
}

/// Room that metal and mantle leave at the narrowest level, mm of radius; negative: too thick.
double spare(const Stem& stem, const std::vector<double>& free, double mantle)
{
  double least = 1e9;
  for (std::size_t n = 0; n < free.size() && step_mm * static_cast<double>(n) <= stem.length(); ++n)
    least = std::min(least, free[n] - stem.radius(step_mm * static_cast<double>(n)) - mantle);
  return least;
}

double choose_length(const Building& b, const StemRoom& room)
{
  const ProsthesisPlan& plan = *b.plan.prosthesis;
  if (const auto chosen = b.chosen("stem_length_mm"))
  {
    if (*chosen > room.length_mm)
      refuse(b.request.place,
             "a stem of " + mm(*chosen) + " mm, where there is room for " + mm(room.length_mm) +
                 " mm " + room.where,
             "a stem that ends in the bone of the image", "choose a shorter one");
    return *chosen;
  }
  if (room.length_mm < plan.stem_lengths_mm.front())
    refuse(b.request.place,
           "there is room for a stem of " + mm(std::max(0.0, room.length_mm)) + " mm " +
               room.where + ": the shortest is " + mm(plan.stem_lengths_mm.front()),
           "more shaft for the stem", "choose another implant");
  const double wanted = std::min(room.length_mm, plan.usual_length_mm);
  if (room.beyond_image && wanted < plan.usual_length_mm)
    b.warn("beyond_image", "the image ends " + mm(room.length_mm) + " mm along the stem " +
                               room.where + ", the usual length is " + mm(plan.usual_length_mm) +
                               ": a shorter one is modelled");
  return *(
      std::upper_bound(plan.stem_lengths_mm.begin(), plan.stem_lengths_mm.end(), wanted + 1e-9) -
      1);
}

double narrowest(const std::vector<double>& free, double length)
{
  const auto end =
      free.begin() +
      static_cast<std::ptrdiff_t>(std::min(static_cast<double>(free.size()), length / step_mm + 1));
  return 2 * *std::min_element(free.begin(), end);
}

double choose_diameter(const Building& b, Stem stem, const std::vector<double>& free,
                       const std::string& where)
{
  const ProsthesisPlan& plan = *b.plan.prosthesis;
  const auto fits = [&](double diameter)
  {
    stem.tip_mm = diameter;
    return spare(stem, free, plan.mantle_mm) >= 0;
  };
  const auto too_narrow = [&](double diameter, const std::string& remedy)
  {
    refuse(b.request.place,
           "canal " + mm(narrowest(free, stem.length())) + " mm along the stem " + where +
               ": a stem of " + mm(diameter) + " mm at its tip and " +
               mm(diameter + plan.widens_mm) + " mm at the cut does not fit in " +
               mm(plan.mantle_mm) + " mm of cement",
           "a canal that holds stem and cement", remedy);
  };
  if (const auto chosen = b.chosen("stem_diameter_mm"))
  {
    if (!fits(*chosen))
      too_narrow(*chosen, "choose a thinner one");
    return *chosen;
  }
  const auto& sizes = plan.stem_diameters_mm;
  const auto found = std::find_if(sizes.rbegin(), sizes.rend(), fits);
  if (found == sizes.rend())
    too_narrow(sizes.front(), "choose another implant");
  return *found;
}
} // namespace

Stem fit_stem(const Building& b, const StemRoom& room)
{
  const ProsthesisPlan& plan = *b.plan.prosthesis;
  const double length = choose_length(b, room);
  Stem stem{stem_line(b, room.axis, length), 0, plan.widens_mm, plan.plug_mm, {}};
  const std::vector<double> free = free_along(b.site, stem.line, plan.plug_mm);
  stem.tip_mm = choose_diameter(b, stem, free, room.where);
  for (std::size_t n = 0; n < free.size(); ++n)
  {
    const double s = std::min(step_mm * static_cast<double>(n), stem.length());
    const double metal = stem.radius(s);
    stem.outer_mm.push_back(
        std::clamp(free[n], metal + plan.mantle_mm, metal + plan.most_mantle_mm));
  }
  return stem;
}

geometry::Solid stem_solid(const Stem& stem)
{
  std::vector<geometry::TubePoint> tube;
  const double end = stem.length() - 0.5 * stem.tip_mm;
  for (double s = 0; s < end; s += 5)
    tube.push_back({stem.line.point(s), stem.radius(s)});
  tube.push_back({stem.line.point(end), 0.5 * stem.tip_mm});
  return geometry::swept_tube(tube);
}

geometry::Solid mantle_solid(const Stem& stem)
{
  std::vector<geometry::TubePoint> tube;
  for (std::size_t n = 0; n < stem.outer_mm.size(); ++n)
    tube.push_back({stem.line.point(step_mm * static_cast<double>(n)), stem.outer_mm[n]});
  const double end = step_mm * static_cast<double>(stem.outer_mm.size() - 1);
  return geometry::intersect(
      {geometry::swept_tube(tube), geometry::half_space(stem.line.point(0), -stem.line.tangent(0)),
       geometry::half_space(stem.line.point(end), stem.line.tangent(stem.length()))});
}

Component cement_about(const Building& b, const Stem& stem, const std::string& name,
                       geometry::Solid solid, geometry::Solid metal)
{
  Component cement;
  cement.name = name;
  cement.kind = ComponentKind::cement;
  cement.alloy = "pmma";
  cement.solid =
      geometry::subtract(geometry::intersect({std::move(solid), bone_solid(b.site)}), metal);
  cement.axis = {stem.line.point(0.5 * stem.length())};
  cement.reach_mm = 0.5 * stem.length() + stem.plug_mm +
                    2 * *std::max_element(stem.outer_mm.begin(), stem.outer_mm.end()) +
                    b.plan.prosthesis->neck_mm;
  cement.radius_mm = cement.reach_mm;
  cement.to_bone = Interface::bonded;
  cement.priority = 1;
  cement.size = mm(cement_ml(stem)) + " ml";
  return cement;
}

double cement_ml(const Stem& stem)
{
  double sum = 0;
  for (std::size_t n = 0; n + 1 < stem.outer_mm.size(); ++n)
  {
    const double s = step_mm * (static_cast<double>(n) + 0.5);
    const double outer = 0.5 * (stem.outer_mm[n] + stem.outer_mm[n + 1]);
    const double metal = s < stem.length() ? stem.radius(s) : 0;
    sum += geometry::pi * (outer * outer - metal * metal) * step_mm;
  }
  return sum / 1000;
}

std::vector<SectionRun> stem_runs(const Stem& stem, const material::Alloy& alloy, double from_mm,
                                  bool reversed)
{
  std::vector<SectionRun> runs;
  const int pieces = std::max(1, static_cast<int>(std::ceil(stem.length() / run_mm)));
  const double piece = stem.length() / pieces;
  for (int n = 0; n < pieces; ++n)
  {
    const double middle = (n + 0.5) * piece;
    const CrossSection section =
        round_section(2 * stem.radius(reversed ? stem.length() - middle : middle));
    runs.push_back(
        {from_mm + n * piece, from_mm + (n + 1) * piece, section, stiffness(section, alloy)});
  }
  return runs;
}

void measure_stem(const Building& b, const Stem& stem, const std::string& before)
{
  double least = 1e9, most = 0;
  for (std::size_t n = 0; n < stem.outer_mm.size(); ++n)
    if (const double s = step_mm * static_cast<double>(n); s <= stem.length())
    {
      least = std::min(least, stem.outer_mm[n] - stem.radius(s));
      most = std::max(most, stem.outer_mm[n] - stem.radius(s));
    }
  auto& measures = b.fixation.measures;
  measures[before + "stem_diameter_mm"] = stem.tip_mm;
  measures[before + "stem_length_mm"] = stem.length();
  measures[before + "mantle_least_mm"] = least;
  measures[before + "mantle_most_mm"] = most;
  measures[before + "cement_ml"] = cement_ml(stem);
}

} // namespace calcar::implant
