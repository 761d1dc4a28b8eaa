#pragma once

#include <array>
#include <string>

namespace calcar::voxel
{

/// The vector instructions that one clone of the kernels is compiled for; ascending.
enum class InstructionSet
{
  sse2,
  avx2,
  avx512
};

constexpr std::array<InstructionSet, 3> instruction_sets = {
    InstructionSet::sse2, InstructionSet::avx2, InstructionSet::avx512};

/// "sse2", "avx2" or "avx512".
std::string name_of(InstructionSet set);

/// True when this processor has them.
bool supported(InstructionSet set);

/**
 * What the kernels use: the best that this processor has, or what the environment variable
 * CALCAR_ISA names (read once, for tests and for comparing machines). Throws InputError (command)
 * when it names something unknown or something that this processor lacks.
 */
InstructionSet instruction_set();

} // namespace calcar::voxel
