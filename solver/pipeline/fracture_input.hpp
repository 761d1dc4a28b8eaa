#pragma once

#include "base/table.hpp"
#include "pipeline/kept_paths.hpp"
#include "voxel/plastic_points.hpp"

#include <string>
#include <vector>

namespace calcar::pipeline
{

/// The non-linear fracture load as [fracture_load] of the case file asks for it.
struct FractureInput
{
  std::string law;                     ///< a file in materials/constitutive; empty: the protocol's
  std::vector<std::string> activities; ///< empty: all of the case
  double largest_displacement_mm = 4;  ///< of the load; of a torque in degrees
  double end_at = 0.85;                ///< share of the peak at which the path ends
  double step = 0.1;                   ///< largest step, as a share of the displacement so far
  voxel::Points points = voxel::Points::centre;
  KeepPaths keep = KeepPaths::last;
  std::string place;
};

/// Reads [fracture_load]; problems are recorded in the table. `activities` are the names of the
/// case's.
FractureInput read_fracture(const Table& table, const std::vector<std::string>& activities);

/// What cannot be followed on a mesh with displacements of this order: first-order elements, and
/// what is asked for that only voxels have. Recorded in the table.
void refuse_on_mesh(const Table& table, int order);

} // namespace calcar::pipeline
