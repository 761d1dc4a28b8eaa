#pragma once

#include <vector>

namespace calcar::voxel
{

/**
 * The tridiagonal matrix of Lanczos' method, told from the steps of conjugate gradients: with
 * preconditioner M its eigenvalues estimate those of M A from within.
 */
class LanczosMatrix
{
public:
  /// A step of length `alpha`; `beta` is the part of the last direction in this one (not used in
  /// the first).
  void add(double alpha, double beta);

  /// 0 before the first step.
  double largest_eigenvalue() const;
  double smallest_eigenvalue() const;

private:
  bool has_eigenvalue_above(double value) const;
  bool has_eigenvalue_below(double value) const;

  std::vector<double> diagonal_;
  std::vector<double> beside_;
  double last_alpha_ = 0;
};

} // namespace calcar::voxel
