#pragma once

#include "base/vec3.hpp"
#include "voxel/instruction_set.hpp"

#include <cstddef>
#include <cstdint>

namespace calcar::voxel
{

/**
 * The bricks a product runs over. The product knows nothing of grids or ranks: a brick is a table
 * of its 729 nodes and the moduli of its 512 voxels, which are zero in void ones. A table entry for
 * a node that no active voxel touches points at a spare node behind the last one, whose values are
 * zero: the loops need no branches.
 */
struct BrickView
{
  std::size_t count = 0;
  const std::int32_t* table = nullptr; ///< [brick][729] local node
  const float* lambda = nullptr;       ///< [brick][512] MPa
  const float* mu = nullptr;           ///< [brick][512] MPa
  /// [brick] bit j + 8 k is set when row (j, k) has an active voxel
  const std::uint64_t* rows = nullptr;
  Vec3 spacing;                       ///< mm
  const std::int32_t* turn = nullptr; ///< [count] the order of the bricks; null: as they are
};

/**
 * Adds K u to f, without stored matrices, for trilinear hexahedra integrated exactly.
 *
 * Each displacement component of a voxel is written in the eight products of {1, xi} {1, eta} {1,
 * zeta}. Their gradients are orthogonal over the voxel, so that with <.> the mean over it and V its
 * volume
 *
 *   energy = V/2 sum_m w_m ( lambda tr(e_m)^2 + 2 mu e_m : e_m ),   w = <m^2> = 1, 1/3 (xi, eta,
 * zeta), 1/9 (pairs),
 *
 * where e_m is the symmetric part of the m-th coefficient of the gradient; d/dx brings the factor
 * 2/hx. About 250 operations a voxel, eight voxels of a row at once.
 *
 * u, f: three components per node, in mm and N. Moduli are single precision; the product is
 * computed in the precision of f.
 */
void multiply(const BrickView& bricks, const float* u, float* f);
void multiply(const BrickView& bricks, const double* u, double* f);
void multiply(const BrickView& bricks, const float* u, double* f);

/**
 * One step of a Chebyshev-Jacobi smoother on values that are complete in t = K x:
 *   d = old_part d + new_part D^-1 (b - t);  x += d;  t = 0.
 * D^-1 is zero at fixed components.
 */
struct Relaxation
{
  float old_part;
  float new_part;
  const float* inverse; ///< of the diagonal, mm/N
  const float* b;
  float* t;
  float* d;
  float* x;
};

/// The inner loops, compiled once per instruction set; each works on the bricks of the turns (or on
/// the values) from `first` to `last`.
struct Kernels
{
  template <typename In, typename T>
  using Multiply = void (*)(const BrickView&, std::size_t first, std::size_t last, const In* u,
                            T* f);

  Multiply<float, float> single;
  Multiply<double, double> full;
  Multiply<float, double> mixed;
  void (*relax)(const Relaxation&, std::size_t first, std::size_t last);
  /// Strains at the centres (the mean gradient) of one brick's voxels from u in mm: [6][512] in the
  /// order xx yy zz yz zx xy. Rows without an active voxel are left as they are.
  void (*strains)(const BrickView&, std::size_t brick, const double* u, double* strains);
};

const Kernels& kernels(InstructionSet set);

/// Those of instruction_set().
const Kernels& kernels();

/**
 * The factor of lambda and mu in the diagonal entry of the element matrix for component `axis`,
 * equal at all corners: entry = lambda * of_lambda + mu * of_mu, N/mm per MPa.
 */
struct DiagonalFactor
{
  double of_lambda;
  double of_mu;
};
DiagonalFactor diagonal_factor(const Vec3& spacing, int axis);

} // namespace calcar::voxel
