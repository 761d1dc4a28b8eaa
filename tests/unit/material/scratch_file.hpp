#pragma once

#include "base/error.hpp"
#include "base/files.hpp"

#include <unistd.h>

#include <filesystem>
#include <string>

/// A file with this text in a folder of its own, removed with the object.
class ScratchFile
{
public:
  ScratchFile(const std::string& name, const std::string& text)
      : folder_(std::filesystem::temp_directory_path() /
                ("calcar_scratch_" + std::to_string(getpid())))
  {
    std::filesystem::create_directories(folder_);
    calcar::write_text(path_ = folder_ / name, text);
  }
  ~ScratchFile() { std::filesystem::remove_all(folder_); }
  ScratchFile(const ScratchFile&) = delete;
  ScratchFile& operator=(const ScratchFile&) = delete;

  const std::filesystem::path& path() const { return path_; }

private:
  std::filesystem::path folder_;
  std::filesystem::path path_;
};

/// `text` with its first `from` replaced.
inline std::string with(std::string text, const std::string& from, const std::string& to)
{
  return text.replace(text.find(from), from.size(), to);
}

/// What an InputError says, or "" when nothing is thrown.
template <typename Work>
std::string refusal(Work work)
{
  try
  {
    work();
  }
  catch (const calcar::InputError& error)
  {
    return error.what();
  }
  return "";
}
