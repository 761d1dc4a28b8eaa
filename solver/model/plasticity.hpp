#pragma once

#include "material/constitutive_law.hpp"
#include "model/voxel_model.hpp"
#include "model/voxel_plasticity.hpp"

#include <cstdint>
#include <vector>

namespace calcar::model
{

/**
 * Over what length a law's strains after yield are spread in voxels of this size: its own, and the
 * softening is averaged over it; from voxels as large as that on their edge, and nothing is
 * averaged.
 */
struct SofteningLength
{
  double band_mm = 0;
  double averaging_mm = 0; ///< full width at half maximum; 0: none
};
SofteningLength softening_length(const material::ConstitutiveLaw& law, const image::Grid& grid);

/// The length that strains after yield are spread over in an element of this edge, mm.
double band_of(const material::ConstitutiveLaw& law, double edge_mm);

/**
 * How the voxels of a model yield: bone by its ash density, modulus and compressive strength,
 * everything else (marrow, tumour, cartilage, layers) stays elastic, and so do the voxels whose
 * flag in `may_yield` is 0. `tension_over_compression` is that of the protocol's strength law.
 */
VoxelPlasticity plasticity_of(const VoxelModel& model, const material::ConstitutiveLaw& law,
                              double tension_over_compression,
                              const std::vector<std::uint8_t>& may_yield);

} // namespace calcar::model
