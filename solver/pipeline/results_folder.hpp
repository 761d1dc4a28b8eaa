#pragma once

#include "pipeline/kept_paths.hpp"

#include <filesystem>
#include <string>

namespace calcar::pipeline
{

/**
 * The results folder of a run while it is being written: under another name beside it, renamed by
 * commit(). Without commit() everything is removed, so that a failed run leaves the old results or
 * none, never half of new ones. What it keeps of paths to fracture stays (KeptPaths), and is put
 * into the folder by commit().
 */
class ResultsFolder
{
public:
  /// Throws InputError (command) when `target` exists and is not empty and `overwrite` is false, or
  /// is not writable; and what kept_paths throws.
  ResultsFolder(std::filesystem::path target, bool overwrite, const Resume& resume = {});
  /// The folder `part` of another run's results, which keeps its paths with those of that run.
  ResultsFolder(const ResultsFolder& whole, const std::string& part);
  ~ResultsFolder();
  ResultsFolder(const ResultsFolder&) = delete;
  ResultsFolder& operator=(const ResultsFolder&) = delete;

  /// Where to write now.
  const std::filesystem::path& path() const { return temporary_; }
  const KeptPaths& kept() const { return kept_; }
  /// Puts the folder in place.
  void commit();

private:
  ResultsFolder(std::filesystem::path target, bool overwrite, KeptPaths kept, bool is_part);

  std::filesystem::path target_;
  std::filesystem::path temporary_;
  KeptPaths kept_;
  bool is_part_; ///< of another run's results
};

/// Refuses a results folder that exists and is not empty, unless it may be overwritten.
void require_free(const std::filesystem::path& target, bool overwrite);

} // namespace calcar::pipeline
