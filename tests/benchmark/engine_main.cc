// One measurement of an engine per process, printed as JSON; scripts/benchmark drives it.
//
//   benchmark_engine operator [--size 128] [--stream-bytes 2.2e9] [--repeat 5]
//   benchmark_engine solve --body KIND --size N | --file BODY [--loads one|six] [--alone]
//                          [--repeat 3] [--residual 1e-6]
//   benchmark_engine mesh [--size 34] [--repeat 3] [--residual 1e-8]   quadratic tetrahedra
//   benchmark_engine calculix-input --size N --folder F   input files for ccx of the grouped cube
//   benchmark_engine calculix-compare --size N --dat F    the engine's answer against what ccx said

#include "base/parallel.hpp"
#include "benchmark/rows.hpp"
#include "calculix/calculix.hpp"
#include "voxel/engine.hpp"

#include <algorithm>
#include <iostream>
#include <map>
#include <stdexcept>

namespace
{
using namespace calcar;
using Json = nlohmann::json;

using Words = std::map<std::string, std::string>;

Words read_words(int argc, char** argv)
{
  const std::string known = " size stream-bytes repeat body file loads alone residual folder dat ";
  Words words;
  for (int n = 2; n < argc; ++n)
  {
    const std::string name = std::string(argv[n]).substr(0, 2) == "--" ? argv[n] + 2 : "";
    if (name.empty() || known.find(" " + name + " ") == std::string::npos)
      throw std::invalid_argument(std::string("not understood: ") + argv[n]);
    if (name == "alone")
      words[name] = "yes";
    else if (n + 1 < argc)
      words[name] = argv[++n];
    else
      throw std::invalid_argument("--" + name + " needs a value");
  }
  return words;
}

std::string text(const Words& words, const std::string& name, const std::string& otherwise = "")
{
  const auto found = words.find(name);
  if (found == words.end() && otherwise.empty())
    throw std::invalid_argument("--" + name + " is missing");
  return found == words.end() ? otherwise : found->second;
}

double positive(const Words& words, const std::string& name, const std::string& otherwise = "")
{
  const double value = std::stod(text(words, name, otherwise));
  if (!(value > 0))
    throw std::invalid_argument("--" + name + " must be greater than 0");
  return value;
}

int whole(const Words& words, const std::string& name, const std::string& otherwise = "")
{
  return static_cast<int>(positive(words, name, otherwise));
}

Json solve(const Words& words)
{
  const std::string which = text(words, "loads", "one");
  if (which != "one" && which != "six")
    throw std::invalid_argument("--loads " + which + ": known: one, six");
  const benchmark::Loads loads = which == "one" ? benchmark::Loads::one : benchmark::Loads::six;
  benchmark::SolveOptions options;
  options.relative_residual = positive(words, "residual", "1e-6");
  options.repetitions = whole(words, "repeat", "3");
  options.alone = words.count("alone") > 0;
  const auto make = [&]
  {
    return words.count("file")
               ? benchmark::read_body(text(words, "file"), loads)
               : benchmark::make_cube(text(words, "body"), whole(words, "size"), loads);
  };
  return benchmark::solve_row(make, options, MPI_COMM_WORLD);
}

Json solve_mesh(const Words& words)
{
  benchmark::SolveOptions options;
  options.relative_residual = positive(words, "residual", "1e-8");
  options.repetitions = whole(words, "repeat", "3");
  return benchmark::mesh_row(whole(words, "size", "34"), options, MPI_COMM_WORLD);
}

Json write_calculix(const Words& words)
{
  const auto cube = benchmark::make_cube("grouped", whole(words, "size"), benchmark::Loads::one);
  const std::filesystem::path folder = text(words, "folder");
  const std::map<std::string, calculix::Solver> solvers = {
      {"scaling", calculix::Solver::iterative_scaling},
      {"cholesky", calculix::Solver::iterative_cholesky},
      {"spooles", calculix::Solver::spooles}};
  for (const auto& [name, solver] : solvers)
    calculix::write_input(folder / (name + ".inp"), {cube.body, cube.supports, cube.loads[0]},
                          solver, calculix::Print::displacements);
  return {{"elements", cube.body.voxels.size()}};
}

Json compare_calculix(const Words& words)
{
  const auto cube = benchmark::make_cube("grouped", whole(words, "size"), benchmark::Loads::one);
  voxel::Options options;
  options.relative_residual = 1e-10;
  voxel::Engine engine(cube.body, cube.supports, MPI_COMM_SELF, options);
  const auto ours = engine.solve(cube.loads, cube.scale).front().displacement;
  const auto theirs =
      calculix::read_answer(text(words, "dat"), ours.size(), cube.body.voxels.size()).displacement;
  double largest = 0;
  double difference = 0;
  for (std::size_t n = 0; n < ours.size(); ++n)
  {
    largest = std::max(largest, norm(ours[n]));
    difference = std::max(difference, norm(ours[n] - theirs[n]));
  }
  return {{"relative_difference", difference / largest}};
}

Json measure(const std::string& what, const Words& words)
{
  if (what == "operator")
    return benchmark::operator_row(
        whole(words, "size", "128"),
        static_cast<std::size_t>(positive(words, "stream-bytes", "2.2e9")),
        whole(words, "repeat", "5"), MPI_COMM_WORLD);
  if (what == "solve")
    return solve(words);
  if (what == "mesh")
    return solve_mesh(words);
  if (what == "calculix-input")
    return write_calculix(words);
  if (what == "calculix-compare")
    return compare_calculix(words);
  throw std::invalid_argument("unknown measurement \"" + what +
                              "\"; known: operator, solve, mesh, calculix-input, calculix-compare");
}
} // namespace

int main(int argc, char** argv)
{
  const MpiSession session(argc, argv);
  try
  {
    const Json row = measure(argc > 1 ? argv[1] : "", read_words(argc, argv));
    if (is_root(MPI_COMM_WORLD))
      std::cout << row.dump() << "\n";
    return 0;
  }
  catch (const std::exception& error)
  {
    if (is_root(MPI_COMM_WORLD))
      std::cerr << "benchmark_engine: " << error.what() << "\n";
    return 1;
  }
}
