#pragma once

#include "petsc/handle.hpp"

#include <string>

namespace calcar::voxel
{

/**
 * The options that a user gives to PETSc's Krylov solver, in a list of their own: they need no
 * prefix and reach no other PETSc object of the process (not the coarsest grid's factors). Throws
 * InputError when the text is malformed, see check_petsc_syntax.
 */
petsc::OptionList read_petsc_options(const std::string& text);

/// When the options are asked whether PETSc has read them.
enum class PetscStage
{
  set_up, ///< some (-ksp_view, -ksp_converged_reason) are only read when a solve ends
  solved
};

/// Throws InputError naming the options that PETSc has not read: unknown ones, and those of another
/// type of solver than the chosen one.
void refuse_unused(const petsc::OptionList& options, PetscStage stage);

} // namespace calcar::voxel
