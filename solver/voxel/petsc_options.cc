#include "voxel/petsc_options.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "petsc/session.hpp"
#include "voxel/petsc_syntax.hpp"

#include <vector>

namespace calcar::voxel
{
namespace
{

std::vector<std::string> unused_names(PetscOptions options)
{
  PetscInt count = 0;
  char** names = nullptr;
  char** values = nullptr;
  petsc::check(PetscOptionsLeftGet(options, &count, &names, &values), "asking for unused options");
  std::vector<std::string> result;
  for (PetscInt n = 0; n < count; ++n)
    result.push_back("-" + std::string(names[n]));
  petsc::check(PetscOptionsLeftRestore(options, &count, &names, &values), "freeing option names");
  return result;
}

/// Read only when a solve ends.
bool is_late(const std::string& name)
{
  return name.starts_with("-ksp_view") || name.starts_with("-ksp_converged_");
}

} // namespace

petsc::OptionList read_petsc_options(const std::string& text)
{
  check_petsc_syntax(text);
  petsc::OptionList options;
  petsc::check(PetscOptionsCreate(options.out()), "creating the list of options");
  petsc::check(PetscOptionsInsertString(options, text.c_str()), "reading the options");
  return options;
}

void refuse_unused(const petsc::OptionList& options, PetscStage stage)
{
  std::vector<std::string> names = unused_names(options);
  if (stage == PetscStage::set_up)
    std::erase_if(names, is_late);
  if (names.empty())
    return;
  throw InputError(Fault::command,
                   {"--petsc",
                    "PETSc's solver does not know " + join(names) +
                        " (or the chosen -ksp_type and -pc_type do not use it)",
                    "options of PETSc's KSP and PC",
                    "correct it or leave it out; --petsc \"-help\" lists them", ""});
}

} // namespace calcar::voxel
