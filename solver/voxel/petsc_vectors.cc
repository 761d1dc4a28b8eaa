#include "voxel/petsc_vectors.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <sstream>
#include <string_view>

namespace calcar::voxel
{
namespace
{

/// A method keeps `fixed` vectors and `each` more for every direction up to the restart.
struct Method
{
  std::string_view type;
  int fixed;
  int each = 0;
  std::string_view restart = ""; ///< the option that sets their number
  int directions = 0;            ///< without that option
};

/// Resident memory of runs of 75 iterations on vectors of 2 million numbers, in vectors.
constexpr std::array methods = {
    Method{"fcg", 5, 2, "-ksp_fcg_mmax", 1}, // as petsc_solve.cc sets it
    Method{"cg", 6},                         // 4, with -ksp_cg_single_reduction 6
    Method{"gmres", 5, 1, "-ksp_gmres_restart", 30},
    Method{"pgmres", 5, 1, "-ksp_gmres_restart", 30},
    Method{"lgmres", 9, 1, "-ksp_gmres_restart", 30},
    Method{"dgmres", 26, 1, "-ksp_gmres_restart", 30},
    Method{"fgmres", 6, 2, "-ksp_gmres_restart", 30},
    Method{"pipefgmres", 15, 3, "-ksp_gmres_restart", 30},
    Method{"gcr", 1, 2, "-ksp_gcr_restart", 30},
    Method{"pipegcr", 9, 4, "-ksp_pipegcr_mmax", 15},
    Method{"pipefcg", 9, 4, "-ksp_pipefcg_mmax", 15},
    Method{"richardson", 5},
    Method{"bcgs", 7},
};
constexpr int most_without_restart = 21; ///< of pipecg2; chebyshev and tcqmr take 18

/// PETSc takes "--name" for "-name".
std::string with_one_dash(const std::string& word)
{
  return word.starts_with("--") ? word.substr(1) : word;
}

/// The value of an option, the last time it is given; empty when it is not.
std::string value_of(const std::string& options, std::string_view name)
{
  std::istringstream words(options);
  std::string value;
  for (std::string word; words >> word;)
    if (with_one_dash(word) == name)
      words >> value;
  return value;
}

} // namespace

int petsc_vectors(const std::string& options)
{
  const std::string given = value_of(options, "-ksp_type");
  const std::string_view type = given.empty() ? methods.front().type : std::string_view(given);
  const auto method =
      std::find_if(methods.begin(), methods.end(), [&](const Method& m) { return m.type == type; });
  if (method == methods.end())
    return most_without_restart;
  int directions = method->directions;
  const std::string restart = value_of(options, method->restart);
  std::from_chars(restart.data(), restart.data() + restart.size(), directions);
  return method->fixed + method->each * directions;
}

} // namespace calcar::voxel
