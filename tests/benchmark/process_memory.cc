#include "benchmark/process_memory.hpp"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <stdexcept>
#include <string>
#include <utility>

namespace calcar::benchmark
{
namespace
{
/// Resident memory of all, bytes; 0 for a process that is gone.
std::uint64_t resident(const std::vector<pid_t>& processes)
{
  std::uint64_t pages = 0;
  for (const pid_t process : processes)
  {
    std::ifstream statm("/proc/" + std::to_string(process) + "/statm");
    std::uint64_t all = 0, in_memory = 0;
    if (statm >> all >> in_memory)
      pages += in_memory;
  }
  return pages * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}
} // namespace

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

MemoryWatch::MemoryWatch(std::vector<pid_t> processes)
    : processes_(std::move(processes)), first_(resident(processes_)), most_(first_)
{
  thread_ = std::thread(
      [this]
      {
        while (!ended_)
        {
          most_ = std::max(most_, resident(processes_));
          std::this_thread::sleep_for(std::chrono::milliseconds(5));
        }
      });
}

MemoryWatch::~MemoryWatch()
{
  end();
}

std::uint64_t MemoryWatch::most()
{
  end();
  return most_;
}

void MemoryWatch::end()
{
  ended_ = true;
  if (thread_.joinable())
    thread_.join();
}

} // namespace calcar::benchmark
