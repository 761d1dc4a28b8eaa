#pragma once

#include "geometry/solid.hpp"
#include "implant/cross_section.hpp"

#include <string>
#include <vector>

namespace calcar::implant
{

enum class ComponentKind
{
  nail,
  lag_screw,
  blade,
  locking_screw,
  cortical_screw,
  plate,
  rod,
  pedicle_screw,
  cement,
  stem,
  head,
  own_mesh ///< a closed surface from a file: no bar, no section
};

const std::vector<std::string>& component_names();
std::string to_string(ComponentKind kind);

/// How a component meets the bone: bonded, or by a compliant layer that takes no tension.
enum class Interface
{
  bonded,
  debonded
};

const std::vector<std::string>& interface_names();
std::string to_string(Interface interface);

/// A stretch of a component along its axis with one cross-section.
struct SectionRun
{
  double from_mm = 0; ///< along the axis from its first point
  double to_mm = 0;
  CrossSection section;
  Stiffness stiffness; ///< exact, of the section and the alloy
};

/**
 * One piece of hardware, or cement, in place. Its stiffness is that of its real section, whatever a
 * mesh makes of its solid; cement, which is no bar, has no runs and zero stiffness.
 */
struct Component
{
  std::string name; ///< "nail", "distal locking screw 1"
  ComponentKind kind = ComponentKind::nail;
  std::string alloy;      ///< by the names of materials/alloy
  geometry::Solid solid;  ///< LPS mm; of a screw the cylinder of its core
  std::vector<Vec3> axis; ///< polyline, LPS mm: from the top, the entry or the screw's head on
  double reach_mm = 0;    ///< no point of the solid is farther from the axis
  double radius_mm = 0;   ///< of a round one where it is thinnest; half the thickness of a plate
  Stiffness stiffness;    ///< of the run with the least bending stiffness
  CrossSection weakest;   ///< where stress is greatest for a given load: beside a hole of a plate
  std::vector<SectionRun> runs;
  Interface to_bone = Interface::bonded;
  std::vector<std::string> joined; ///< components it is held by or passes through, by name
  int priority = 0;                ///< where solids overlap the higher one holds: metal over cement
  std::string size;                ///< what to ask the maker for: "11 mm x 380 mm"
};

/// Length of the axis, mm.
double length_mm(const Component& component);

} // namespace calcar::implant
