#pragma once

#include "model/voxel_body.hpp"
#include "model/voxel_contact.hpp"
#include "voxel/level.hpp"

#include <mpi.h>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace calcar::voxel
{

/// The contact voxels that one rank holds.
struct ContactLayer
{
  std::size_t all = 0;              ///< of the whole body
  std::vector<std::size_t> number;  ///< [own] place among all, ascending along the bricks' curve
  std::vector<PressedVoxel> voxels; ///< [own] their terms while they are pressed
  std::vector<double> modulus_MPa;  ///< [own] pressed
};

/// [own contact voxel] 1 where it is pressed.
using PressedSet = std::vector<std::uint8_t>;

/// Contact voxels are voxels of the body in ascending order, with a unit normal and positive
/// moduli. Throws InputError (data) naming the voxel, its value and what is allowed.
void check_contact(const model::VoxelBody& body, const model::VoxelContact& contact);

/// A pressed layer is made no stiffer than this many times the tissue that it presses on. One voxel
/// thick it then adds at most a twentieth to the compliance of one voxel of that tissue; a stiffer
/// one would only join nodes of soft tissue to the implant one by one, in patterns that no
/// preconditioner here sees: 1 MPa of gap tissue under 2000 MPa took four times as many iterations.
constexpr float stiffest_on_tissue = 20;

/// The contact with its `pressed_MPa` limited to `stiffest_on_tissue` times the modulus of the
/// neighbour most nearly along the normal, within 45 degrees, that is not contact itself. Where
/// there is none (the layer ends at supports) it stays.
model::VoxelContact limited_by_tissue(const model::VoxelBody& body, model::VoxelContact contact);

/// This rank's part of the contact, which is read on rank 0; the level's bricks get the moduli of
/// what is loose (Poisson ratio 0) in its voxels, and the level's `pressed` all of them.
/// Collective.
ContactLayer hold_contact(Level& finest, const model::VoxelContact& contact, MPI_Comm comm);

/// The voxels whose strain along the normal is negative.
PressedSet pressed_at(const ContactLayer& layer, const std::vector<double>& u);

/// The terms of a set.
std::vector<PressedVoxel> terms_of(const ContactLayer& layer, const PressedSet& set);

/// Sum over all ranks: how many voxels are pressed, and in how many two sets differ. Collective.
std::uint64_t count_pressed(const PressedSet& set, MPI_Comm comm);
std::uint64_t count_changes(const PressedSet& a, const PressedSet& b, MPI_Comm comm);

/// Pressure on each contact voxel of the body in MPa, not negative, in the given order; on rank 0,
/// empty elsewhere. Collective.
std::vector<double> gather_pressure(const ContactLayer& layer, const std::vector<double>& u,
                                    MPI_Comm comm);

} // namespace calcar::voxel
