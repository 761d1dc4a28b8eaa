#pragma once

#include <cstdint>

namespace calcar::benchmark
{

/// The most memory that this process ever had in use (VmHWM of the kernel), bytes. Throws
/// std::runtime_error where the kernel does not tell.
std::uint64_t peak_memory();

} // namespace calcar::benchmark
