#include "risk/component_stress.hpp"

#include "base/text.hpp"
#include "geometry/rotation.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace calcar::risk
{
namespace
{
using implant::CrossSection;

/// A round bar, a tube, or what is left of one beside a hole: no more than a disc; a square is
/// more.
bool is_round(const CrossSection& section)
{
  const double edge = section.weak_edge_mm;
  return std::abs(edge - section.strong_edge_mm) < 1e-9 * edge &&
         section.area_mm2 < geometry::pi * edge * edge * (1 + 1e-9);
}

/// The rectangles that a section is made of: one, or the two strips beside a hole.
struct Strip
{
  double long_mm = 0;
  double short_mm = 0;
};

Strip strip_of(const CrossSection& section)
{
  const double thickness = 2 * section.weak_edge_mm;
  const double width = 2 * section.strong_edge_mm;
  const bool holed = section.area_mm2 < width * thickness * (1 - 1e-9);
  const double strip = holed ? 0.5 * section.area_mm2 / thickness : width;
  return {std::max(strip, thickness), std::min(strip, thickness)};
}

double von_mises(double normal, double shear)
{
  return std::sqrt(normal * normal + 3 * shear * shear);
}

/// Endurance of an alloy beside threads and holes where it is known.
material::Alloy beside_notch(material::Alloy alloy)
{
  alloy.endurance = alloy.endurance_notched.value_or(alloy.endurance);
  return alloy;
}
} // namespace

double largest_shear(const CrossSection& section, double torque_Nmm)
{
  const double torque = std::abs(torque_Nmm);
  if (is_round(section))
    return torque * section.weak_edge_mm / section.torsion_mm4;
  const Strip strip = strip_of(section);
  double sum = 0;
  for (int n = 1; n < 40; n += 2)
    sum += 1 / (n * n * std::cosh(n * geometry::pi * strip.long_mm / (2 * strip.short_mm)));
  return torque * strip.short_mm / section.torsion_mm4 *
         (1 - 8 / (geometry::pi * geometry::pi) * sum);
}

SectionStress section_stress(const CrossSection& section, const analysis::SectionForce& force)
{
  const double mean = force.axial_N / section.area_mm2;
  const double bending = std::abs(force.weak_Nmm) * section.weak_edge_mm / section.weak_mm4 +
                         std::abs(force.strong_Nmm) * section.strong_edge_mm / section.strong_mm4;
  SectionStress stress;
  stress.most_MPa = mean + bending;
  stress.least_MPa = mean - bending;
  stress.shear_MPa = largest_shear(section, force.torsion_Nmm);
  stress.von_mises_MPa =
      von_mises(std::max(std::abs(stress.most_MPa), std::abs(stress.least_MPa)), stress.shear_MPa);
  return stress;
}

double fatigue_utilisation(const SectionStress& stress, const material::Alloy& alloy, bool notched)
{
  const material::Alloy judged = notched ? beside_notch(alloy) : alloy;
  double most = 0;
  for (const double normal : {stress.most_MPa, stress.least_MPa})
  {
    const double half = 0.5 * von_mises(normal, stress.shear_MPa);
    most = std::max(most, material::goodman_utilisation(judged, half, normal >= 0 ? half : 0));
  }
  return most;
}

ComponentVerdict verdict_of(const implant::Component& component, const material::Alloy& alloy)
{
  ComponentVerdict verdict;
  verdict.component = component.name;
  verdict.kind = component.kind;
  verdict.alloy = component.alloy;
  verdict.size = component.size;
  if (const std::string doubt = material::doubt(alloy.record.status); !doubt.empty())
    verdict.doubts.push_back(alloy.record.words + ": " + doubt + " (" + alloy.record.source + ")");
  return verdict;
}

double safety_of(double utilisation)
{
  return utilisation > 0 ? 1 / utilisation : std::numeric_limits<double>::infinity();
}

ComponentVerdict component_stress(const implant::Fixation& fixation, std::size_t index,
                                  const std::vector<analysis::SectionForce>& forces,
                                  load::ActivityKind kind)
{
  const implant::Component& component = fixation.components[index];
  const material::Alloy alloy = material::alloy(component.alloy, fixation.name);
  const std::vector<Place> places = places_of(fixation, index, forces);
  ComponentVerdict verdict = verdict_of(component, alloy);
  bool any_notch = false;
  for (const Place& place : places)
  {
    const SectionStress stress = section_stress(place.section, place.force);
    any_notch = any_notch || place.notched;
    if (&place == &places.front() || stress.von_mises_MPa > verdict.stress_MPa)
    {
      verdict.worst = place.force;
      verdict.stress_MPa = stress.von_mises_MPa;
      verdict.normal_MPa =
          stress.most_MPa >= -stress.least_MPa ? stress.most_MPa : stress.least_MPa;
      verdict.shear_MPa = stress.shear_MPa;
    }
    const double fatigue = fatigue_utilisation(stress, alloy, place.notched);
    if (kind == load::ActivityKind::daily && fatigue > verdict.fatigue_utilisation)
    {
      verdict.fatigue_utilisation = fatigue;
      verdict.notched = place.notched;
    }
  }
  verdict.yield_utilisation = verdict.stress_MPa / alloy.yield;
  verdict.fatigue_safety = safety_of(verdict.fatigue_utilisation);
  if (any_notch && !alloy.endurance_notched)
    verdict.doubts.push_back(alloy.record.words +
                             ": endurance beside threads and holes is not known, that of a smooth "
                             "surface is used: the part may bear less");
  return verdict;
}

} // namespace calcar::risk
