#pragma once

#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace calcar
{

/// Wall times in seconds by stage, in the order in which the stages began; equal names add up.
class Timings
{
public:
  void add(const std::string& stage, double seconds);
  double total() const;
  const std::vector<std::pair<std::string, double>>& stages() const { return stages_; }
  /// A table with one line a stage and the total.
  std::string to_string() const;

private:
  std::vector<std::pair<std::string, double>> stages_;
};

/// Adds the time between its construction and its end to a stage.
class ScopedTimer
{
public:
  ScopedTimer(Timings& timings, std::string stage);
  ~ScopedTimer();
  ScopedTimer(const ScopedTimer&) = delete;
  ScopedTimer& operator=(const ScopedTimer&) = delete;
  double seconds() const;

private:
  Timings& timings_;
  std::string stage_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

} // namespace calcar
