#pragma once

#include "voxel/conjugate_gradients.hpp"

#include <vector>

namespace calcar::voxel
{

/**
 * Solutions u_i of K u_i = f_i on one body and one set of supports, all of them without prescribed
 * displacements. The next load f starts from the combination that is nearest to its solution in the
 * energy norm:
 *   x = sum_i c_i u_i,  A c = b,  A_ij = u_i . f_j,  b_i = u_i . f,
 * in which no product with K is needed. Solutions are kept in single precision, 4 bytes an unknown:
 * a start need not be exact.
 */
class EarlierSolutions
{
public:
  /// Keeps a solution. Collective.
  void add(const Nodes& nodes, const std::vector<LocalForce>& forces, const std::vector<double>& u,
           MPI_Comm comm);

  /// Sets x to the combination nearest to the solution for `forces`; leaves it as it is when there
  /// are no earlier solutions. Collective.
  void start(const Nodes& nodes, const std::vector<LocalForce>& forces, std::vector<double>& x,
             MPI_Comm comm) const;

  std::size_t size() const { return solutions_.size(); }

private:
  std::vector<std::vector<float>> solutions_;
  std::vector<std::vector<LocalForce>> forces_;
  std::vector<std::vector<double>> work_; ///< A, lower triangle by rows
};

} // namespace calcar::voxel
