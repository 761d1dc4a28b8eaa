#pragma once

#include "analysis/fracture_path.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace calcar::pipeline
{

/// What is kept of paths to fracture, so that they can be gone on with.
enum class KeepPaths
{
  none, ///< nothing
  last, ///< where each path stood last
  all   ///< every equilibrium
};

/// An earlier run to go on from.
struct Resume
{
  std::filesystem::path results; ///< its results folder; empty: nothing is gone on with
  int from_step = 0;             ///< the last step that is taken from it; 0: the last it kept
};

/**
 * Where a run keeps its paths: `to`, beside the results folder while it runs, so that a run that is
 * killed leaves them ("RESULTS.unfinished"), in the folder "paths" of the results when it is done.
 * `from`: where those of an earlier run are looked for, first in the first.
 */
struct KeptPaths
{
  std::filesystem::path to;
  std::vector<std::filesystem::path> from;
  int from_step = 0;

  /// The same for a part of the run that has its own results: a folder in each of these.
  KeptPaths within(const std::string& part) const;
};

/// The folder beside a results folder where an unfinished run keeps its paths.
std::filesystem::path unfinished(const std::filesystem::path& results);

/// Where a run with the results folder `results` keeps and finds paths. Throws InputError (command)
/// when there are none in the run to go on from, or when those of an unfinished run would be lost:
/// neither gone on with nor `overwrite`.
KeptPaths kept_paths(const std::filesystem::path& results, const Resume& resume, bool overwrite);

/// How the path of a variant in an activity is kept and gone on with; for rank 0.
analysis::PathKeeping keeping_of(const KeptPaths& kept, KeepPaths keep, const std::string& variant,
                                 const std::string& activity);

} // namespace calcar::pipeline
