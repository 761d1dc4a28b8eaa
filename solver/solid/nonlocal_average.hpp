#pragma once

#include "base/vec3.hpp"

#include <mpi.h>

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace calcar::solid
{

/**
 * Averages values at points that stand for volumes over their neighbourhood:
 *
 *   average(x) = sum_n w(|x - x_n|) V_n value_n / sum_n w(|x - x_n|) V_n,  w(r) = exp(-r^2 / 2 s^2)
 *
 * over the points of all ranks within 3 s, s that of a Gaussian of full width `width_mm` at half
 * maximum: the nonlocal average of Bazant and Pijaudier-Cabot (1988, J Appl Mech 55:287) by the
 * quadrature of the elements. What is no part of the body does not count, so that a uniform field
 * stays as it is up to the surface; distances are straight lines, also across a gap narrower than
 * that. Collective throughout.
 */
class NonlocalAverage
{
public:
  /// `points` (mm) and `volumes` (mm^3) are this rank's.
  NonlocalAverage(std::vector<Vec3> points, std::vector<double> volumes, double width_mm,
                  MPI_Comm comm);

  /// One value for each of this rank's points; few values other than 0 cost little.
  std::vector<double> average(std::span<const double> values) const;

private:
  struct Source
  {
    Vec3 at;
    double weight = 0;
  };
  std::vector<double> sums(std::span<const double> values) const;
  void sort_into_bins();
  std::size_t bin_of(const std::array<int, 3>& index) const;
  std::array<int, 3> index_of(const Vec3& point) const;
  void add(const Source& source, std::vector<double>& sums) const;

  MPI_Comm comm_;
  std::vector<Vec3> points_;
  std::vector<double> volumes_;
  double deviation_;
  double reach_;
  Vec3 low_;
  double edge_ = 1; ///< of a bin, not less than the reach
  std::array<int, 3> bins_ = {1, 1, 1};
  std::vector<std::uint32_t> first_; ///< of each bin in `order_`, and the end
  std::vector<std::uint32_t> order_; ///< points by bins
  std::vector<double> whole_;        ///< sum of w V about each point
};

} // namespace calcar::solid
