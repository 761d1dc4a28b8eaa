#include "base/files.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>

namespace calcar
{
namespace fs = std::filesystem;

std::string read_text(const fs::path& file, Fault fault)
{
  std::ifstream stream(file, std::ios::binary);
  if (fs::is_directory(file) || !stream)
    throw InputError(fault,
                     {file.string(), fs::exists(file) ? "the file cannot be read" : "no such file",
                      "", "check the path and its permissions", ""});
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

void write_text(const fs::path& file, const std::string& text)
{
  const fs::path temporary = file.string() + ".part" + std::to_string(getpid());
  {
    std::ofstream stream(temporary, std::ios::binary);
    stream << text;
    stream.close();
    if (!stream)
    {
      std::error_code ignored;
      fs::remove(temporary, ignored);
      throw InputError(Fault::command,
                       {file.string(), "the file cannot be written", "",
                        "check that the folder exists, is writable and has space left", ""});
    }
  }
  fs::rename(temporary, file);
}

fs::path data_folder(const std::string& name)
{
  std::vector<fs::path> roots;
  const char* chosen = std::getenv("CALCAR_DATA");
  if (chosen && *chosen)
    roots.emplace_back(chosen);
  else
  {
    // An installation, also one that was moved as a whole: <prefix>/bin/calcar beside
    // <prefix>/share/calcar.
    std::error_code unknown;
    const fs::path program = fs::read_symlink("/proc/self/exe", unknown);
    if (!unknown)
      roots.push_back(program.parent_path().parent_path() / "share" / "calcar");
    roots.emplace_back(CALCAR_SOURCE_DATA);
    roots.emplace_back(CALCAR_INSTALLED_DATA);
  }
  for (const fs::path& root : roots)
    if (fs::is_directory(root / name))
      return root / name;
  std::vector<std::string> tried;
  for (const fs::path& root : roots)
    tried.push_back((root / name).string());
  throw InputError(Fault::command,
                   {"data folder \"" + name + "\"", "not found in " + join(tried), "",
                    "set CALCAR_DATA to the folder that holds materials/ and cases/", ""});
}

std::vector<std::string> data_names(const std::string& folder)
{
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(data_folder(folder)))
    if (entry.path().extension() == ".toml")
      names.push_back(entry.path().stem().string());
  std::sort(names.begin(), names.end());
  return names;
}

fs::path data_file(const std::string& folder, const std::string& name, const std::string& what,
                   const std::string& place)
{
  const fs::path file = data_folder(folder) / (name + ".toml");
  const bool plain = name.find('/') == std::string::npos && name.find("..") == std::string::npos;
  if (plain && fs::is_regular_file(file))
    return file;
  const std::vector<std::string> names = data_names(folder);
  throw InputError(Fault::command, {place, "unknown " + what + " \"" + name + "\"", join(names),
                                    suggestion(name, names), ""});
}

} // namespace calcar
