#include "voxel/instruction_set.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <cstdlib>
#include <vector>

namespace calcar::voxel
{
namespace
{

std::vector<std::string> supported_names()
{
  std::vector<std::string> names;
  for (const InstructionSet set : instruction_sets)
    if (supported(set))
      names.push_back(name_of(set));
  return names;
}

InstructionSet choose()
{
  const char* asked = std::getenv("CALCAR_ISA");
  if (asked == nullptr || *asked == '\0')
    return *std::find_if(instruction_sets.rbegin(), instruction_sets.rend(), supported);
  for (const InstructionSet set : instruction_sets)
    if (name_of(set) == asked && supported(set))
      return set;
  throw InputError(Fault::command, {"environment", std::string("CALCAR_ISA is \"") + asked + "\"",
                                    join(supported_names()) + " on this processor",
                                    "leave it unset to use the best that the processor has", ""});
}

} // namespace

std::string name_of(InstructionSet set)
{
  return set == InstructionSet::avx512 ? "avx512" : set == InstructionSet::avx2 ? "avx2" : "sse2";
}

bool supported(InstructionSet set)
{
  switch (set)
  {
  case InstructionSet::avx512:
    return __builtin_cpu_supports("x86-64-v4") != 0;
  case InstructionSet::avx2:
    return __builtin_cpu_supports("x86-64-v3") != 0;
  case InstructionSet::sse2:
    break;
  }
  return true;
}

InstructionSet instruction_set()
{
  static const InstructionSet chosen = choose();
  return chosen;
}

} // namespace calcar::voxel
