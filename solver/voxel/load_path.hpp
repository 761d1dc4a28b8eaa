#pragma once

#include "model/voxel_body.hpp"
#include "model/voxel_plasticity.hpp"
#include "voxel/plastic_points.hpp"

#include <mpi.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace calcar::voxel
{

/// What moves a body along its path: forces in fixed proportion, or prescribed displacements.
struct PathLoad
{
  /// Forces at load factor 1. Empty: the supports' prescribed displacements drive; the
  /// displacement of a step is then their factor, and its load the force along them (work over
  /// factor), N.
  std::vector<model::NodalForce> forces;
  /// Size of the load at factor 1 that a displacement is told for: displacement = forces . u /
  /// size, N. For forces that push in one direction it is their mean displacement along it.
  double size = 1;
};

struct PathOptions
{
  Points points = Points::centre;
  /// Full width at half maximum over which the accumulated strain is averaged that softens a voxel;
  /// 0: its own.
  double averaging_mm = 3;
  double relative_residual = 1e-3; ///< of a step: forces out of balance over the load's
  int most_iterations = 25;        ///< of Newton's method in a step
  int most_steps = 400;
  /// The next step goes on by at most this share of the displacement so far.
  double growth = 0.1;
  /// The path ends when the load has fallen to this share of its peak ...
  double end_at = 0.8;
  /// ... or at this displacement, mm (for prescribed displacements: factor).
  double most_displacement = 4;
  /// The drop of load from one step to the next, as a share of the peak, above which the step is
  /// made again in halves.
  double most_drop = 0.02;
  double smallest_step = 1e-4; ///< as a share of the displacement so far
};

/// An equilibrium on the path.
struct PathStep
{
  double factor = 0;       ///< of the load; driven by displacements: the load, N
  double displacement = 0; ///< mm: see PathLoad::size
  double work = 0;         ///< done by the load so far, N mm
  double yielded_mm3 = 0;  ///< voxels that have flowed
  double softened_mm3 = 0; ///< of these: those whose yield stress falls
  int newton = 0;          ///< iterations
  int linear = 0;          ///< iterations of conjugate gradients in all
  double residual = 0;     ///< reached
};

/// Why a path ended.
enum class PathEnd
{
  past_peak,    ///< the load has fallen as far as asked
  displacement, ///< the largest displacement was reached
  no_balance,   ///< no equilibrium was found beyond: the body gives way at once
  steps         ///< as many steps as allowed were made
};
std::string to_string(PathEnd end);

/// Fields at an equilibrium, on rank 0; voxels in the body's order.
struct PathFields
{
  std::vector<double> accumulated; ///< accumulated plastic strain of each voxel
  std::vector<double> softened;    ///< yield stress now over the first, 1 where none fell
  std::vector<SymTensor> strain;   ///< at the centres
  std::vector<Vec3> displacement;  ///< per node of LoadPath::nodes()
};

struct PathResult
{
  std::vector<PathStep> steps; ///< the first is the end of the elastic part
  std::size_t peak = 0;        ///< the step with the largest load
  PathEnd end = PathEnd::past_peak;
  /// The load fell behind the peak: what stands at `peak` is the largest load.
  bool peak_reached = false;
  double seconds = 0;
  PathFields at_peak;
  PathFields at_end;
};

/**
 * The path of a body of voxels under a growing load, to the peak and past it.
 *
 * Forces act through a spring of a tenth of the body's own compliance whose far end is moved: the
 * load is what equilibrium makes of it, and may fall. Each step is solved by Newton's method with
 * line search on the true residual; its linear systems, with the tangent at held softening, which
 * is symmetric and not negative, by conjugate gradients with the V-cycle of the secant moduli.
 *
 * Construct and call collectively; arguments are read on rank 0 only.
 */
class LoadPath
{
public:
  /// Throws what voxel::Engine throws for bodies and supports.
  LoadPath(const model::VoxelBody& body, const model::VoxelPlasticity& plasticity,
           const model::VoxelSupports& supports, MPI_Comm comm);
  ~LoadPath();
  LoadPath(LoadPath&&) noexcept;

  /// Follows the path from the unloaded body on; may be called again for another load. `on_step` is
  /// called on rank 0 after each equilibrium. Throws SolveError when not even the first is found.
  PathResult follow(const PathLoad& load, const PathOptions& options,
                    const std::function<void(const PathStep&)>& on_step = {});

  std::vector<model::NodeIndex> nodes() const; ///< as Engine::nodes()

private:
  struct State;
  std::unique_ptr<State> state_;
};

} // namespace calcar::voxel
