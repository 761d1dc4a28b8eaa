#include "voxel/lanczos.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::voxel
{

void LanczosMatrix::add(double alpha, double beta)
{
  const bool first = diagonal_.empty();
  diagonal_.push_back(1 / alpha + (first ? 0 : beta / last_alpha_));
  if (!first)
    beside_.push_back(std::sqrt(beta) / last_alpha_);
  last_alpha_ = alpha;
}

/// By the signs of the pivots (Sturm).
bool LanczosMatrix::has_eigenvalue_above(double value) const
{
  double pivot = 0;
  for (std::size_t n = 0; n < diagonal_.size(); ++n)
  {
    pivot = diagonal_[n] - value - (n > 0 ? beside_[n - 1] * beside_[n - 1] / pivot : 0);
    if (pivot > 0)
      return true;
    if (pivot == 0)
      pivot = -1e-300;
  }
  return false;
}

bool LanczosMatrix::has_eigenvalue_below(double value) const
{
  double pivot = 0;
  for (std::size_t n = 0; n < diagonal_.size(); ++n)
  {
    pivot = diagonal_[n] - value - (n > 0 ? beside_[n - 1] * beside_[n - 1] / pivot : 0);
    if (pivot < 0)
      return true;
    if (pivot == 0)
      pivot = 1e-300;
  }
  return false;
}

double LanczosMatrix::smallest_eigenvalue() const
{
  double low = 0, high = largest_eigenvalue();
  for (int step = 0; step < 60; ++step)
    (has_eigenvalue_below((low + high) / 2) ? high : low) = (low + high) / 2;
  return low;
}

double LanczosMatrix::largest_eigenvalue() const
{
  double high = 0;
  for (std::size_t n = 0; n < diagonal_.size(); ++n)
    high = std::max(high, diagonal_[n] + (n > 0 ? beside_[n - 1] : 0) +
                              (n < beside_.size() ? beside_[n] : 0));
  double low = 0;
  for (int step = 0; step < 60; ++step)
    (has_eigenvalue_above((low + high) / 2) ? low : high) = (low + high) / 2;
  return high;
}

} // namespace calcar::voxel
