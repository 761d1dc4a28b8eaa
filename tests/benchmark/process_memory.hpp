#pragma once

#include <sys/types.h>

#include <atomic>
#include <cstdint>
#include <thread>
#include <vector>

namespace calcar::benchmark
{

/// The most memory that this process ever had in use (VmHWM of the kernel), bytes. Throws
/// std::runtime_error where the kernel does not tell.
std::uint64_t peak_memory();

/**
 * Watches the memory that several processes of this computer have in use together, every few
 * milliseconds. The peaks of the single processes come at different times: their sum is more than
 * is ever needed.
 */
class MemoryWatch
{
public:
  explicit MemoryWatch(std::vector<pid_t> processes);
  ~MemoryWatch();
  MemoryWatch(const MemoryWatch&) = delete;
  MemoryWatch& operator=(const MemoryWatch&) = delete;

  /// In use when the watch began, bytes.
  std::uint64_t at_first() const { return first_; }

  /// Ends the watch; the most that was in use at once, bytes.
  std::uint64_t most();

private:
  void end();

  std::vector<pid_t> processes_;
  std::uint64_t first_ = 0;
  std::uint64_t most_ = 0;
  std::atomic<bool> ended_ = false;
  std::thread thread_;
};

} // namespace calcar::benchmark
