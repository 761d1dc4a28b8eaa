#pragma once

#include <petscksp.h>

#include <utility>

namespace calcar::solid
{

/**
 * Makes sure that PETSc is initialised: without argv, without its signal handler and resource
 * files, for this process alone, silent, and finalised when MPI is. Does nothing when somebody else
 * has initialised it (the voxel engine does so in the same way).
 */
void start_petsc();

/// Throws SolveError naming the step when a PETSc call returned an error.
void check_petsc(int error, const char* step);

/// Owns a PETSc object; does nothing when PETSc has ended before it.
template <typename Object, PetscErrorCode (*destroy)(Object*)>
class PetscHandle
{
public:
  PetscHandle() = default;
  PetscHandle(PetscHandle&& other) noexcept : object_(std::exchange(other.object_, nullptr)) {}
  PetscHandle& operator=(PetscHandle&& other) noexcept
  {
    std::swap(object_, other.object_);
    return *this;
  }
  ~PetscHandle()
  {
    PetscBool finalized = PETSC_FALSE;
    PetscFinalized(&finalized);
    if (!finalized && object_)
      destroy(&object_);
  }

  operator Object() const { return object_; } // NOLINT: PETSc's functions take the bare object
  Object* out() { return &object_; }          ///< for the function that creates it

private:
  Object object_ = nullptr;
};

using PetscVector = PetscHandle<Vec, VecDestroy>;
using PetscMatrix = PetscHandle<Mat, MatDestroy>;
using PetscSolver = PetscHandle<KSP, KSPDestroy>;
using PetscOptionList = PetscHandle<PetscOptions, PetscOptionsDestroy>;
using PetscNullSpace = PetscHandle<MatNullSpace, MatNullSpaceDestroy>;

} // namespace calcar::solid
