#pragma once

#include <string>

namespace calcar::voxel
{

/**
 * Checks the text of PETSc options before any solver is there: "-name" or "-name value", separated
 * by blanks. PETSc itself silently skips a word that stands nowhere. Throws InputError when the
 * text is empty, when a word is neither a name nor the value of one, and for names that read files
 * or change the names that follow.
 */
void check_petsc_syntax(const std::string& text);

} // namespace calcar::voxel
