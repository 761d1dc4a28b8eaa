#pragma once

#include <filesystem>
#include <string>

namespace calcar::pipeline
{

/**
 * The results folder of a run while it is being written: under another name beside it, renamed by
 * commit(). Without commit() everything is removed, so that a failed run leaves the old results or
 * none, never half of new ones.
 */
class ResultsFolder
{
public:
  /// Throws InputError (command) when `target` exists and is not empty and `overwrite` is false, or
  /// is not writable.
  ResultsFolder(std::filesystem::path target, bool overwrite);
  ~ResultsFolder();
  ResultsFolder(const ResultsFolder&) = delete;
  ResultsFolder& operator=(const ResultsFolder&) = delete;

  /// Where to write now.
  const std::filesystem::path& path() const { return temporary_; }
  /// Puts the folder in place.
  void commit();

private:
  std::filesystem::path target_;
  std::filesystem::path temporary_;
};

/// Refuses a results folder that exists and is not empty, unless it may be overwritten.
void require_free(const std::filesystem::path& target, bool overwrite);

} // namespace calcar::pipeline
