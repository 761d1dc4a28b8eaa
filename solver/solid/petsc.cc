#include "solid/petsc.hpp"

#include "base/error.hpp"

#include <string>

namespace calcar::solid
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

std::string words_of(int error)
{
  const char* general = nullptr;
  char* specific = nullptr;
  PetscErrorMessage(error, &general, &specific);
  std::string words = "error " + std::to_string(error);
  for (const char* text : {general, static_cast<const char*>(specific)})
    if (text && *text)
      words += std::string(": ") + text;
  while (!words.empty() && (words.back() == '\n' || words.back() == ' '))
    words.pop_back();
  return words;
}

} // namespace

void start_petsc()
{
  PetscBool initialized = PETSC_FALSE;
  check_petsc(PetscInitialized(&initialized), "asking whether PETSc runs");
  if (initialized)
    return;
  PETSC_COMM_WORLD = MPI_COMM_SELF;
  check_petsc(PetscOptionsSetValue(nullptr, "-no_signal_handler", "true"), "setting options");
  check_petsc(PetscOptionsSetValue(nullptr, "-skip_petscrc", "true"), "setting options");
  check_petsc(PetscInitializeNoArguments(), "initialising PETSc");
  // Errors come back as codes and are thrown: PETSc prints nothing on its own.
  check_petsc(PetscPushErrorHandler(PetscReturnErrorHandler, nullptr), "initialising PETSc");
  int key = MPI_KEYVAL_INVALID;
  MPI_Comm_create_keyval(MPI_COMM_NULL_COPY_FN, finalize_petsc, &key, nullptr);
  MPI_Comm_set_attr(MPI_COMM_SELF, key, nullptr);
}

void check_petsc(int error, const char* step)
{
  if (error != 0)
    throw SolveError(std::string("PETSc failed while ") + step + " (" + words_of(error) +
                     "); this points at a singular matrix or at too little memory");
}

} // namespace calcar::solid
