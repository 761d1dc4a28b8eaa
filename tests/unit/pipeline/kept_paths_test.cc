#include "base/files.hpp"
#include "pipeline/results_folder.hpp"
#include "refusal.hpp"
#include "temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <set>

using namespace calcar;
using namespace calcar::pipeline;
using Catch::Contains;
namespace fs = std::filesystem;

namespace
{
voxel::PathBasis some_basis(char digit = 'a')
{
  const std::string digest(64, digit);
  return {digest, digest, digest, digest, digest};
}

voxel::KeptPath path_of(std::size_t steps)
{
  voxel::KeptPath path;
  path.basis = some_basis();
  path.steps.resize(steps);
  path.at.drive = static_cast<double>(steps);
  return path;
}

std::set<std::string> names_in(const fs::path& folder)
{
  std::set<std::string> names;
  if (fs::exists(folder))
    for (const fs::directory_entry& entry : fs::directory_iterator(folder))
      names.insert(entry.path().filename().string());
  return names;
}

/// Follows "as is" in "stance" for some steps.
void follow(const KeptPaths& kept, KeepPaths keep, std::size_t from, std::size_t to)
{
  const auto keeping = keeping_of(kept, keep, "as is", "stance");
  for (std::size_t step = from; step <= to; ++step)
  {
    voxel::KeptPath path = path_of(step);
    keeping.keep(path);
  }
}
} // namespace

TEST_CASE("of a path the last step is kept, or all, or none")
{
  const test::TemporaryFolder folder;
  const fs::path results = folder.path() / "out";
  const KeptPaths kept = kept_paths(results, {}, false);
  CHECK(kept.to == folder.path() / "out.unfinished");
  CHECK_FALSE(fs::exists(kept.to)); // nothing is made before there is something to keep
  follow(kept, KeepPaths::last, 1, 3);
  CHECK(names_in(kept.to) == std::set<std::string>{"as_is_stance_step_0003.path"});
  follow(kept, KeepPaths::all, 4, 5);
  CHECK(names_in(kept.to) == std::set<std::string>{"as_is_stance_step_0003.path",
                                                   "as_is_stance_step_0004.path",
                                                   "as_is_stance_step_0005.path"});
  CHECK_FALSE(keeping_of(kept, KeepPaths::none, "as is", "stance").keep);
  CHECK_FALSE(keeping_of(kept, KeepPaths::all, "as is", "stance").earlier);
}

TEST_CASE("an unfinished run is gone on with from its last step, or from one that is named")
{
  const test::TemporaryFolder folder;
  const fs::path results = folder.path() / "out";
  follow(kept_paths(results, {}, false), KeepPaths::all, 1, 4);
  const auto going_on = [&](int from_step, const std::string& activity = "stance")
  {
    return keeping_of(kept_paths(results, {results, from_step}, false), KeepPaths::all, "as is",
                      activity)
        .earlier(some_basis());
  };
  REQUIRE(going_on(0));
  CHECK(going_on(0)->steps.size() == 4);
  CHECK(going_on(99)->steps.size() == 4);
  CHECK_FALSE(going_on(0, "walking"));
  CHECK(going_on(2)->at.drive == 2);
  // What came after the step that is gone on from is no longer true.
  CHECK(names_in(folder.path() / "out.unfinished") ==
        std::set<std::string>{"as_is_stance_step_0001.path", "as_is_stance_step_0002.path"});
}

TEST_CASE("results hold what was kept when they are done, and can be gone on with elsewhere")
{
  const test::TemporaryFolder folder;
  const fs::path results = folder.path() / "out", further = folder.path() / "further";
  {
    ResultsFolder first(results, false);
    write_text(first.path() / "results.json", "{}");
    follow(first.kept(), KeepPaths::all, 1, 2);
    first.commit();
  }
  CHECK_FALSE(fs::exists(folder.path() / "out.unfinished"));
  CHECK(names_in(results / "paths").size() == 2);
  {
    ResultsFolder second(further, false, {results, 0});
    write_text(second.path() / "results.json", "{}");
    const auto keeping = keeping_of(second.kept(), KeepPaths::last, "as is", "stance");
    REQUIRE(keeping.earlier(some_basis()));
    second.commit(); // no step was made beyond: what it went on from is kept
  }
  CHECK(names_in(further / "paths") == std::set<std::string>{"as_is_stance_step_0002.path"});
  CHECK(names_in(results / "paths").size() == 2);
}

TEST_CASE("a run that fails leaves its paths, and a part of it keeps with the whole")
{
  const test::TemporaryFolder folder;
  const fs::path results = folder.path() / "out";
  {
    const ResultsFolder whole(results, false);
    const ResultsFolder part(whole, "other_side");
    follow(part.kept(), KeepPaths::last, 1, 1);
  }
  CHECK(names_in(folder.path()) == std::set<std::string>{"out.unfinished"});
  CHECK(names_in(folder.path() / "out.unfinished/other_side") ==
        std::set<std::string>{"as_is_stance_step_0001.path"});
  const ResultsFolder again(results, false, {results, 0});
  const ResultsFolder part(again, "other_side");
  CHECK(keeping_of(part.kept(), KeepPaths::last, "as is", "stance").earlier(some_basis()));
}

TEST_CASE("kept paths of an unfinished run are not lost without a word")
{
  const test::TemporaryFolder folder;
  const fs::path results = folder.path() / "out";
  follow(kept_paths(results, {}, false), KeepPaths::last, 1, 1);
  CHECK_THAT(test::refusal_of([&] { kept_paths(results, {}, false); }, Fault::command),
             Contains("out.unfinished") && Contains("--resume " + results.string()) &&
                 Contains("--overwrite"));
  kept_paths(results, {}, true);
  CHECK_FALSE(fs::exists(folder.path() / "out.unfinished"));
}

TEST_CASE("a run to go on with that kept nothing, and paths of another case, are refused")
{
  const test::TemporaryFolder folder;
  const fs::path results = folder.path() / "out";
  CHECK_THAT(test::refusal_of(
                 [&] {
                   kept_paths(results, {results, 0}, false);
                 },
                 Fault::command),
             Contains("--resume " + results.string() + ": no path is kept there") &&
                 Contains("keep is \"last\""));
  follow(kept_paths(results, {}, false), KeepPaths::last, 1, 1);
  const auto keeping =
      keeping_of(kept_paths(results, {results, 0}, false), KeepPaths::last, "as is", "stance");
  CHECK_THAT(test::refusal_of([&] { keeping.earlier(some_basis('b')); }, Fault::data),
             Contains("as_is_stance_step_0001.path") && Contains("not that of this case"));
}
