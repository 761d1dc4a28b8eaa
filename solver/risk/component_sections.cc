#include "geometry/rotation.hpp"
#include "implant/path.hpp"
#include "risk/component_stress.hpp"
#include "risk/pull_out.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace calcar::risk
{
namespace
{
using implant::Component;
using implant::ComponentKind;
using implant::CrossSection;

bool same(const CrossSection& a, const CrossSection& b)
{
  return a.area_mm2 == b.area_mm2 && a.weak_mm4 == b.weak_mm4;
}

/// A plate's weakest section is none of its runs: beside its holes.
bool is_holed(const Component& component)
{
  return component.weakest.area_mm2 > 0 &&
         std::none_of(component.runs.begin(), component.runs.end(),
                      [&](const implant::SectionRun& run)
                      { return same(run.section, component.weakest); });
}

/// The run at a place, of two that meet there the one that bends more easily; the nearest beyond
/// the ends.
const CrossSection& run_at(const Component& component, double at_mm)
{
  const auto apart = [&](const implant::SectionRun& run) {
    return std::max({run.from_mm - at_mm, at_mm - run.to_mm, 0.0});
  };
  return std::min_element(component.runs.begin(), component.runs.end(),
                          [&](const implant::SectionRun& a, const implant::SectionRun& b)
                          {
                            const double da = apart(a), db = apart(b);
                            return da != db ? da < db : a.section.weak_mm4 < b.section.weak_mm4;
                          })
      ->section;
}

/// A hole across a nail.
struct CrossHole
{
  double at_mm = 0; ///< along the nail
  double diameter_mm = 0;
  double sine = 1;     ///< of the angle between nail and hole
  bool filled = false; ///< in the body with the screw's voxels
};

/// Where the screws that are joined to a nail pass through it, as wide as their threads.
std::vector<CrossHole> cross_holes(const implant::Fixation& fixation, const Component& nail)
{
  const PullOutRules rules = pull_out_rules();
  std::vector<CrossHole> holes;
  const implant::Path path(nail.axis);
  for (const Component& other : fixation.components)
  {
    const bool joined =
        std::find(other.joined.begin(), other.joined.end(), nail.name) != other.joined.end();
    if (!joined || other.axis.size() < 2)
      continue;
    const implant::Path screw(other.axis);
    const Thread* thread = thread_of(rules, other.kind);
    const double outer = 2 * other.radius_mm * (thread ? thread->outer_over_bar : 1);
    CrossHole hole;
    double nearest = std::numeric_limits<double>::infinity();
    for (double s = 0; s <= screw.length(); s += 0.5)
    {
      const double at = path.nearest(screw.point(s));
      const double apart = norm(screw.point(s) - path.point(at));
      if (apart >= nearest)
        continue;
      nearest = apart;
      hole = {at, outer, std::max(norm(cross(path.tangent(at), screw.tangent(s))), 0.1),
              other.priority > nail.priority};
    }
    if (nearest < nail.reach_mm)
      holes.push_back(hole);
  }
  return holes;
}

std::size_t nearest_place(const std::vector<analysis::SectionForce>& forces, double at_mm)
{
  const auto found =
      std::min_element(forces.begin(), forces.end(),
                       [&](const auto& a, const auto& b)
                       { return std::abs(a.at_mm - at_mm) < std::abs(b.at_mm - at_mm); });
  return static_cast<std::size_t>(found - forces.begin());
}

/// The larger of two forces in each respect.
void take_larger(analysis::SectionForce& force, const analysis::SectionForce& other)
{
  const auto larger = [](double& a, double b)
  {
    if (std::abs(b) > std::abs(a))
      a = b;
  };
  larger(force.axial_N, other.axial_N);
  larger(force.shear_N, other.shear_N);
  larger(force.bending_Nmm, other.bending_Nmm);
  larger(force.weak_Nmm, other.weak_Nmm);
  larger(force.strong_Nmm, other.strong_Nmm);
  larger(force.torsion_Nmm, other.torsion_Nmm);
}

/// Takes a hole out of the places it reaches, which were `whole`: as wide as it is there, at the
/// nearest place as wide as it is in its middle. Of several holes the one that leaves least counts.
void cut(const CrossHole& hole, const std::vector<analysis::SectionForce>& forces,
         const std::vector<Place>& whole, std::vector<Place>& places)
{
  const std::size_t middle = nearest_place(forces, hole.at_mm);
  const double half = 0.5 * hole.diameter_mm;
  std::size_t first = middle, last = middle;
  for (std::size_t n = 0; n < places.size(); ++n)
  {
    const double off = n == middle ? 0 : std::abs(forces[n].at_mm - hole.at_mm) * hole.sine;
    places[n].notched = places[n].notched || off <= hole.diameter_mm;
    if (off >= half)
      continue;
    first = std::min(first, n);
    last = std::max(last, n);
    const CrossSection left =
        beside_cross_hole(whole[n].section, 2 * std::sqrt(half * half - off * off));
    if (left.weak_mm4 < places[n].section.weak_mm4)
      places[n].section = left;
  }
  for (std::size_t n = first; hole.filled && n <= last; ++n)
  {
    take_larger(places[n].force, forces[first > 0 ? first - 1 : first]);
    take_larger(places[n].force, forces[std::min(last + 1, forces.size() - 1)]);
  }
}

/// Of a disc, the strip within `half` of a diameter: area and second moment about the line across
/// the strip through the centre, the integral of y^2 with y along the strip.
struct DiscStrip
{
  double area = 0;
  double second = 0;
};

DiscStrip disc_strip(double radius, double half)
{
  const double a = std::min(half, radius);
  const double r2 = radius * radius;
  const double root = std::sqrt(std::max(r2 - a * a, 0.0));
  const double turn = std::asin(a / radius);
  return {2 * (a * root + r2 * turn),
          4.0 / 3 * (a * (5 * r2 - 2 * a * a) * root / 8 + 3 * r2 * r2 / 8 * turn)};
}
} // namespace

bool is_screw(ComponentKind kind)
{
  return kind == ComponentKind::lag_screw || kind == ComponentKind::locking_screw ||
         kind == ComponentKind::cortical_screw || kind == ComponentKind::pedicle_screw;
}

CrossSection beside_cross_hole(const CrossSection& round, double hole_mm)
{
  const double outer = round.weak_edge_mm;
  const double inner2 = outer * outer - round.area_mm2 / geometry::pi;
  const double inner = inner2 > 1e-9 * outer * outer ? std::sqrt(inner2) : 0;
  const double half = std::min(0.5 * hole_mm, 0.95 * outer); // what is wider is no bar any more
  DiscStrip strip = disc_strip(outer, half);
  if (inner > 0)
  {
    const DiscStrip bore = disc_strip(inner, half);
    strip.area -= bore.area;
    strip.second -= bore.second;
  }
  CrossSection left = round;
  left.area_mm2 = round.area_mm2 - strip.area;
  left.weak_mm4 = left.strong_mm4 = round.weak_mm4 - strip.second;
  left.weak_edge_mm = left.strong_edge_mm = std::sqrt(outer * outer - half * half);
  left.torsion_mm4 = round.torsion_mm4 * left.area_mm2 / round.area_mm2;
  return left;
}

std::vector<Place> places_of(const implant::Fixation& fixation, std::size_t index,
                             const std::vector<analysis::SectionForce>& forces)
{
  const Component& component = fixation.components[index];
  if (component.runs.empty())
    return {};
  const bool holed = is_holed(component);
  std::vector<Place> places;
  for (const analysis::SectionForce& force : forces)
    places.push_back({holed ? component.weakest : run_at(component, force.at_mm), force,
                      holed || is_screw(component.kind)});
  if (component.kind != ComponentKind::nail || forces.empty())
    return places;
  const std::vector<Place> whole = places;
  for (const CrossHole& hole : cross_holes(fixation, component))
    cut(hole, forces, whole, places);
  return places;
}

} // namespace calcar::risk
