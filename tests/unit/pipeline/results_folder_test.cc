#include "pipeline/results_folder.hpp"
#include "unit/material/scratch_file.hpp"
#include "unit/pipeline/case_files.hpp"

#include <catch2/catch.hpp>

#include <set>

using namespace calcar;
using namespace calcar::pipeline;
using Catch::Contains;
namespace fs = std::filesystem;

namespace
{
/// Everything below a folder, by path from it.
std::set<std::string> tree(const fs::path& folder)
{
  std::set<std::string> names;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    names.insert(fs::relative(entry.path(), folder).string());
  return names;
}

void run(const fs::path& target, bool overwrite, const std::string& text)
{
  ResultsFolder results(target, overwrite);
  write_text(results.path() / "results.json", text);
  results.commit();
}
} // namespace

TEST_CASE("results appear under their name when they are committed, not before")
{
  const Folder folder;
  const fs::path target = folder.path() / "new/out";
  {
    ResultsFolder results(target, false);
    CHECK(fs::is_directory(results.path() / "fields"));
    write_text(results.path() / "results.json", "{}");
    write_text(results.path() / "fields/a.vti", "a");
    CHECK_FALSE(fs::exists(target));
    results.commit();
  }
  CHECK(tree(folder.path()) == std::set<std::string>{"new", "new/out", "new/out/results.json",
                                                     "new/out/fields", "new/out/fields/a.vti"});
}

TEST_CASE("a run without fields leaves no empty folder for them")
{
  const Folder folder;
  run(folder.path() / "out", false, "{}");
  CHECK(tree(folder.path()) == std::set<std::string>{"out", "out/results.json"});
}

TEST_CASE("without a commit nothing is left behind, and old results stay")
{
  const Folder folder;
  const fs::path target = folder.path() / "out";
  {
    const ResultsFolder results(target, false);
    write_text(results.path() / "results.json", "half");
  }
  CHECK(tree(folder.path()).empty());
  run(target, false, "old");
  {
    const ResultsFolder results(target, true);
    write_text(results.path() / "results.json", "half");
    CHECK(read_text(target / "results.json") == "old");
  }
  CHECK(tree(folder.path()) == std::set<std::string>{"out", "out/results.json"});
  CHECK(read_text(target / "results.json") == "old");
}

TEST_CASE("a folder that is not empty is kept unless it may be overwritten")
{
  const Folder folder;
  const fs::path target = folder.path() / "out";
  run(target, false, "old");
  folder.write("out/note.txt", "mine");
  CHECK_THAT(refusal([&] { ResultsFolder(target, false); }),
             Contains("the results folder exists and is not empty; allowed: a new or empty folder; "
                      "choose another with -o, or pass --overwrite"));
  CHECK(read_text(target / "results.json") == "old");
  run(target, true, "new");
  CHECK(tree(folder.path()) == std::set<std::string>{"out", "out/results.json"});
  CHECK(read_text(target / "results.json") == "new");
}

TEST_CASE("only a folder that a run has made is ever overwritten")
{
  const Folder folder;
  folder.write("thesis/chapter.txt", "years of work");
  CHECK_THAT(refusal([&] { ResultsFolder(folder.path() / "thesis", true); }),
             Contains("holds no results.json: it is no results folder of Calcar"));
  CHECK(read_text(folder.path() / "thesis/chapter.txt") == "years of work");
  folder.write("file", "text");
  for (const bool overwrite : {false, true})
    CHECK_THAT(refusal([&] { require_free(folder.path() / "file", overwrite); }),
               Contains("the results folder's name is taken by a file"));
  CHECK(read_text(folder.path() / "file") == "text");
}

TEST_CASE("an empty folder may be used, and a name with a slash at its end")
{
  const Folder folder;
  fs::create_directories(folder.path() / "out");
  CHECK(refusal([&] { require_free(folder.path() / "out", false); }) == "");
  CHECK(refusal([&] { require_free(folder.path() / "none", false); }) == "");
  run(folder.path() / "out/", false, "{}");
  CHECK(tree(folder.path()) == std::set<std::string>{"out", "out/results.json"});
}

TEST_CASE("a results folder below a file cannot be made")
{
  const Folder folder;
  folder.write("file", "text");
  CHECK_THAT(refusal([&] { ResultsFolder(folder.path() / "file/out", false); }),
             Contains("the results folder cannot be made") && Contains("choose a writable place"));
}
