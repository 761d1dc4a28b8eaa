#pragma once

#include <boost/program_options.hpp>

#include <string>
#include <vector>

namespace calcar::app
{

/// What a command accepts, and its help.
struct Usage
{
  std::string synopsis; ///< "calcar run CASE [options]"
  std::string words;
  std::string example;
  boost::program_options::options_description options;
  std::vector<std::string>
      positional; ///< names of the words without a dash, in order; the last may repeat
};

/// The values given. With --help the help is printed and `help` is true. Throws InputError
/// (command) for an unknown option (with a suggestion), a missing value or too many words.
struct Given
{
  boost::program_options::variables_map values;
  bool help = false;

  bool has(const std::string& name) const { return values.count(name) > 0; }
  std::string text(const std::string& name) const { return values[name].as<std::string>(); }
};

Given parse(const Usage& usage, const std::vector<std::string>& arguments);

/// A required word ("CASE"); throws InputError (command) that shows the synopsis.
std::string required(const Given& given, const Usage& usage, const std::string& name);

} // namespace calcar::app
