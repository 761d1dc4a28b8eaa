#include "app/command.hpp"

#include "app/commands.hpp"
#include "base/error.hpp"
#include "base/parallel.hpp"
#include "base/provenance.hpp"
#include "base/text.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <iostream>

namespace calcar::app
{
namespace
{
int print_overview(std::ostream& out)
{
  out << "Calcar " << version()
      << ": will a bone with a metastasis break under the loads of daily life?\n\n"
      << "usage: calcar COMMAND [options]\n\n";
  for (const Command& command : commands())
    out << "  " << command.name << std::string(10 - command.name.size(), ' ') << command.words
        << "\n";
  out << "\n`calcar COMMAND --help` explains a command with an example.\n"
      << "Decision support for research; not a medical device.\n";
  return exit_code::done;
}

void tell(const InputError& error, bool json)
{
  if (!speaks_to_user())
    return;
  for (const Problem& problem : error.problems())
    std::cerr << "error: " << to_string(problem) << "\n";
  if (!json)
    return;
  nlohmann::ordered_json errors = nlohmann::ordered_json::array();
  for (const Problem& problem : error.problems())
    errors.push_back({{"place", problem.place},
                      {"given", problem.given},
                      {"allowed", problem.allowed},
                      {"remedy", problem.remedy}});
  std::cout << nlohmann::ordered_json{{"exit_code", exit_code_of(error.fault())},
                                      {"errors", errors}}
                   .dump(2)
            << "\n";
}

int run_named(const std::string& name, const std::vector<std::string>& arguments)
{
  const auto& all = commands();
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const Command& c) { return c.name == name; });
  if (found != all.end())
    return found->run(arguments);
  std::vector<std::string> names;
  for (const Command& command : all)
    names.push_back(command.name);
  throw InputError(Fault::command, {"command line", "unknown command \"" + name + "\"", join(names),
                                    suggestion(name, names), ""});
}
} // namespace

const std::vector<Command>& commands()
{
  static const std::vector<Command> table = {
      {"run", "computes a case: utilisation, fracture load, fields", run_command},
      {"check", "finds all errors of a case, predicts size, memory and time; no solve",
       check_command},
      {"info", "tells what is in an image, a mesh or a surface", info_command},
      {"phantom", "makes a synthetic bone: image, labels and a case file", phantom_command},
      {"mesh", "makes tetrahedra of a case, a surface or a mesh", mesh_command},
      {"compare", "sets two results folders side by side", compare_command},
      {"list", "lists laws, protocols, activities, bones, landmarks, ...", list_command},
      {"init", "writes a commented case file to start from", init_command},
  };
  return table;
}

int run_program(const std::vector<std::string>& arguments)
{
  const bool json = std::find(arguments.begin(), arguments.end(), "--json") != arguments.end();
  try
  {
    if (arguments.empty())
    {
      print_overview(std::cerr);
      return exit_code::command;
    }
    if (arguments[0] == "--help" || arguments[0] == "-h" || arguments[0] == "help")
      return print_overview(std::cout);
    if (arguments[0] == "--version")
    {
      std::cout << "calcar " << version() << "\n";
      return exit_code::done;
    }
    return run_named(arguments[0], {arguments.begin() + 1, arguments.end()});
  }
  catch (const InputError& error)
  {
    tell(error, json);
    return exit_code_of(error.fault());
  }
  catch (const SolveError& error)
  {
    if (speaks_to_user())
      std::cerr << "error: not converged: " << error.what() << "\n";
    return exit_code::not_converged;
  }
  catch (const std::exception& error)
  {
    std::cerr << "error: this is a bug in Calcar, please report it with the case: " << error.what()
              << "\n";
    return exit_code::bug;
  }
}

} // namespace calcar::app
