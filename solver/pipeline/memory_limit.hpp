#pragma once

#include "base/warning.hpp"
#include "pipeline/pipeline.hpp"
#include "pipeline/prediction.hpp"

#include <mpi.h>

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace calcar::pipeline
{

/// Resident memory of this process, MB (10^6 bytes): now, and the most so far. 0 where the system
/// does not tell.
struct ResidentMemory
{
  double now_MB = 0;
  double peak_MB = 0;
};
ResidentMemory resident_memory(const std::filesystem::path& proc = "/proc");

/**
 * Memory that this process could still get without swapping, MB: MemAvailable of /proc/meminfo, or
 * what is left of the limit of its control group (version 1 or 2) or of one above it, when that is
 * less; file cache that the system would give up counts as free. Infinite where nothing is told.
 */
double available_memory_MB(const std::filesystem::path& proc = "/proc",
                           const std::filesystem::path& cgroups = "/sys/fs/cgroup");

/// The ranks on one computer, which share its memory.
struct Computer
{
  std::string name;
  int ranks = 1;
  bool has_root = true;
  double available_MB = 0; ///< what is available, with what the ranks already hold
};

/// The computers that a communicator runs on, on rank 0; empty elsewhere. Collective.
std::vector<Computer> computers_of(MPI_Comm comm);

/// This computer as it would be with so many ranks, for a prediction without running.
Computer this_computer(int ranks);

/**
 * Refuses a model that will not fit, computer by computer: InputError (data) that tells what it
 * needs, what there is, and what to do. `limit_GB` is what [solver] memory_GB allows on each
 * computer; without it the memory available is the limit.
 */
void require_memory(const Prediction& prediction, const std::vector<Computer>& computers,
                    std::optional<double> limit_GB);

/// The same as a warning, for a case that is only checked here and may run elsewhere; a limit that
/// the case itself states is still an error.
Warnings doubt_memory(const Prediction& prediction, const Computer& here,
                      std::optional<double> limit_GB);

/// Whether the model with aggregation as its coarse space, an upper bound, fits on all computers.
bool aggregation_fits(const Prediction& prediction, const std::vector<Computer>& computers,
                      std::optional<double> limit_GB);

/**
 * Predicts a run by `predict_work`, fills in outcome.prediction, and refuses it before it starts
 * when it will not fit (a warning in a dry run). `work` is read on rank 0, where ranks and memory
 * held are filled in. Returns whether the memory would do for aggregation too, on all ranks.
 * Collective.
 */
bool predict_and_limit(const std::function<Prediction(Work)>& predict_work, Work work,
                       std::optional<double> limit_GB, bool dry_run, Outcome& outcome,
                       MPI_Comm comm);

/// Logs the peak of all ranks together beside what was predicted, and puts both into the results.
/// Collective.
void record_peak_memory(Outcome& outcome, MPI_Comm comm);

} // namespace calcar::pipeline
