#pragma once

#include "base/timer.hpp"

#include <filesystem>
#include <string>

namespace calcar
{

enum class Verbosity
{
  quiet,
  normal,
  verbose
};

/// Sets up what this process says. Ranks other than 0 stay silent. Errors are always printed by the
/// caller. With `as_json` each line on stderr is one JSON object.
void start_log(Verbosity verbosity, bool speaks, bool as_json = false);

/// Also writes every line as one JSON object a line to this file.
void log_to(const std::filesystem::path& jsonl_file);

void log_info(const std::string& text);    ///< shown unless quiet
void log_detail(const std::string& text);  ///< shown with --verbose
void log_warning(const std::string& text); ///< shown unless quiet

/**
 * A stage of the work: names it on stderr when it starts (a progress line that the next stage
 * overwrites on a terminal, one line a stage otherwise) and adds its wall time to `timings` when it
 * ends.
 */
class Stage
{
public:
  Stage(std::string name, Timings& timings);
  ~Stage();
  Stage(const Stage&) = delete;
  Stage& operator=(const Stage&) = delete;

  /// Progress inside the stage, 0 to 1; redrawn on a terminal at most ten times a second.
  void progress(double fraction, const std::string& what = "");

private:
  std::string name_;
  ScopedTimer timer_;
};

} // namespace calcar
