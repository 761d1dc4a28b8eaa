#include "pipeline/memory_limit.hpp"

#include "base/error.hpp"
#include "base/log.hpp"
#include "base/parallel.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <limits>
#include <sstream>

namespace calcar::pipeline
{
namespace
{
constexpr double unlimited = std::numeric_limits<double>::infinity();

/// Value after a word at the start of a line ("MemAvailable:   123 kB"); nothing when it is absent.
std::optional<double> value_of(const std::filesystem::path& file, const std::string& word)
{
  std::ifstream in(file);
  std::string line;
  while (std::getline(in, line))
  {
    std::istringstream words(line);
    std::string first;
    double value = 0;
    if (words >> first && first == word && words >> value)
      return value;
  }
  return std::nullopt;
}

/// The only number in a file; nothing when the file is not there or holds a word ("max").
std::optional<double> number_in(const std::filesystem::path& file)
{
  std::ifstream in(file);
  double value = 0;
  return in >> value ? std::optional(value) : std::nullopt;
}

/// Names of the files of one version of control groups.
struct GroupFiles
{
  const char* limit;
  const char* usage;
  const char* cache; ///< in memory.stat
};
constexpr GroupFiles version_1 = {"memory.limit_in_bytes", "memory.usage_in_bytes",
                                  "total_inactive_file"};
constexpr GroupFiles version_2 = {"memory.max", "memory.current", "inactive_file"};

/// Bytes left in a group; infinite when it has no limit.
double left_in(const std::filesystem::path& group, const GroupFiles& files)
{
  const auto limit = number_in(group / files.limit);
  const auto usage = number_in(group / files.usage);
  if (!limit || !usage)
    return unlimited;
  return *limit - *usage + value_of(group / "memory.stat", files.cache).value_or(0);
}

/// The least that is left in a group and those above it. In a container the path may be that of the
/// host: then only the top is there.
double left_above(const std::filesystem::path& top, std::filesystem::path group,
                  const GroupFiles& files)
{
  double left = left_in(top, files);
  for (group = group.relative_path(); !group.empty(); group = group.parent_path())
    left = std::min(left, left_in(top / group, files));
  return left;
}

double left_in_groups(const std::filesystem::path& proc, const std::filesystem::path& cgroups)
{
  double left = unlimited;
  std::ifstream in(proc / "self/cgroup");
  std::string line; // "0::/path" in version 2, "7:memory:/path" in version 1
  while (std::getline(in, line))
  {
    const auto first = line.find(':');
    const auto second = line.find(':', first + 1);
    if (first == std::string::npos || second == std::string::npos)
      continue;
    const std::string controllers = line.substr(first + 1, second - first - 1);
    const std::filesystem::path group = line.substr(second + 1);
    if (controllers.empty())
      left = std::min(left, left_above(cgroups, group, version_2));
    else if (("," + controllers + ",").find(",memory,") != std::string::npos)
      left = std::min(left, left_above(cgroups / "memory", group, version_1));
  }
  return left;
}

double need_on(const Computer& computer, const PeakMemory& peak)
{
  return (computer.has_root ? peak.root_MB : peak.other_MB) + (computer.ranks - 1) * peak.other_MB;
}

double allowed_on(const Computer& computer, std::optional<double> limit_GB)
{
  return limit_GB ? 1000 * *limit_GB : computer.available_MB;
}

std::string gigabytes(double megabytes)
{
  return format_number(megabytes / 1000, 3) + " GB";
}

/// What is wrong with a computer; nothing when the model fits.
std::optional<Problem> problem_on(const Computer& computer, const Prediction& prediction,
                                  std::optional<double> limit_GB)
{
  const double need = need_on(computer, prediction);
  if (need <= allowed_on(computer, limit_GB))
    return std::nullopt;
  const bool mesh = prediction.method == analysis::Method::mesh;
  const std::string ranks =
      computer.ranks == 1 ? "1 rank" : std::to_string(computer.ranks) + " ranks";
  return Problem{
      "memory of " + computer.name,
      "the model (" + std::to_string(prediction.elements) + (mesh ? " cells, " : " voxels, ") +
          std::to_string(prediction.unknowns) + " unknowns) is predicted to need " +
          gigabytes(need) + " for " + ranks + " there",
      limit_GB ? "[solver] memory_GB = " + format_number(*limit_GB)
               : gigabytes(computer.available_MB) + " that are available",
      std::string(prediction.aggregation_asked_for ? "leave [solver] coarse_space automatic, "
                                                   : "") +
          (mesh ? "make a coarser mesh, choose [mesh] order = 1, "
                : "choose coarser voxels, crop the image, ") +
          "write no fields ([output] fields = false), take fewer ranks, or spread them "
          "over more computers",
      ""};
}
} // namespace

ResidentMemory resident_memory(const std::filesystem::path& proc)
{
  constexpr double kibibyte = 1024e-6;
  return {kibibyte * value_of(proc / "self/status", "VmRSS:").value_or(0),
          kibibyte * value_of(proc / "self/status", "VmHWM:").value_or(0)};
}

double available_memory_MB(const std::filesystem::path& proc, const std::filesystem::path& cgroups)
{
  const auto system = value_of(proc / "meminfo", "MemAvailable:");
  const double free = system ? 1024 * *system : unlimited;
  return std::max(0.0, std::min(free, left_in_groups(proc, cgroups))) / 1e6;
}

std::vector<Computer> computers_of(MPI_Comm comm)
{
  MPI_Comm shared = MPI_COMM_NULL;
  MPI_Comm_split_type(comm, MPI_COMM_TYPE_SHARED, rank(comm), MPI_INFO_NULL, &shared);
  double held = resident_memory().now_MB;
  MPI_Allreduce(MPI_IN_PLACE, &held, 1, MPI_DOUBLE, MPI_SUM, shared);
  double available = available_memory_MB(); // ranks may be in groups of their own
  MPI_Allreduce(MPI_IN_PLACE, &available, 1, MPI_DOUBLE, MPI_MIN, shared);

  struct Entry
  {
    char name[MPI_MAX_PROCESSOR_NAME] = {};
    int leads = 0;
    int ranks = 0;
    double available_MB = 0;
  };
  Entry own;
  int length = 0;
  MPI_Get_processor_name(own.name, &length);
  own.leads = is_root(shared);
  own.ranks = size(shared);
  own.available_MB = available + held;
  MPI_Comm_free(&shared);
  std::vector<Entry> entries(is_root(comm) ? static_cast<std::size_t>(size(comm)) : 0);
  MPI_Gather(&own, sizeof own, MPI_BYTE, entries.data(), sizeof own, MPI_BYTE, 0, comm);
  std::vector<Computer> computers;
  for (std::size_t r = 0; r < entries.size(); ++r)
    if (entries[r].leads)
      computers.push_back({entries[r].name, entries[r].ranks, r == 0, entries[r].available_MB});
  return computers;
}

Computer this_computer(int ranks)
{
  return {"this computer", ranks, true, available_memory_MB() + resident_memory().now_MB};
}

void require_memory(const Prediction& prediction, const std::vector<Computer>& computers,
                    std::optional<double> limit_GB)
{
  std::vector<Problem> problems;
  for (const Computer& computer : computers)
    if (auto problem = problem_on(computer, prediction, limit_GB))
      problems.push_back(std::move(*problem));
  if (!problems.empty())
    throw InputError(Fault::data, std::move(problems));
}

Warnings doubt_memory(const Prediction& prediction, const Computer& here,
                      std::optional<double> limit_GB)
{
  if (limit_GB)
    require_memory(prediction, {here}, limit_GB);
  const auto problem = problem_on(here, prediction, std::nullopt);
  if (limit_GB || !problem)
    return {};
  return {{"too_little_memory",
           problem->given + ", more than the " + problem->allowed + "; it would be refused here",
           problem->place}};
}

bool aggregation_fits(const Prediction& prediction, const std::vector<Computer>& computers,
                      std::optional<double> limit_GB)
{
  return std::all_of(
      computers.begin(), computers.end(),
      [&](const Computer& computer)
      { return need_on(computer, prediction.with_aggregation) <= allowed_on(computer, limit_GB); });
}

bool predict_and_limit(const std::function<Prediction(Work)>& predict_work, Work work,
                       std::optional<double> limit_GB, bool dry_run, Outcome& outcome,
                       MPI_Comm comm)
{
  int fits = 1;
  on_root(comm,
          [&]
          {
            const ResidentMemory held = resident_memory();
            work.ranks = outcome.results.ranks;
            work.held_MB = std::max(held.now_MB, process_MB);
            work.peak_MB = held.peak_MB;
            outcome.prediction = predict_work(work);
          });
  if (dry_run)
    on_root(comm,
            [&]
            {
              append(
                  outcome.results.warnings,
                  doubt_memory(outcome.prediction, this_computer(outcome.results.ranks), limit_GB));
            });
  else
  {
    const std::vector<Computer> computers = computers_of(comm);
    on_root(comm,
            [&]
            {
              require_memory(outcome.prediction, computers, limit_GB);
              fits = aggregation_fits(outcome.prediction, computers, limit_GB);
              if (!fits)
                log_detail("no memory for aggregation: the solver will stay with V-cycles");
            });
  }
  MPI_Bcast(&fits, 1, MPI_INT, 0, comm);
  return fits != 0;
}

void record_peak_memory(Outcome& outcome, MPI_Comm comm)
{
  const double own = resident_memory().peak_MB;
  std::vector<double> peaks(is_root(comm) ? static_cast<std::size_t>(size(comm)) : 0);
  MPI_Gather(&own, 1, MPI_DOUBLE, peaks.data(), 1, MPI_DOUBLE, 0, comm);
  if (!is_root(comm))
    return;
  double sum = 0;
  for (const double peak : peaks)
    sum += peak;
  const Prediction& prediction = outcome.prediction;
  const PeakMemory& used =
      outcome.results.solver.aggregation ? prediction.with_aggregation : prediction;
  log_detail("peak memory: rank 0 " + format_number(peaks.front(), 4) + " MB, all ranks " +
             format_number(sum, 5) + " MB; predicted " + format_number(used.root_MB, 4) + " and " +
             format_number(used.memory_MB, 5) + " MB");
  outcome.results.memory = {used.memory_MB, sum};
}

} // namespace calcar::pipeline
