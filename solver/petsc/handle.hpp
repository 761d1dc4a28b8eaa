#pragma once

#include <petscksp.h>

#include <utility>

namespace calcar::petsc
{

/// Owns a PETSc object; does nothing when PETSc has ended before it.
template <typename Object, PetscErrorCode (*destroy)(Object*)>
class Handle
{
public:
  Handle() = default;
  Handle(Handle&& other) noexcept : object_(std::exchange(other.object_, nullptr)) {}
  Handle& operator=(Handle&& other) noexcept
  {
    std::swap(object_, other.object_);
    return *this;
  }
  ~Handle()
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

using Vector = Handle<Vec, VecDestroy>;
using Matrix = Handle<Mat, MatDestroy>;
using Solver = Handle<KSP, KSPDestroy>;
using OptionList = Handle<PetscOptions, PetscOptionsDestroy>;
using NullSpace = Handle<MatNullSpace, MatNullSpaceDestroy>;

} // namespace calcar::petsc
