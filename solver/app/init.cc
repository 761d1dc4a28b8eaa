#include "app/commands.hpp"
#include "app/options.hpp"
#include "base/error.hpp"
#include "base/files.hpp"

#include <iostream>

namespace calcar::app
{

int init_command(const std::vector<std::string>& arguments)
{
  Usage usage;
  usage.synopsis = "calcar init [FILE]";
  usage.words = "Writes a commented case file to start from, to FILE or to the screen. An existing "
                "file is left alone.";
  usage.example = "calcar init case.toml";
  usage.positional = {"FILE"};
  const Given given = parse(usage, arguments);
  if (given.help)
    return exit_code::done;
  const std::string text = read_text(data_folder("cases") / "template.toml");
  if (!given.has("FILE"))
  {
    std::cout << text;
    return exit_code::done;
  }
  const std::filesystem::path file = given.text("FILE");
  if (std::filesystem::exists(file))
    throw InputError(Fault::command, {file.string(), "the file exists", "a new file",
                                      "choose another name or remove it", ""});
  write_text(file, text);
  std::cout << "wrote " << file.string() << "\n";
  return exit_code::done;
}

} // namespace calcar::app
