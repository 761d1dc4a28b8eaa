#pragma once

#include "petsc/handle.hpp"
#include "solid/elements.hpp"

#include <mpi.h>

#include <span>
#include <vector>

namespace calcar::solid
{

/// Three numbers at each node of the elements: a vector of PETSc that also holds this rank's
/// ghosts. Does not move: PETSc refers to its values.
class Field
{
public:
  Field(const Elements& elements, MPI_Comm comm);
  Field(const Field&) = delete;
  Field& operator=(const Field&) = delete;

  /// Of local node n, component c: values()[3 n + c]; own nodes first, then ghosts.
  std::vector<double>& values() { return values_; }
  const std::vector<double>& values() const { return values_; }
  std::span<double> own() { return {values_.data(), own_}; }
  std::span<const double> own() const { return {values_.data(), own_}; }

  Vec petsc();          ///< the own values, after they were changed here
  void fetch_ghosts();  ///< ghosts become their owners' values; collective
  void return_ghosts(); ///< owners add their ghosts' values; collective
  void clear();

private:
  std::vector<double> values_;
  std::size_t own_;
  petsc::Vector vector_;
};

/// Root of the sum of squares over all ranks.
double norm_of(std::span<const double> own, MPI_Comm comm);

} // namespace calcar::solid
