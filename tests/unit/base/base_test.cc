#include "base/error.hpp"
#include "base/files.hpp"
#include "base/log.hpp"
#include "base/parallel.hpp"
#include "base/provenance.hpp"
#include "base/symmetric_tensor.hpp"
#include "base/text.hpp"
#include "base/timer.hpp"

#include <catch2/catch.hpp>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

using namespace calcar;
using Catch::Contains;
namespace fs = std::filesystem;

namespace
{
fs::path scratch(const std::string& name)
{
  const fs::path folder = fs::temp_directory_path() / ("calcar_base_" + std::to_string(getpid()));
  fs::create_directories(folder);
  return folder / name;
}
} // namespace

TEST_CASE("a problem reads as place, given, allowed, remedy")
{
  CHECK(to_string(Problem{"case.toml:12", "mass is -3 kg", "2 to 400 kg", "correct it", ""}) ==
        "case.toml:12: mass is -3 kg; allowed: 2 to 400 kg; correct it");
  CHECK(exit_code_of(Fault::command) == 2);
  CHECK(exit_code_of(Fault::data) == 3);
  CHECK(exit_code_of(Fault::meshing) == 4);
}

TEST_CASE("the nearest name is suggested, and none when nothing is near")
{
  CHECK(nearest_name("direcshun", {"direction", "name"}) == "direction");
  CHECK(nearest_name("levle_walking", {"level_walking", "stumble"}) == "level_walking");
  CHECK(nearest_name("banana", {"direction", "name"}).empty());
}

TEST_CASE("a file is written whole or not at all")
{
  const fs::path file = scratch("a.txt");
  write_text(file, "one");
  write_text(file, "two");
  CHECK(read_text(file) == "two");
  int files = 0;
  for ([[maybe_unused]] const auto& entry : fs::directory_iterator(file.parent_path()))
    ++files;
  CHECK(files == 1);
  CHECK_THROWS_WITH(write_text(scratch("no/such/folder/a.txt"), "x"),
                    Contains("cannot be written"));
  CHECK_THROWS_WITH(read_text(scratch("missing.txt")), Contains("no such file"));
  fs::remove_all(file.parent_path());
}

TEST_CASE("SHA-256 agrees with the published test vector")
{
  // FIPS 180-2, appendix B.1.
  CHECK(sha256_of_text("abc") ==
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  const fs::path file = scratch("abc");
  write_text(file, "abc");
  CHECK(sha256_of(file) == sha256_of_text("abc"));
  fs::remove_all(file.parent_path());
}

TEST_CASE("data folders are found, and an unknown data file lists the known ones")
{
  CHECK(fs::is_directory(data_folder("cases")));
  CHECK_THROWS_WITH(data_folder("no_such_folder"), Contains("CALCAR_DATA"));
  const fs::path root = scratch("data");
  fs::create_directories(root / "materials/protocols");
  std::ofstream(root / "materials/protocols/alpha.toml") << "name = \"alpha\"\n";
  setenv("CALCAR_DATA", root.c_str(), 1);
  CHECK(data_file("materials/protocols", "alpha", "protocol", "case.toml:3").filename() ==
        "alpha.toml");
  CHECK_THROWS_WITH(
      data_file("materials/protocols", "alpah", "protocol", "case.toml:3"),
      Contains("case.toml:3: unknown protocol \"alpah\"; allowed: alpha; did you mean \"alpha\"?"));
  CHECK_THROWS(data_file("materials/protocols", "../protocols/alpha", "protocol", ""));
  unsetenv("CALCAR_DATA");
  fs::remove_all(root.parent_path());
}

TEST_CASE("eigenpairs of a symmetric tensor rebuild it")
{
  const SymTensor tensor{3, -1, 2, 0.5, -0.7, 1.1};
  const auto values = eigenvalues(tensor);
  const auto pairs = eigenpairs(tensor);
  CHECK(values[0] >= values[1]);
  CHECK(values[1] >= values[2]);
  for (int i = 0; i < 3; ++i)
  {
    CHECK(pairs[i].value == Approx(values[i]).epsilon(1e-12));
    const Vec3 residual = tensor * pairs[i].direction - pairs[i].value * pairs[i].direction;
    CHECK(norm(residual) < 1e-12);
  }
  CHECK(values[0] + values[1] + values[2] == Approx(trace(tensor)));
  CHECK(contract(tensor, tensor) ==
        Approx(values[0] * values[0] + values[1] * values[1] + values[2] * values[2]));
}

TEST_CASE("timings add up by stage in the order of their beginning")
{
  Timings timings;
  timings.add("read", 1);
  timings.add("solve", 2);
  timings.add("read", 3);
  CHECK(timings.stages().size() == 2);
  CHECK(timings.stages()[0].second == 4);
  CHECK(timings.total() == 6);
  CHECK_THAT(timings.to_string(), Contains("read") && Contains("total"));
}

TEST_CASE("the log also writes one JSON object a line")
{
  const fs::path file = scratch("log.jsonl");
  start_log(Verbosity::quiet, true);
  log_to(file);
  log_info("a \"quoted\" text\nin two lines");
  start_log(Verbosity::quiet, false);
  log_to(file);
  CHECK_THAT(read_text(file),
             Contains(R"("level":"info","text":"a \"quoted\" text\nin two lines"})"));
  fs::remove_all(file.parent_path());
}
