#include "app/commands.hpp"
#include "app/launch.hpp"
#include "app/options.hpp"
#include "base/error.hpp"
#include "base/log.hpp"
#include "base/parallel.hpp"
#include "base/text.hpp"
#include "petsc/session.hpp"
#include "pipeline/pipeline.hpp"
#include "report/write.hpp"
#include "voxel/instruction_set.hpp"
#include "voxel/petsc_syntax.hpp"

#include <nlohmann/json.hpp>

#include <cmath>
#include <cstdio>
#include <iostream>

namespace calcar::app
{
namespace po = boost::program_options;
namespace
{
Usage run_usage()
{
  Usage usage;
  usage.synopsis = "calcar run CASE [options]";
  usage.words = "Computes a case and writes its results folder. Uses all cores: it restarts itself "
                "under mpirun unless it\n"
                "is under MPI already or --ranks 1 is given.";
  usage.example = "calcar run case.toml -o results";
  usage.positional = {"CASE"};
  usage.options.add_options()("output,o", po::value<std::string>(),
                              "results folder (default: CASE's name + .calcar)")(
      "overwrite", "replace an existing results folder")(
      "resume", po::value<std::string>(),
      "results folder of an earlier run of this case, finished or broken off: its paths to "
      "fracture "
      "go on from the last step kept there")("from-step", po::value<int>(),
                                             "with --resume: from this step at the latest")(
      "dry-run", "everything but the solves; predicts size, memory and time")(
      "ranks", po::value<int>(), "number of MPI ranks (default: all cores)")(
      "json", "results on stdout as JSON")("verbose,v", "more about each stage, and the timings")(
      "quiet,q", "errors only")("log-json", "log lines on stderr as JSON objects")(
      "petsc", po::value<std::string>(),
      "solve with PETSc's KSP and its options, as in --petsc \"-ksp_type cg -ksp_monitor\"; PETSc "
      "writes to stdout, with --json to stderr")("method", po::value<std::string>(),
                                                 "voxel or mesh, in the place of the case's own")(
      "check-solver", "compare each solution with an assembled matrix and MUMPS (small bodies)");
  return usage;
}

Usage check_usage()
{
  Usage usage;
  usage.synopsis = "calcar check CASE [--json]";
  usage.words = "Reads the case and its images, finds all errors, and predicts size, memory and "
                "time. Solves nothing.";
  usage.example = "calcar check case.toml";
  usage.positional = {"CASE"};
  usage.options.add_options()("json", "the prediction on stdout as JSON")(
      "verbose,v", "more about each stage")("quiet,q", "errors only");
  return usage;
}

Verbosity verbosity(const Given& given)
{
  return given.has("quiet")     ? Verbosity::quiet
         : given.has("verbose") ? Verbosity::verbose
                                : Verbosity::normal;
}

int ranks_wanted(const Given& given)
{
  if (!given.has("ranks"))
    return cores();
  const int ranks = given.values["ranks"].as<int>();
  if (ranks < 1 || ranks > 100000)
    throw InputError(Fault::command, {"command line", "--ranks is " + std::to_string(ranks),
                                      "1 or more", "leave it out to use all cores", ""});
  return ranks;
}

void print_prediction(const pipeline::Prediction& prediction, bool json)
{
  const bool mesh = prediction.method == analysis::Method::mesh;
  if (json)
  {
    std::cout << nlohmann::ordered_json{{mesh ? "cells" : "voxels", prediction.elements},
                                        {"unknowns", prediction.unknowns},
                                        {"solves", prediction.solves},
                                        {"memory_MB", std::round(prediction.expected().memory_MB)},
                                        {"memory_with_aggregation_MB",
                                         std::round(prediction.with_aggregation.memory_MB)},
                                        {"seconds", prediction.seconds}}
                     .dump(2)
              << "\n";
    return;
  }
  std::printf("no errors found\n%llu %s, %llu unknowns, %d solves; predicted %.0f MB",
              static_cast<unsigned long long>(prediction.elements), mesh ? "cells" : "voxels",
              static_cast<unsigned long long>(prediction.unknowns), prediction.solves,
              prediction.expected().memory_MB);
  if (!mesh)
    std::printf(" (at most %.0f MB with aggregation)", prediction.with_aggregation.memory_MB);
  std::printf(" and %.1f s of solving\n", prediction.seconds);
}

void print_outcome(const pipeline::Outcome& outcome, const pipeline::RunOptions& options,
                   const Given& given)
{
  if (options.dry_run)
  {
    if (!given.has("quiet") || given.has("json"))
      print_prediction(outcome.prediction, given.has("json"));
    return;
  }
  if (given.has("json"))
    std::cout << report::results_json(outcome.results);
  else if (!given.has("quiet"))
    std::cout << "\n"
              << report::terminal_table(outcome.results) << "results: " << options.output.string()
              << "\n";
  log_detail("timings\n" + outcome.results.timings.to_string());
}

/// Runs collectively; a bug on one rank must not leave the others waiting.
int run_under_mpi(const std::filesystem::path& file, const pipeline::RunOptions& options,
                  const Given& given)
{
  int argc = 0;
  char** argv = nullptr;
  const MpiSession session(argc, argv);
  start_log(verbosity(given), is_root(MPI_COMM_WORLD), given.has("log-json"));
  try
  {
    if (!options.petsc.empty() && given.has("json"))
      petsc::write_to_stderr();
    const pipeline::Outcome outcome = pipeline::run_case(file, options, MPI_COMM_WORLD);
    if (is_root(MPI_COMM_WORLD))
      print_outcome(outcome, options, given);
    return exit_code::done;
  }
  catch (const std::exception& error)
  {
    // What all ranks agree on is told by rank 0 alone: another rank that ended with an error before
    // it has written its message would make mpirun stop it.
    if (dynamic_cast<const InputError*>(&error) || dynamic_cast<const SolveError*>(&error))
    {
      if (is_root(MPI_COMM_WORLD))
        throw;
      return exit_code::done;
    }
    std::cerr << "error: this is a bug in Calcar, please report it with the case: " << error.what()
              << "\n";
    if (size(MPI_COMM_WORLD) > 1)
      MPI_Abort(MPI_COMM_WORLD, exit_code::bug);
    return exit_code::bug;
  }
}

/// As one would type it: words with blanks in quotes.
std::string joined_command(const std::string& name, std::vector<std::string> arguments)
{
  for (std::string& word : arguments)
    if (word.empty() || word.find(' ') != std::string::npos)
      word = "\"" + word + "\"";
  return "calcar " + name + (arguments.empty() ? "" : " " + join(arguments, " "));
}

/// Joins "--petsc" and the word behind it: that begins with a dash and would be taken for options
/// of our own (-options_left for -o).
std::vector<std::string> with_petsc_joined(const std::vector<std::string>& arguments)
{
  std::vector<std::string> words;
  for (const std::string& argument : arguments)
    if (!argument.empty() && !words.empty() && words.back() == "--petsc")
      words.back() += "=" + argument;
    else
      words.push_back(argument);
  return words;
}

analysis::Method method_of(const std::string& name)
{
  for (const auto method : {analysis::Method::voxel, analysis::Method::mesh})
    if (analysis::to_string(method) == name)
      return method;
  throw InputError(Fault::command, {"command line", "--method is \"" + name + "\"", "voxel, mesh",
                                    suggestion(name, {"voxel", "mesh"}), ""});
}

/// The options of the solver; what is wrong with their form is told before anything starts.
void take_solver_options(const Given& given, pipeline::RunOptions& options)
{
  voxel::instruction_set(); // refuses a CALCAR_ISA that this processor lacks
  options.check_solver = given.has("check-solver");
  if (given.has("method"))
    options.method = method_of(given.text("method"));
  if (!given.has("petsc"))
    return;
  options.petsc = given.text("petsc");
  voxel::check_petsc_syntax(options.petsc);
}
/// An earlier run to go on from; its results folder is that of this run where -o names no other.
void take_resume(const Given& given, pipeline::RunOptions& options)
{
  if (given.has("from-step"))
    options.resume.from_step = given.values["from-step"].as<int>();
  if (given.has("from-step") && (options.resume.from_step < 1 || !given.has("resume")))
    throw InputError(
        Fault::command,
        {"command line",
         given.has("resume") ? "--from-step is " + std::to_string(options.resume.from_step)
                             : "--from-step is given without --resume",
         "1 or more, with --resume RESULTS", "leave it out to go on from the last", ""});
  if (!given.has("resume"))
    return;
  options.resume.results = given.text("resume");
  if (!given.has("output"))
    options.output = options.resume.results;
}
} // namespace

int run_command(const std::vector<std::string>& arguments)
{
  const Usage usage = run_usage();
  const Given given = parse(usage, with_petsc_joined(arguments));
  if (given.help)
    return exit_code::done;
  const std::filesystem::path file = required(given, usage, "CASE");
  pipeline::RunOptions options;
  options.output = given.has("output") ? given.text("output") : file.stem().string() + ".calcar";
  options.overwrite = given.has("overwrite");
  take_resume(given, options);
  options.dry_run = given.has("dry-run");
  options.command = joined_command("run", arguments);
  take_solver_options(given, options);
  const int ranks = ranks_wanted(given);
  options.ranks = ranks;
  if (!under_mpi() && ranks > 1 && !options.dry_run)
  {
    // Whatever is wrong with the case file itself is told here, without starting the ranks.
    pipeline::read_case(file);
    std::vector<std::string> words = {"run"};
    words.insert(words.end(), arguments.begin(), arguments.end());
    restart_under_mpi(ranks, words);
    std::cerr << "warning: mpirun is not there; going on with one core\n";
  }
  return run_under_mpi(file, options, given);
}

int check_command(const std::vector<std::string>& arguments)
{
  const Usage usage = check_usage();
  const Given given = parse(usage, arguments);
  if (given.help)
    return exit_code::done;
  pipeline::RunOptions options;
  options.dry_run = true;
  options.ranks = cores();
  options.command = joined_command("check", arguments);
  return run_under_mpi(required(given, usage, "CASE"), options, given);
}

} // namespace calcar::app
