#pragma once

#include "base/vec3.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace calcar::voxel
{

/**
 * A contact voxel that is pressed, as a term of the product K u: with the mean strain along the
 * normal
 *
 *   e = n . E n = sum over the corners c of w_c n . u_c,   w_c = n . grad N_c at the centre,
 *
 * it adds the forces f_c = V p e w_c n. Only the mean strain presses: what bends the voxel, and all
 * that slides, is left to the bricks' modulus.
 */
struct PressedVoxel
{
  std::array<std::int32_t, 8> nodes; ///< local; corner i + 2 j + 4 k
  std::array<double, 8> weights;     ///< w, 1/mm
  Vec3 normal;                       ///< n, unit
  double stiffness = 0;              ///< V p, N mm
};

/// e of a voxel.
template <typename T>
double normal_strain(const PressedVoxel& voxel, const T* u)
{
  double strain = 0;
  for (std::size_t c = 0; c < 8; ++c)
  {
    const T* at = u + 3 * static_cast<std::size_t>(voxel.nodes[c]);
    strain += voxel.weights[c] * (voxel.normal.x * static_cast<double>(at[0]) +
                                  voxel.normal.y * static_cast<double>(at[1]) +
                                  voxel.normal.z * static_cast<double>(at[2]));
  }
  return strain;
}

/// f += what the voxels add to K u: this rank's part.
template <typename In, typename T>
void add_pressed(const std::vector<PressedVoxel>& voxels, const In* u, T* f)
{
  for (const PressedVoxel& voxel : voxels)
  {
    const double force = voxel.stiffness * normal_strain(voxel, u);
    for (std::size_t c = 0; c < 8; ++c)
    {
      T* at = f + 3 * static_cast<std::size_t>(voxel.nodes[c]);
      const double share = force * voxel.weights[c];
      at[0] += static_cast<T>(share * voxel.normal.x);
      at[1] += static_cast<T>(share * voxel.normal.y);
      at[2] += static_cast<T>(share * voxel.normal.z);
    }
  }
}

/// entries += the diagonal of the voxels' terms: this rank's part.
void add_pressed_diagonal(const std::vector<PressedVoxel>& voxels, std::vector<float>& entries);

} // namespace calcar::voxel
