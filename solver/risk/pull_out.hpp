#pragma once

#include "base/table.hpp"
#include "risk/fixation.hpp"

namespace calcar::risk
{

/// A thread by the kind of screw.
struct Thread
{
  implant::ComponentKind kind = implant::ComponentKind::locking_screw;
  double outer_over_bar = 1;   ///< outer diameter over that of the bar the screw is modelled as
  double depth_over_outer = 0; ///< depth of the thread over the outer diameter
  double pitch_mm = 0;
  std::optional<double> length_mm; ///< from the tip back; none: all of the screw
  std::string source;
  std::string doubt; ///< "" when confirmed
};

/// What pull-out rests on: materials/fixation/pull_out.toml.
struct PullOutRules
{
  material::DataRecord record;
  double thread_base = 0;
  double thread_slope = 0;
  double shear_over_compression = 0;
  std::string shear_source;
  std::string shear_doubt;
  std::vector<Thread> threads;
};

/// Reads and checks the rules. Throws InputError (command) naming file, line, key and remedy.
PullOutRules read_pull_out(const Table& table);

/// Those of materials/fixation/pull_out.toml.
PullOutRules pull_out_rules();

/// The thread of a kind of screw; null for what has none (a blade, a nail).
const Thread* thread_of(const PullOutRules& rules, implant::ComponentKind kind);

/// How near a screw's thread is to shearing out of the bone.
struct PullOut
{
  double force_N = 0;
  double strength_N = 0;
  double in_bone_mm = 0; ///< length of thread beside bone, as a whole turn of it
  double utilisation() const { return force_N / strength_N; }
};

/**
 * Pull-out of screw `index`. Strength (Chapman 1996):
 *
 *   integral over the thread of S pi D (base + slope d / p) ds,
 *
 * S the shear strength of the bone beside the thread: the mean about the screw (16 directions, half
 * a voxel outside the thread) of a share of the compressive strength of bone voxels, 0 in all else.
 * Force: the greatest difference of the axial force between two places along the thread, its free
 * end (0) included: what the thread hands over to the bone, out of it or into it. Where other
 * hardware holds the screw the thread is parted, the force there is that of a straight line through
 * the next two places, and the part nearest to its limit is told. Nothing
 * for what has no thread, and where less than a millimetre of it lies in bone.
 */
std::optional<PullOut> pull_out(const implant::Fixation& fixation, std::size_t index,
                                const model::HardwareVoxels& hardware,
                                const model::VoxelModel& body,
                                const std::vector<analysis::SectionForce>& forces,
                                const PullOutRules& rules);

} // namespace calcar::risk
