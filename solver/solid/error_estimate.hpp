#pragma once

#include "base/symmetric_tensor.hpp"
#include "solid/body.hpp"

#include <cstdint>
#include <vector>

namespace calcar::solid
{

/// How far the computed stress and strain may be off, cell by cell.
struct ErrorEstimate
{
  std::vector<double> squared;      ///< of each cell: its part of error^2, N mm
  std::vector<double> strain_error; ///< root of the mean of |e* - e|^2 over each cell, 1
  std::vector<double> strain;       ///< root of the mean of |e*|^2 over each cell, 1
  std::vector<double> cell_energy;  ///< of each cell: 1/2 integral of stress : strain, N mm
  double energy = 0;                ///< its sum
  double error = 0;                 ///< in the energy norm, (N mm)^(1/2)
  double relative_error = 0;        ///< error / root of (2 energy + error^2), 0 to 1

  /// "Strain here is uncertain by 8 %": strain_error / strain of a cell; 0 where nothing is
  /// strained.
  double uncertainty(std::size_t cell) const
  {
    return strain[cell] > 0 ? strain_error[cell] / strain[cell] : 0;
  }
};

/**
 * Estimates the error of finite elements from the jumps of their stress: a continuous stress s* is
 * recovered and taken for the exact one,
 *
 *   error^2 = integral of (s* - s) : C^-1 (s* - s),   e* = C^-1 s*   (|.| is Frobenius' norm):
 *
 * Zienkiewicz and Zhu (1987), Int. J. Numer. Methods Eng. 24, 337-357,
 * doi:10.1002/nme.1620240206. s* = sum of N_n s_n; the stress at a node is
 *
 *   s_n = integral of N_n s / integral of N_n (projection with lumped matrix) for linear tetrahedra
 *   and for hexahedra; for quadratic tetrahedra, whose corners' N_n have a negative integral, the
 *   mean, by volume, of the cells' own stresses drawn out linearly from their four points to n.
 *
 * Any such mean bounds the error up to a factor: Carstensen and Bartels (2002), Math. Comp. 71,
 * 945-969; Bartels and Carstensen (2002), Math. Comp. 71, 971-994. What it came to on bodies with
 * a known solution stands in README.md.
 *
 * A stress is not smooth where the material jumps. Stresses are therefore recovered apart in each
 * set of cells with the same `group` (a tissue, an implant); a cell of which no neighbour at a face
 * has its group counts to that of a neighbour, since a cell by itself would be certain by
 * definition. Inside a group the modulus may still differ from cell to cell, and an interface may
 * cut through cells: there the estimate is too large rather than too small, by what the steps of
 * the modulus alone make.
 *
 * It is an estimate, not a bound, sees only the discretisation (neither the CT nor the laws), and
 * at a re-entrant edge, where the true strain is infinite, says no more than that it is uncertain.
 */
class ErrorEstimator
{
public:
  /// Prepares the recovery on a mesh; on rank 0. `group`: of each cell; empty: all the same. The
  /// body must outlive it.
  ErrorEstimator(const SolidBody& body, std::vector<std::uint32_t> group = {});

  /// Of a solution's strains at integration points (Solution::strain_points).
  ErrorEstimate estimate(const std::vector<SymTensor>& strain_points) const;

private:
  std::vector<SymTensor> stresses(const std::vector<SymTensor>& strain_points) const;
  std::vector<SymTensor> recover(const std::vector<SymTensor>& stress) const;

  /// The stress of a hanging node is that of its masters in its group.
  struct Follower
  {
    std::uint32_t site;
    std::vector<std::uint32_t> masters;
    std::vector<double> weights;
  };

  const SolidBody& body_;
  std::size_t per_cell_ = 0;                 ///< nodes
  std::size_t sites_ = 0;                    ///< places of recovered stresses: a node in a group
  std::vector<std::uint32_t> sites_of_cell_; ///< of each node of each cell
  std::vector<Follower> followers_;
};

} // namespace calcar::solid
