#include "base/error.hpp"
#include "pipeline/memory_limit.hpp"

#include <catch2/catch.hpp>
#include <unistd.h>

#include <fstream>

using namespace calcar;
using namespace calcar::pipeline;
using Catch::Contains;

namespace
{
/// Made-up /proc and /sys/fs/cgroup, removed at the end.
class System
{
public:
  System() : folder_(std::filesystem::temp_directory_path() / ("calcar" + std::to_string(getpid())))
  {
    write("proc/meminfo", "MemTotal:       20000000 kB\nMemFree:         1000 kB\n"
                          "MemAvailable:    8000000 kB\n");
  }
  ~System() { std::filesystem::remove_all(folder_); }
  System(const System&) = delete;
  System& operator=(const System&) = delete;

  void write(const std::string& name, const std::string& text) const
  {
    std::filesystem::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name) << text;
  }
  double available() const { return available_memory_MB(folder_ / "proc", folder_ / "cgroup"); }
  std::filesystem::path proc() const { return folder_ / "proc"; }

private:
  std::filesystem::path folder_;
};

Prediction predicted(double root_MB, double other_MB)
{
  Prediction prediction;
  prediction.elements = 1000;
  prediction.unknowns = 4000;
  prediction.root_MB = root_MB;
  prediction.other_MB = other_MB;
  return prediction;
}

std::string refusal(const Prediction& prediction, const std::vector<Computer>& computers,
                    std::optional<double> limit)
{
  try
  {
    require_memory(prediction, computers, limit);
  }
  catch (const InputError& error)
  {
    CHECK(error.fault() == Fault::data);
    return error.what();
  }
  return "";
}
} // namespace

TEST_CASE("memory available is what the system says")
{
  const System system;
  CHECK(system.available() == Approx(8192.0));
}

TEST_CASE("a limit of the control group counts when it is lower, less what is used")
{
  const System system;
  system.write("proc/self/cgroup", "0::/batch/job7\n");
  system.write("cgroup/batch/job7/memory.max", "max\n");
  system.write("cgroup/batch/job7/memory.current", "700000000\n");
  CHECK(system.available() == Approx(8192.0));
  system.write("cgroup/batch/memory.max", "3000000000\n"); // of the group above
  system.write("cgroup/batch/memory.current", "900000000\n");
  CHECK(system.available() == Approx(2100.0));
  system.write("cgroup/batch/memory.stat", "anon 1\ninactive_file 400000000\n");
  CHECK(system.available() == Approx(2500.0)); // cache that can go
  system.write("cgroup/batch/memory.max", "90000000000\n");
  CHECK(system.available() == Approx(8192.0));
}

TEST_CASE("version 1 of the control groups is understood, and a path of the host in a container")
{
  const System system;
  system.write("proc/self/cgroup", "3:cpu,cpuacct:/x\n7:memory:/docker/abc\n");
  system.write("cgroup/memory/memory.limit_in_bytes", "2000000000\n");
  system.write("cgroup/memory/memory.usage_in_bytes", "500000000\n");
  system.write("cgroup/memory/memory.stat", "total_inactive_file 100000000\n");
  CHECK(system.available() == Approx(1600.0));
  system.write("cgroup/memory/memory.usage_in_bytes", "2500000000\n");
  CHECK(system.available() == 0);
}

TEST_CASE("resident memory is read, and is that of this process")
{
  const System system;
  system.write("proc/self/status", "Name:\tx\nVmHWM:\t  3000 kB\nVmRSS:\t  2000 kB\n");
  CHECK(resident_memory(system.proc()).now_MB == Approx(2.048));
  CHECK(resident_memory(system.proc()).peak_MB == Approx(3.072));
  const ResidentMemory before = resident_memory();
  const std::vector<char> block(100000000, 1);
  const ResidentMemory after = resident_memory();
  CHECK(after.now_MB - before.now_MB == Approx(100).margin(5));
  CHECK(after.peak_MB >= after.now_MB);
}

TEST_CASE("a model that fits is let through, one that does not is refused with what to do")
{
  const Prediction prediction = predicted(3000, 1000);
  const Computer computer{"node1", 4, true, 6000};
  CHECK(refusal(prediction, {computer}, std::nullopt).empty());
  const std::string text = refusal(prediction, {{"node1", 4, true, 5900}}, std::nullopt);
  CHECK_THAT(text, Contains("memory of node1") && Contains("1000 voxels, 4000 unknowns") &&
                       Contains("6 GB for 4 ranks") && Contains("5.9 GB that are available") &&
                       Contains("coarser voxels"));
  CHECK_THAT(refusal(prediction, {computer}, 5.5), Contains("[solver] memory_GB = 5.5"));
  CHECK(refusal(prediction, {{"node1", 4, true, 10}}, 6.5).empty()); // the case knows better
}

TEST_CASE("only ranks on the same computer share its memory")
{
  const Prediction prediction = predicted(3000, 1000);
  CHECK(refusal(prediction, {{"a", 2, true, 4100}, {"b", 2, false, 2100}}, std::nullopt).empty());
  const std::string text =
      refusal(prediction, {{"a", 2, true, 4100}, {"b", 2, false, 1900}}, std::nullopt);
  CHECK_THAT(text, Contains("memory of b") && !Contains("memory of a"));
}

TEST_CASE("a dry run warns, but an own limit is an error there too")
{
  const Prediction prediction = predicted(3000, 1000);
  CHECK(doubt_memory(prediction, {"here", 2, true, 5000}, std::nullopt).empty());
  const Warnings warnings = doubt_memory(prediction, {"here", 2, true, 3500}, std::nullopt);
  REQUIRE(warnings.size() == 1);
  CHECK(warnings.front().code == "too_little_memory");
  CHECK_THAT(warnings.front().text, Contains("4 GB for 2 ranks") && Contains("3.5 GB"));
  CHECK_THROWS_AS(doubt_memory(prediction, {"here", 2, true, 9000}, 3.9), InputError);
  CHECK(doubt_memory(prediction, {"here", 2, true, 1}, 4.1).empty());
}

TEST_CASE("aggregation fits when its upper bound does, on every computer")
{
  Prediction prediction = predicted(3000, 1000);
  prediction.with_aggregation = {10000, 5000, 2500};
  CHECK(aggregation_fits(prediction, {{"a", 3, true, 10000}}, std::nullopt));
  CHECK_FALSE(aggregation_fits(prediction, {{"a", 3, true, 9999}}, std::nullopt));
  CHECK_FALSE(aggregation_fits(prediction, {{"a", 3, true, 20000}}, 9.9));
  CHECK(aggregation_fits(prediction, {{"a", 1, true, 5000}, {"b", 2, false, 5000}}, std::nullopt));
  CHECK_FALSE(
      aggregation_fits(prediction, {{"a", 1, true, 5000}, {"b", 2, false, 4999}}, std::nullopt));
}

TEST_CASE("the computers of a communicator hold all its ranks")
{
  const std::vector<Computer> computers = computers_of(MPI_COMM_WORLD);
  REQUIRE(computers.size() == 1);
  CHECK(computers.front().ranks == 1);
  CHECK(computers.front().has_root);
  CHECK_FALSE(computers.front().name.empty());
  CHECK(computers.front().available_MB > 0);
}
