#pragma once

#include "implant/fixation.hpp"
#include "model/voxel_contact.hpp"
#include "model/voxel_model.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace calcar::model
{

/// What became of a component in voxels.
struct ComponentRaster
{
  std::string name;
  std::uint64_t voxels = 0;
  double volume_mm3 = 0;       ///< of its voxels, by their shares
  double exact_volume_mm3 = 0; ///< of the solid, by its sub-points
  /// Bending stiffness of the voxels with the alloy's own modulus over that of the real section,
  /// least and greatest along the axis; 1 for what is no bar. The modulus is divided by its mean
  /// over each run of one section.
  double least_bending = 1;
  double most_bending = 1;
  /// Of the bending moment that the voxels carry, the share that their mean stresses make; the rest
  /// is bending inside voxels (mean along the axis). A moment summed from mean stresses is divided
  /// by it; one from the forces at nodes is whole.
  double mean_stress_share = 1;
};

/**
 * An implant as voxels of a grid: which voxels it takes and what they are made of. Ascending by
 * grid offset; made once for each implant and put into every state of the bone.
 */
struct HardwareVoxels
{
  image::Grid grid;
  std::vector<std::uint64_t> voxels;       ///< of metal and cement
  std::vector<std::uint16_t> component;    ///< of each: index into Fixation::components
  std::vector<float> share;                ///< of each: volume share of hardware in the voxel
  std::vector<float> youngs;               ///< MPa, scaled
  std::vector<float> poisson;              ///< 1
  std::vector<TissueKind> tissue;          ///< metal or cement
  std::vector<std::uint64_t> emptied;      ///< taken away and not filled: they become `soft`
  VoxelContact contact;                    ///< of the components that are not bonded
  std::vector<ComponentRaster> components; ///< in the order of Fixation::components
};

/// How an implant is put into voxels.
struct HardwareOptions
{
  /// Of nails, plates, rods, stems and heads; none: each its own. Screws, blades and cement always
  /// have their own.
  std::optional<implant::Interface> to_bone;
};

/// `bone` continued by whole voxels in all directions until it holds the implants with a margin of
/// two voxels. Nothing is cut off.
image::Grid grid_around(const image::Grid& bone, const std::vector<implant::Fixation>& fixations);

/**
 * The voxels of an implant beside and in a bone. `bone.body.grid` must hold it (grid_around).
 *
 * Of each component the share of every voxel is found by halving cubes about its surface, down to a
 * quarter of its radius. A bar (a component with runs of a section) takes all voxels of which it
 * holds a tenth or more, with the modulus
 *
 *   E of a voxel = E of the alloy * share / q,   q = bending stiffness of the voxels over the
 * exact,
 *
 * so that a bar has no steps whatever its direction. Of a stretch of length l,
 *
 *   EI of the voxels = E / l sum of V share (y^2 + c f),
 *
 * y the distance of the centre from the neutral line and f the bending inside a voxel: a trilinear
 * hexahedron that follows pure bending has strains that vary along its edges, f = sum over the
 * axes a of h_a^2 / 12 e_a : C : e_a / E, with e_a the derivative along a of the strain per
 * curvature, less sym(d_aa u (x) a), which the element cannot follow. For cubes bent along an axis
 * f = 1.54 h^2 / 12 (Poisson ratio 0.3). In bars that are oblique to all three axes of the grid
 * only a part of it counts, c = 1 - 2.5 sqrt |t_x t_y t_z| for the direction t (measured). q is the
 * mean over each run of one section: about any axis of a round bar, about the weak one of a plate.
 * Measured in all directions (tests/verification/hardware_stiffness_test.cc), with voxels of 1 mm:
 * rods and nails of 9 mm and more bend within 3 %, screws of 3 to 5 mm within 6 %, plates of 3.4
 * and 5 mm about their weak axis within 6 %. What the one factor cannot set too: rods are up to 5 %
 * too soft in tension, screws of 5 to 3 mm by 3 to 29 %, plates by 1 to 20 % in tension and about
 * their strong axis; torsion is within 4 % in rods and within 15 % in the others.
 *
 * Where bars overlap the one with the higher priority takes its share first; the voxel's modulus is
 * the sum of what each holds, and it belongs to the one that holds most. A component that is no bar
 * (cement) takes the voxels of which it holds half or more, with the full modulus, where no bar is.
 *
 * Contact are, of the components that are debonded, the voxels of the bone that share a node with
 * one of theirs and lie outside of them, not in a bore: normal to the component's surface (of a
 * round bar away from its axis), with the moduli of materials/interfaces/debonded.toml. Emptied are
 * the voxels of the bone of which half or more lies in what the operation takes away, unless they
 * are hardware or contact.
 *
 * Throws std::invalid_argument when the grid does not hold the implant, InputError when an alloy or
 * the interface is not known.
 */
HardwareVoxels rasterise(const implant::Fixation& fixation, const VoxelModel& bone,
                         const HardwareOptions& options = {});

/**
 * A body (a state of the bone, with the layers of its rig or without) with an implant. Voxels of
 * the implant take the place of what was there or come to it; no voxel is taken out, so that loads
 * and supports stay where they were. `body.body.grid` is that of the hardware, or that grid grown
 * by whole voxels (a rig's layers), whose offset is found from the grids' origins. What is emptied
 * becomes `soft` of materials/tissues/marrow.toml, but where the bone is already gone (gap).
 *
 * Throws std::invalid_argument when the body's grid is not that of the hardware grown.
 */
VoxelModel with_hardware(const VoxelModel& body, const HardwareVoxels& hardware);

/// The contact voxels of `hardware` on the (grown) grid of `body`.
VoxelContact contact_on(const VoxelBody& body, const HardwareVoxels& hardware);

/// The components that nothing holds: none of their voxels in `body` (made by with_hardware) is
/// joined by faces, through other hardware or directly, to a voxel that is no hardware.
std::vector<std::string> loose_hardware(const VoxelModel& body, const HardwareVoxels& hardware);

/**
 * A broken bone: the voxels of the body whose centres lie in the slab between two parallel planes,
 * half of `thickness_mm` to either side of `point` along the unit vector `normal` (LPS), become gap
 * of the tissue `materials/tissues/fracture_gap.toml`: no strength, next to no stiffness. Hardware,
 * contact and layers of a rig stay what they are.
 */
struct BoneGap
{
  Vec3 point;
  Vec3 normal;
  double thickness_mm = 0;
};
VoxelModel with_gap(const VoxelModel& body, const BoneGap& gap);

} // namespace calcar::model
