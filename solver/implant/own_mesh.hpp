#pragma once

#include "implant/fixation.hpp"
#include "implant/site.hpp"

#include <filesystem>
#include <string>

namespace calcar::implant
{

/// Hardware of the user's own, as a closed surface placed in the scan.
struct OwnMesh
{
  std::string name;           ///< for the report
  std::filesystem::path file; ///< .stl, .ply, .obj or .vtp; LPS mm
  std::string alloy = "ti6al4v_eli";
  Interface to_bone = Interface::debonded;
  std::string place = "[[fixation]] mesh"; ///< where errors say they come from
};

/**
 * The hardware as one component "own mesh" without axis, runs and stiffness: it stiffens the bone,
 * but its section forces, stress and fatigue are not judged, which the doubts say.
 *
 * Throws InputError (data) for a surface that is open or cuts itself, one that is not 5 to 600 mm
 * long (another unit), and one that does not come within 2 mm of the bone, telling when it would
 * with x and y turned (RAS coordinates); (command) for an unknown alloy. Warns "growth_plate" when
 * an open one is crossed, and as geometry::read_surface. Measures: mesh_length_mm (longest side of
 * its box), mesh_volume_cm3, mesh_to_bone_mm (from the nearest of its surface; negative: in the
 * bone).
 */
Fixation place_mesh(const OwnMesh& mesh, const Site& site);

} // namespace calcar::implant
