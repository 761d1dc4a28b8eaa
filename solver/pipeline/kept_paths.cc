#include "pipeline/kept_paths.hpp"

#include "base/error.hpp"
#include "base/log.hpp"

#include <algorithm>
#include <cstdio>
#include <map>

namespace calcar::pipeline
{
namespace
{
namespace fs = std::filesystem;

constexpr const char* ending = ".path";

std::string stem_of(const std::string& variant, const std::string& activity)
{
  std::string stem = variant + "_" + activity + "_step_";
  std::replace(stem.begin(), stem.end(), ' ', '_');
  return stem;
}

fs::path file_of(const fs::path& folder, const std::string& stem, std::size_t step)
{
  char digits[16];
  std::snprintf(digits, sizeof digits, "%04zu", step);
  return folder / (stem + digits + ending);
}

/// The files of a path in a folder by their steps.
std::map<std::size_t, fs::path> files_in(const fs::path& folder, const std::string& stem)
{
  std::map<std::size_t, fs::path> files;
  if (!fs::is_directory(folder))
    return files;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder))
  {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with(stem) || !name.ends_with(ending))
      continue;
    const std::string digits =
        name.substr(stem.size(), name.size() - stem.size() - std::string(ending).size());
    if (!digits.empty() && digits.find_first_not_of("0123456789") == std::string::npos)
      files[std::stoul(digits)] = entry.path();
  }
  return files;
}

bool has_paths(const fs::path& folder)
{
  if (!fs::is_directory(folder))
    return false;
  const fs::recursive_directory_iterator entries(folder);
  return std::any_of(begin(entries), end(entries),
                     [](const fs::directory_entry& e) { return e.path().extension() == ending; });
}

/// The last kept step that is asked for, in the first folder that has one.
fs::path found(const KeptPaths& kept, const std::string& stem)
{
  for (const fs::path& folder : kept.from)
  {
    const auto files = files_in(folder, stem);
    auto after = kept.from_step > 0 ? files.upper_bound(static_cast<std::size_t>(kept.from_step))
                                    : files.end();
    if (after != files.begin())
      return std::prev(after)->second;
  }
  return {};
}

/// Takes away files of a path in a folder but those of steps that `stays` says.
template <typename Stays>
void remove_files(const fs::path& folder, const std::string& stem, const Stays& stays)
{
  std::error_code ignored;
  for (const auto& [step, file] : files_in(folder, stem))
    if (!stays(step))
      fs::remove(file, ignored);
}

void keep_step(const voxel::KeptPath& path, const fs::path& folder, const std::string& stem,
               KeepPaths keep)
{
  fs::create_directories(folder);
  const std::size_t step = path.steps.size();
  write_kept_path(file_of(folder, stem, step), path);
  if (keep == KeepPaths::last)
    remove_files(folder, stem, [&](std::size_t other) { return other == step; });
}

/// Copies the steps that a path is gone on from beside those that will follow.
void take_over(const fs::path& file, const fs::path& folder, const std::string& stem,
               std::size_t step, KeepPaths keep)
{
  fs::create_directories(folder);
  remove_files(folder, stem, [&](std::size_t other) { return other <= step; });
  if (fs::equivalent(file.parent_path(), folder))
    return;
  for (const auto& [earlier, from] : files_in(file.parent_path(), stem))
    if (earlier == step || (keep == KeepPaths::all && earlier < step))
      fs::copy_file(from, folder / from.filename(), fs::copy_options::overwrite_existing);
}
} // namespace

KeptPaths KeptPaths::within(const std::string& part) const
{
  KeptPaths inner = *this;
  inner.to /= part;
  for (fs::path& folder : inner.from)
    folder /= part;
  return inner;
}

fs::path unfinished(const fs::path& results)
{
  fs::path whole = fs::absolute(results).lexically_normal();
  if (whole.filename().empty())
    whole = whole.parent_path();
  return whole += ".unfinished";
}

KeptPaths kept_paths(const fs::path& results, const Resume& resume, bool overwrite)
{
  KeptPaths kept;
  kept.to = unfinished(results);
  kept.from_step = resume.from_step;
  if (!resume.results.empty())
  {
    kept.from = {unfinished(resume.results), resume.results / "paths"};
    if (std::none_of(kept.from.begin(), kept.from.end(), has_paths))
      throw InputError(Fault::command,
                       {"command line",
                        "--resume " + resume.results.string() + ": no path is kept there",
                        "the results folder of a run with [fracture_load] whose keep is \"last\" "
                        "or \"all\", finished or not",
                        "leave --resume out to begin anew", ""});
  }
  const bool goes_on = std::find(kept.from.begin(), kept.from.end(), kept.to) != kept.from.end();
  if (goes_on || !has_paths(kept.to))
    return kept;
  if (!overwrite)
    throw InputError(
        Fault::command,
        {kept.to.string(), "an unfinished run has left its paths to fracture here", "",
         "go on with it: --resume " + results.string() + "; or pass --overwrite to begin anew",
         ""});
  fs::remove_all(kept.to);
  return kept;
}

analysis::PathKeeping keeping_of(const KeptPaths& kept, KeepPaths keep, const std::string& variant,
                                 const std::string& activity)
{
  const std::string stem = stem_of(variant, activity);
  analysis::PathKeeping keeping;
  if (keep != KeepPaths::none)
    keeping.keep = [=](voxel::KeptPath& path) { keep_step(path, kept.to, stem, keep); };
  if (kept.from.empty())
    return keeping;
  keeping.earlier = [=](const voxel::PathBasis& basis) -> std::optional<voxel::KeptPath>
  {
    const fs::path file = found(kept, stem);
    if (file.empty())
    {
      log_info(variant + ", " + activity + ": no step is kept; the path begins anew");
      return std::nullopt;
    }
    voxel::KeptPath path = voxel::read_kept_path(file, basis);
    log_info(variant + ", " + activity + ": goes on from step " +
             std::to_string(path.steps.size()) + " of " + file.string());
    if (keep != KeepPaths::none)
      take_over(file, kept.to, stem, path.steps.size(), keep);
    return path;
  };
  return keeping;
}

} // namespace calcar::pipeline
