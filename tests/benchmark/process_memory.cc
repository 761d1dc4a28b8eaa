#include "benchmark/process_memory.hpp"

#include <fstream>
#include <stdexcept>
#include <string>

namespace calcar::benchmark
{

std::uint64_t peak_memory()
{
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;)
    if (word == "VmHWM:")
    {
      std::uint64_t kilobytes = 0;
      if (status >> kilobytes)
        return 1024 * kilobytes;
    }
  throw std::runtime_error("/proc/self/status has no VmHWM");
}

} // namespace calcar::benchmark
