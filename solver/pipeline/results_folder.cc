#include "pipeline/results_folder.hpp"

#include "base/error.hpp"

#include <unistd.h>

namespace calcar::pipeline
{
namespace fs = std::filesystem;

void require_free(const fs::path& target, bool overwrite)
{
  if (!fs::exists(target))
    return;
  if (!fs::is_directory(target))
    throw InputError(Fault::command,
                     {target.string(), "the results folder's name is taken by a file",
                      "a folder or a new name", "choose another name with -o", ""});
  if (!fs::is_empty(target) && !overwrite)
    throw InputError(Fault::command,
                     {target.string(), "the results folder exists and is not empty",
                      "a new or empty folder", "choose another with -o, or pass --overwrite", ""});
  // Only a folder that a run has made is ever removed.
  if (!fs::is_empty(target) && !fs::exists(target / "results.json"))
    throw InputError(Fault::command,
                     {target.string(),
                      "the folder holds no results.json: it is no results folder of Calcar",
                      "a results folder, or a new name", "choose another with -o", ""});
}

ResultsFolder::ResultsFolder(fs::path target, bool overwrite, const Resume& resume)
    : ResultsFolder(target, overwrite, kept_paths(target, resume, overwrite), false)
{
}

ResultsFolder::ResultsFolder(const ResultsFolder& whole, const std::string& part)
    : ResultsFolder(whole.path() / part, false, whole.kept().within(part), true)
{
}

ResultsFolder::ResultsFolder(fs::path target, bool overwrite, KeptPaths kept, bool is_part)
    : target_(fs::absolute(std::move(target)).lexically_normal()), kept_(std::move(kept)),
      is_part_(is_part)
{
  if (target_.filename().empty())
    target_ = target_.parent_path();
  require_free(target_, overwrite);
  temporary_ = target_.parent_path() /
               ("." + target_.filename().string() + ".part" + std::to_string(getpid()));
  std::error_code failed;
  fs::remove_all(temporary_, failed);
  fs::create_directories(temporary_ / "fields", failed);
  if (failed)
    throw InputError(Fault::command,
                     {target_.string(),
                      "the results folder cannot be made (" + failed.message() + ")", "",
                      "choose a writable place with -o", ""});
}

ResultsFolder::~ResultsFolder()
{
  std::error_code ignored;
  if (!temporary_.empty())
    fs::remove_all(temporary_, ignored);
}

void ResultsFolder::commit()
{
  if (fs::is_empty(temporary_ / "fields"))
    fs::remove(temporary_ / "fields");
  if (fs::exists(target_))
  {
    const fs::path old = temporary_.string() + ".old";
    fs::rename(target_, old);
    std::error_code failed;
    fs::rename(temporary_, target_, failed);
    if (failed)
    {
      fs::rename(old, target_); // the old results stay
      throw InputError(Fault::command,
                       {target_.string(),
                        "the results folder cannot be put in place (" + failed.message() + ")", "",
                        "choose a writable place with -o", ""});
    }
    fs::remove_all(old);
  }
  else
    fs::rename(temporary_, target_);
  temporary_.clear();
  if (!is_part_ && fs::is_directory(kept_.to))
    fs::rename(kept_.to, target_ / "paths");
}

} // namespace calcar::pipeline
