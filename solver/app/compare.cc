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
                "weakest point of each activity. To compare one case on voxels and on a mesh, run\n"
                "it twice: calcar run CASE -o on_voxels; calcar run CASE --method mesh -o on_mesh.";
  usage.example = "calcar compare on_voxels on_mesh";
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
