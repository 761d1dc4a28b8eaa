#include "base/log.hpp"

#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/null_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>

namespace calcar
{
namespace
{
/// What the process-wide log looks like now; spdlog itself is a process-wide registry.
struct State
{
  Verbosity verbosity = Verbosity::normal;
  bool speaks = false;
  bool terminal = false;
  bool as_json = false;
  bool line_open = false; ///< a progress line waits to be overwritten
  std::chrono::steady_clock::time_point last_drawn;
};

State& state()
{
  static State instance;
  return instance;
}

void close_line()
{
  if (state().line_open)
    std::fputs("\r\033[K", stderr);
  state().line_open = false;
}

void draw(const std::string& text)
{
  std::fprintf(stderr, "\r\033[K%s", text.c_str());
  std::fflush(stderr);
  state().line_open = true;
}

std::string escaped(const std::string& text)
{
  std::string result;
  for (const char c : text)
  {
    if (c == '"' || c == '\\')
      result += '\\';
    if (c == '\n')
      result += "\\n";
    else if (static_cast<unsigned char>(c) >= 0x20)
      result += c;
  }
  return result;
}

/// One JSON object a line; the text goes in escaped.
constexpr const char* json_pattern = "{\"time\":\"%Y-%m-%dT%H:%M:%S.%e%z\",%v}";

std::string as_json(const char* level, const std::string& text)
{
  return std::string("\"level\":\"") + level + "\",\"text\":\"" + escaped(text) + "\"";
}

void write_json(const char* level, const std::string& text)
{
  if (const auto log = spdlog::get("calcar_json"))
    log->info(as_json(level, text));
}

/// What goes to stderr: the text, or one JSON object.
void say(spdlog::level::level_enum severity, const char* level, const std::string& text)
{
  close_line();
  const auto log = spdlog::get("calcar");
  if (!log)
    return;
  const bool warning = severity == spdlog::level::warn;
  log->log(severity, state().as_json ? as_json(level, text) : (warning ? "warning: " : "") + text);
}
} // namespace

void start_log(Verbosity verbosity, bool speaks, bool as_json)
{
  state() = {verbosity, speaks, isatty(STDERR_FILENO) != 0 && !as_json, as_json, false, {}};
  spdlog::drop("calcar");
  const auto log = speaks ? spdlog::stderr_logger_st("calcar")
                          : spdlog::create<spdlog::sinks::null_sink_st>("calcar");
  log->set_pattern(as_json ? json_pattern : "%v");
  log->set_level(verbosity == Verbosity::quiet     ? spdlog::level::err
                 : verbosity == Verbosity::verbose ? spdlog::level::debug
                                                   : spdlog::level::info);
}

void log_to(const std::filesystem::path& jsonl_file)
{
  spdlog::drop("calcar_json");
  if (!state().speaks)
    return;
  const auto log = spdlog::basic_logger_st("calcar_json", jsonl_file.string(), true);
  log->set_pattern(json_pattern);
  log->flush_on(spdlog::level::info);
}

void log_info(const std::string& text)
{
  write_json("info", text);
  say(spdlog::level::info, "info", text);
}

void log_detail(const std::string& text)
{
  write_json("detail", text);
  if (state().verbosity == Verbosity::verbose)
    say(spdlog::level::debug, "detail", text);
}

void log_warning(const std::string& text)
{
  write_json("warning", text);
  say(spdlog::level::warn, "warning", text);
}

Stage::Stage(std::string name, Timings& timings) : name_(std::move(name)), timer_(timings, name_)
{
  write_json("stage", name_);
  if (!state().speaks || state().verbosity == Verbosity::quiet)
    return;
  if (state().terminal)
    draw(name_ + " ...");
  else
    say(spdlog::level::info, "stage", name_);
}

Stage::~Stage()
{
  close_line();
  char seconds[32];
  std::snprintf(seconds, sizeof seconds, "%.2f s", timer_.seconds());
  log_detail(name_ + ": " + seconds);
}

void Stage::progress(double fraction, const std::string& what)
{
  if (!state().speaks || !state().terminal || state().verbosity == Verbosity::quiet)
    return;
  const auto now = std::chrono::steady_clock::now();
  if (now - state().last_drawn < std::chrono::milliseconds(100))
    return;
  state().last_drawn = now;
  draw(name_ + " ... " + std::to_string(static_cast<int>(100 * fraction)) + " %" +
       (what.empty() ? "" : " " + what));
}

} // namespace calcar
