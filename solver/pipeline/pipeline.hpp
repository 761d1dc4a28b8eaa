#pragma once

#include "pipeline/case.hpp"
#include "pipeline/kept_paths.hpp"
#include "report/results.hpp"

#include <mpi.h>

#include <filesystem>
#include <string>

namespace calcar::pipeline
{

/// How a case is run.
struct RunOptions
{
  std::filesystem::path output; ///< results folder; must not exist, or be empty, unless `overwrite`
  bool overwrite = false;
  Resume resume = {};                          ///< an earlier run whose paths are gone on with
  bool dry_run = false;                        ///< everything but the solves
  std::optional<analysis::Method> method = {}; ///< in the place of the case's
  int ranks = 1;                               ///< that the prediction is for
  std::string command;                         ///< for the provenance
  std::string petsc = {};                      ///< see voxel::Options
  bool check_solver = false;                   ///< see voxel::Options::check
};

/// Resident memory at the peak, MB.
struct PeakMemory
{
  double memory_MB = 0; ///< of all ranks together
  double root_MB = 0;   ///< of rank 0
  double other_MB = 0;  ///< of each other rank
};

/// What a run will take, before it starts.
struct Prediction : PeakMemory
{
  analysis::Method method = analysis::Method::voxel;
  std::uint64_t elements = 0; ///< voxels, or cells of the mesh
  std::uint64_t unknowns = 0;
  int solves = 0;
  double seconds = 0;                 ///< of the solves
  PeakMemory with_aggregation;        ///< an upper bound, should aggregates give the coarse space
  bool aggregation_asked_for = false; ///< the peak is that with it
  bool aggregation_expected = false;  ///< from the start, where it fits

  /// What the run will take where memory is no limit.
  const PeakMemory& expected() const
  {
    return aggregation_expected ? with_aggregation : static_cast<const PeakMemory&>(*this);
  }
};

/// What a run came to; on rank 0.
struct Outcome
{
  report::Results results;
  Prediction prediction;
};

/**
 * Runs one case file to its results folder. Collective. Nothing is left behind when it fails: the
 * folder is written under another name and renamed at the end.
 */
Outcome run_case(const std::filesystem::path& case_file, const RunOptions& options, MPI_Comm comm);

} // namespace calcar::pipeline
