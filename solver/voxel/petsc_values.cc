#include "voxel/petsc_values.hpp"

#include "petsc/session.hpp"

#include <algorithm>

namespace calcar::voxel
{

petsc::Vector make_vector(const Nodes& nodes, MPI_Comm comm)
{
  petsc::Vector vector;
  petsc::check(VecCreateMPI(comm, 3 * nodes.owned, PETSC_DETERMINE, vector.out()),
               "creating a vector");
  return vector;
}

void to_petsc(const Nodes& nodes, const std::vector<double>& values, Vec vector)
{
  double* to = nullptr;
  petsc::check(VecGetArrayWrite(vector, &to), "filling a vector");
  std::copy_n(values.begin(), 3 * nodes.owned, to);
  petsc::check(VecRestoreArrayWrite(vector, &to), "filling a vector");
}

void from_petsc(const Nodes& nodes, Vec vector, std::vector<double>& values)
{
  const double* from = nullptr;
  petsc::check(VecGetArrayRead(vector, &from), "reading a vector");
  values.assign(nodes.values(), 0);
  std::copy_n(from, 3 * nodes.owned, values.begin());
  petsc::check(VecRestoreArrayRead(vector, &from), "reading a vector");
  // Copies are zero up to here, so the sum over sharers hands them the owner's value unrounded.
  nodes.exchange.sum(values.data());
}

} // namespace calcar::voxel
