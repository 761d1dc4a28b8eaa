#include "app/options.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

#include <iostream>

namespace calcar::app
{
namespace po = boost::program_options;
namespace
{
std::vector<std::string> option_names(const Usage& usage)
{
  std::vector<std::string> names = {"--help"};
  for (const auto& option : usage.options.options())
    names.push_back("--" + option->long_name());
  return names;
}

void print_help(const Usage& usage)
{
  std::cout << "usage: " << usage.synopsis << "\n\n" << usage.words << "\n\n";
  if (!usage.options.options().empty())
    std::cout << usage.options << "\n";
  std::cout << "example:\n  " << usage.example << "\n";
}

[[noreturn]] void refuse(const Usage& usage, const std::string& given, const std::string& remedy)
{
  throw InputError(Fault::command, {"command line", given, usage.synopsis, remedy, ""});
}
} // namespace

Given parse(const Usage& usage, const std::vector<std::string>& arguments)
{
  po::options_description all;
  all.add(usage.options).add_options()("help,h", "this help");
  po::positional_options_description positional;
  po::options_description hidden;
  for (const std::string& name : usage.positional)
  {
    hidden.add_options()(name.c_str(), po::value<std::string>());
    positional.add(name.c_str(), 1);
  }
  all.add(hidden);
  Given given;
  try
  {
    po::store(
        po::command_line_parser(arguments)
            .options(all)
            .positional(positional)
            .style(po::command_line_style::unix_style ^ po::command_line_style::allow_guessing)
            .run(),
        given.values);
    po::notify(given.values);
  }
  catch (const po::unknown_option& error)
  {
    const std::string name = error.get_option_name();
    refuse(usage, "unknown option \"" + name + "\"", suggestion(name, option_names(usage)));
  }
  catch (const po::too_many_positional_options_error&)
  {
    refuse(usage, "too many words", "see --help");
  }
  catch (const po::error& error)
  {
    refuse(usage, error.what(), "see --help");
  }
  given.help = given.values.count("help") > 0;
  if (given.help)
    print_help(usage);
  return given;
}

std::string required(const Given& given, const Usage& usage, const std::string& name)
{
  if (!given.has(name))
    refuse(usage, "missing " + name, "see --help for an example");
  return given.text(name);
}

} // namespace calcar::app
