#include "voxel/petsc_options.hpp"

#include "base/error.hpp"
#include "petsc/session.hpp"
#include "voxel/petsc_syntax.hpp"

#include <catch2/catch.hpp>

using namespace calcar;
using namespace calcar::voxel;
using Catch::Contains;

TEST_CASE("PETSc options are names with or without a value")
{
  for (const char* text : {"-ksp_monitor", "-ksp_type cg -ksp_monitor", " -ksp_rtol 1e-3\t-help ",
                           "--ksp_monitor", "-ksp_fcg_mmax 3", "-ksp_divtol -1e5"})
    CHECK_NOTHROW(check_petsc_syntax(text));
}

TEST_CASE("words that PETSc would silently skip are refused")
{
  for (const char* text : {"ksp_monitor", "-ksp_type cg fast", "-ksp_monitor x y", "- x", "---a",
                           "3", "-3 -ksp_monitor"})
    CHECK_THROWS_WITH(check_petsc_syntax(text),
                      Contains("--petsc") && Contains("neither an option nor the value"));
  for (const char* text : {"", "  "})
    CHECK_THROWS_WITH(check_petsc_syntax(text), Contains("no option is given"));
  CHECK_THROWS_WITH(check_petsc_syntax("-ksp_monitor -options_file x"),
                    Contains("-options_file is not possible here"));
  CHECK_THROWS_WITH(check_petsc_syntax("-prefix_push x_"),
                    Contains("-prefix_push is not possible here"));
}

TEST_CASE("options that nobody has read are named")
{
  petsc::start();
  const petsc::OptionList options = read_petsc_options("-ksp_monotor -ksp_converged_reason");
  CHECK_THROWS_WITH(refuse_unused(options, PetscStage::set_up),
                    Contains("-ksp_monotor") && !Contains("-ksp_converged_reason"));
  CHECK_THROWS_WITH(refuse_unused(options, PetscStage::solved),
                    Contains("-ksp_converged_reason, -ksp_monotor"));
}
