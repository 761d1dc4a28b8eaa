#include "solid/field.hpp"

#include "petsc/session.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::solid
{

Field::Field(const Elements& elements, MPI_Comm comm)
    : values_(3 * (std::size_t{elements.owned()} + elements.ghosts().size())),
      own_(3 * std::size_t{elements.owned()})
{
  const std::vector<PetscInt> ghosts(elements.ghosts().begin(), elements.ghosts().end());
  values_.reserve(1); // PETSc wants an address, also of nothing
  petsc::check(VecCreateGhostBlockWithArray(comm, 3, static_cast<PetscInt>(own_), PETSC_DECIDE,
                                            static_cast<PetscInt>(ghosts.size()), ghosts.data(),
                                            values_.data(), vector_.out()),
               "creating a vector");
}

Vec Field::petsc()
{
  // Tells it that the values have changed: norms that it remembers are those of the old ones.
  double* values = nullptr;
  petsc::check(VecGetArray(vector_, &values), "handing over a vector");
  petsc::check(VecRestoreArray(vector_, &values), "handing over a vector");
  return vector_;
}

void Field::fetch_ghosts()
{
  const Vec vector = petsc();
  petsc::check(VecGhostUpdateBegin(vector, INSERT_VALUES, SCATTER_FORWARD), "fetching values");
  petsc::check(VecGhostUpdateEnd(vector, INSERT_VALUES, SCATTER_FORWARD), "fetching values");
}

void Field::return_ghosts()
{
  const Vec vector = petsc();
  petsc::check(VecGhostUpdateBegin(vector, ADD_VALUES, SCATTER_REVERSE), "returning values");
  petsc::check(VecGhostUpdateEnd(vector, ADD_VALUES, SCATTER_REVERSE), "returning values");
}

void Field::clear()
{
  std::fill(values_.begin(), values_.end(), 0.0);
}

double norm_of(std::span<const double> own, MPI_Comm comm)
{
  double sum = 0;
  for (const double value : own)
    sum += value * value;
  MPI_Allreduce(MPI_IN_PLACE, &sum, 1, MPI_DOUBLE, MPI_SUM, comm);
  return std::sqrt(sum);
}

} // namespace calcar::solid
