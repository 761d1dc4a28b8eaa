#pragma once

#include "analysis/response.hpp"
#include "implant/component.hpp"
#include "model/hardware.hpp"
#include "model/voxel_model.hpp"

#include <vector>

namespace calcar::analysis
{

/// What a bar carries through a cross-section. Signs: tension is positive; the section's outward
/// normal points along the axis, from the component's first point on.
struct SectionForce
{
  double at_mm = 0;       ///< along the axis
  Vec3 point;             ///< on the axis, LPS mm
  double axial_N = 0;     ///< N
  double shear_N = 0;     ///< size of the force across the axis
  double bending_Nmm = 0; ///< size of the moment across the axis, M
  double weak_Nmm = 0;    ///< size of its part about the weak axis of the section (a plate's width
                          ///< direction); of a round bar all of it
  double strong_Nmm = 0;  ///< about the strong axis; 0 for a round bar
  double torsion_Nmm = 0; ///< T
};

/**
 * Section forces of component `index` of a fixation along its axis, in the middles of stretches of
 * about `step_mm` (at least two voxels). `body` is what was solved (with_hardware), `response` its
 * displacements and all.
 *
 * A section parts the component's voxels into those before it and those behind. Where both meet in
 * nodes the elements' forces are K u, K of model and solver; their sums over these nodes are the
 * force that passes,
 *
 *   F = sum over shared nodes of (f_before - f_behind) / 2,   M likewise about the axis point,
 *
 * so that equilibrium holds to the solver's tolerance in every direction of the bar; what else
 * pulls at the same nodes (bone, contact) counts half. Empty for what is no bar (cement).
 *
 * Throws std::invalid_argument when the response has not the displacements of the body's nodes.
 */
std::vector<SectionForce> section_forces(const implant::Component& component, std::size_t index,
                                         const model::HardwareVoxels& hardware,
                                         const model::VoxelModel& body, const Response& response,
                                         double step_mm = 4);

/// What passes through a plane from the side of its normal to the other: the force along the normal
/// (LPS, N; tension positive) that the bone's voxels and, apart, the hardware's carry, and their
/// moments across the normal: the share of the load that the implant takes there.
struct SharedLoad
{
  double bone_N = 0;
  double hardware_N = 0;
  double bone_moment_Nmm = 0;     ///< size of the moment about the common centre of both, of area
                                  ///< weighted with the modulus
  double hardware_moment_Nmm = 0; ///< likewise
};

/**
 * The whole plane through `point`, as section_forces cuts a bar. All that is not metal, cement or
 * contact counts as bone. Throws std::invalid_argument as section_forces does.
 */
SharedLoad shared_load(const model::VoxelModel& body, const Response& response, Vec3 point,
                       Vec3 normal);

} // namespace calcar::analysis
