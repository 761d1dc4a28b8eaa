#include "app/commands.hpp"
#include "app/options.hpp"
#include "base/error.hpp"
#include "report/comparison.hpp"

#include <iostream>

namespace calcar::app
{

int compare_command(const std::vector<std::string>& arguments)
{
  Usage usage;
  usage.synopsis = "calcar compare A B [--json]";
  usage.words = "Sets two results folders side by side: utilisation, fracture load, stiffness and\n"
                "weakest point of each activity. So that one case is compared on voxels and on a\n"
                "mesh, run it twice.";
  usage.example = "calcar run case.toml -o a && calcar run case.toml --method mesh -o b && calcar "
                  "compare a b";
  usage.positional = {"A", "B"};
  usage.options.add_options()("json", "the comparison on stdout as JSON");
  const Given given = parse(usage, arguments);
  if (given.help)
    return exit_code::done;
  const report::Comparison comparison =
      report::compare_results(required(given, usage, "A"), required(given, usage, "B"));
  std::cout << (given.has("json") ? report::comparison_json(comparison)
                                  : report::comparison_table(comparison));
  return exit_code::done;
}

} // namespace calcar::app
