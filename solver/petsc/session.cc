#include "petsc/session.hpp"

#include "base/error.hpp"

#include <petscsys.h>

#include <cstdio>
#include <string>

namespace calcar::petsc
{
namespace
{

/// Called by MPI_Finalize before it takes MPI down.
int finalize_petsc(MPI_Comm, int, void*, void*)
{
  PetscBool finalized = PETSC_FALSE;
  PetscFinalized(&finalized);
  if (!finalized)
    PetscFinalize();
  return MPI_SUCCESS;
}

} // namespace

void start()
{
  PetscBool initialized = PETSC_FALSE;
  check(PetscInitialized(&initialized), "asking whether PETSc runs");
  if (initialized)
    return;
  PETSC_COMM_WORLD = MPI_COMM_SELF;
  check(PetscOptionsSetValue(nullptr, "-no_signal_handler", "true"), "setting options");
  check(PetscOptionsSetValue(nullptr, "-skip_petscrc", "true"), "setting options");
  check(PetscInitializeNoArguments(), "initialising PETSc");
  // Errors come back as codes and are thrown: PETSc prints nothing on its own.
  check(PetscPushErrorHandler(PetscReturnErrorHandler, nullptr), "initialising PETSc");
  int key = MPI_KEYVAL_INVALID;
  MPI_Comm_create_keyval(MPI_COMM_NULL_COPY_FN, finalize_petsc, &key, nullptr);
  MPI_Comm_set_attr(MPI_COMM_SELF, key, nullptr);
}

void check(int error, const char* step)
{
  if (error != 0)
    throw SolveError(std::string("PETSc failed while ") + step + " (" + words(error) +
                     "); this points at a singular matrix or at too little memory");
}

std::string words(int error)
{
  const char* general = nullptr;
  char* specific = nullptr;
  PetscErrorMessage(error, &general, &specific);
  std::string words = "error " + std::to_string(error);
  if (general)
    words += std::string(": ") + general;
  if (specific && *specific)
    words += std::string(": ") + specific;
  while (!words.empty() && (words.back() == '\n' || words.back() == ' '))
    words.pop_back();
  return words;
}

void write_to_stderr()
{
  start(); // sets it to stdout
  PETSC_STDOUT = stderr;
}

} // namespace calcar::petsc
