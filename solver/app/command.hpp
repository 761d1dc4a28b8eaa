#pragma once

#include <functional>
#include <string>
#include <vector>

namespace calcar::app
{

/// A verb of the program: `calcar NAME ...`. `run` gets the words after the name and returns the
/// exit code.
struct Command
{
  std::string name;
  std::string words; ///< one line for the overview
  std::function<int(const std::vector<std::string>& arguments)> run;
};

/// All commands, in the order of the overview.
const std::vector<Command>& commands();

/// The program: argv without its first entry to exit code. Errors go to stderr (rank 0), as JSON
/// with --json.
int run_program(const std::vector<std::string>& arguments);

} // namespace calcar::app
