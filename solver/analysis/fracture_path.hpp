#pragma once

#include "load/load_case.hpp"
#include "model/surface.hpp"
#include "model/voxel_plasticity.hpp"
#include "voxel/kept_path.hpp"
#include "voxel/load_path.hpp"

#include <mpi.h>

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace calcar::analysis
{

/**
 * How a body goes along under a growing load case, all its forces in proportion, to its largest
 * load and past it. Loads are told as factors of the whole load case.
 */
struct FracturePath : model::PathRecord ///< displacements in mm, of a torque in rad
{
  std::string activity;
  std::size_t resumed_at = 0;   ///< steps that an earlier run had found; 0: it began here
  voxel::YieldingFields at_end; ///< in grid axes

  double ultimate_factor() const { return steps[peak].factor; }
  /// Where the first point yields.
  double first_yield_factor() const { return steps.front().factor; }
  /// The load up to which the stiffness from the origin has lost no more than `loss` of the elastic
  /// one, between steps by straight lines; nothing when the path ends before.
  std::optional<double> yield_factor(double loss) const;
  /// Work done up to the peak, N mm.
  double energy_Nmm() const { return steps[peak].work; }
};

/// What watches a path: told on rank 0 after each equilibrium, with the displacement of the nodes
/// in grid axes. It does not communicate.
using OnEquilibrium =
    std::function<void(const voxel::PathStep& step, const std::vector<Vec3>& displacement)>;

/// How a path is kept on the way, and gone on with. Both are called on rank 0 and may be empty;
/// they do not communicate.
struct PathKeeping
{
  /// Told after each equilibrium where the path stands.
  std::function<void(voxel::KeptPath&)> keep;
  /// Where an earlier path stood that rests on the same; nothing: it is followed from its
  /// beginning.
  std::function<std::optional<voxel::KeptPath>(const voxel::PathBasis&)> earlier;
};

/**
 * Follows a load case of a rig on a body, which holds the rig's layers. Collective; everything is
 * read on rank 0, and the fields are there. A load's displacement is forces . u over the size of
 * its reference load. `watch` is read on rank 0 and may be empty: what was
 * found by an earlier path is not shown to it. Throws what voxel::follow throws.
 */
FracturePath fracture_path(const model::VoxelBody& body, const model::VoxelPlasticity& plasticity,
                           const model::Surface& surface, const load::Rig& rig,
                           const load::LoadCase& load_case, const voxel::PathOptions& options,
                           MPI_Comm comm, const OnEquilibrium& watch = {},
                           const PathKeeping& keeping = {});

/// The size of a load by which its displacement is told: of a force in N, of a torque in N mm, of a
/// pressure the resultant of its nodal forces.
double size_of(const load::ReferenceLoad& reference, const std::vector<model::NodalForce>& forces);

} // namespace calcar::analysis
