#include "base/timer.hpp"

#include <algorithm>
#include <cstdio>

namespace calcar
{

void Timings::add(const std::string& stage, double seconds)
{
  const auto same = [&](const auto& entry) { return entry.first == stage; };
  const auto found = std::find_if(stages_.begin(), stages_.end(), same);
  if (found == stages_.end())
    stages_.emplace_back(stage, seconds);
  else
    found->second += seconds;
}

double Timings::total() const
{
  double sum = 0;
  for (const auto& [stage, seconds] : stages_)
    sum += seconds;
  return sum;
}

std::string Timings::to_string() const
{
  std::size_t width = 5;
  for (const auto& [stage, seconds] : stages_)
    width = std::max(width, stage.size());
  std::string text;
  char line[256];
  const auto append = [&](const std::string& stage, double seconds)
  {
    std::snprintf(line, sizeof line, "  %-*s %8.2f s\n", static_cast<int>(width), stage.c_str(),
                  seconds);
    text += line;
  };
  for (const auto& [stage, seconds] : stages_)
    append(stage, seconds);
  append("total", total());
  return text;
}

ScopedTimer::ScopedTimer(Timings& timings, std::string stage)
    : timings_(timings), stage_(std::move(stage))
{
  timings_.add(stage_, 0);
}

ScopedTimer::~ScopedTimer()
{
  timings_.add(stage_, seconds());
}

double ScopedTimer::seconds() const
{
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
}

} // namespace calcar
