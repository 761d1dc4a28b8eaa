#include "voxel/petsc_syntax.hpp"

#include "base/error.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <sstream>

namespace calcar::voxel
{
namespace
{

/// "-name": a dash or two and a letter, so that -1e-3 is a value.
bool is_name(const std::string& word)
{
  const std::size_t dashes = std::min<std::size_t>(word.find_first_not_of('-'), 3);
  return (dashes == 1 || dashes == 2) && std::isalpha(static_cast<unsigned char>(word[dashes]));
}

[[noreturn]] void refuse(const std::string& given)
{
  throw InputError(Fault::command,
                   {"--petsc", given, "options of PETSc's KSP as \"-name\" or \"-name value\"",
                    "for example --petsc \"-ksp_type cg -ksp_monitor\"", ""});
}

} // namespace

void check_petsc_syntax(const std::string& text)
{
  constexpr std::array<const char*, 5> other_sources = {
      "-options_file", "-options_file_yaml", "-options_string_yaml", "-prefix_push", "-prefix_pop"};
  std::istringstream words(text);
  bool after_name = false, empty = true;
  for (std::string word; words >> word; empty = false)
  {
    const bool name = is_name(word);
    if (!name && !after_name)
      refuse("\"" + word + "\" is neither an option nor the value of one");
    if (name && std::find(other_sources.begin(), other_sources.end(), word) != other_sources.end())
      refuse(word + " is not possible here");
    after_name = name;
  }
  if (empty)
    refuse("no option is given");
}

} // namespace calcar::voxel
