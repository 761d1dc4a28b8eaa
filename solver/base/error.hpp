#pragma once

#include <stdexcept>
#include <string>
#include <vector>

namespace calcar
{

/**
 * What a user is told about an input: where, what was given, what is allowed, what to do.
 * `place` is a file with line ("case.toml:12"), a file, or a key; the other parts are clauses
 * without a full stop and may be empty.
 */
struct Problem
{
  std::string place;
  std::string given;
  std::string allowed;
  std::string remedy;
  std::string excerpt; ///< source line and caret, printed below; may be empty
};

/// One line: "place: given; allowed: ...; remedy", then the excerpt on lines of its own.
std::string to_string(const Problem& problem);

/// Which part of the input is at fault; decides the exit code of the program.
enum class Fault
{
  command, ///< command line or case file: exit code 2
  data,    ///< an image, mask or mesh: exit code 3
  meshing  ///< a body could not be meshed: exit code 4
};

/// The user can fix it. Holds one or several problems; what() lists them all.
class InputError : public std::runtime_error
{
public:
  InputError(Fault fault, Problem problem);
  InputError(Fault fault, std::vector<Problem> problems);

  Fault fault() const { return fault_; }
  const std::vector<Problem>& problems() const { return problems_; }

private:
  Fault fault_;
  std::vector<Problem> problems_;
};

/// The numerics failed on valid input: exit code 5.
class SolveError : public std::runtime_error
{
public:
  using std::runtime_error::runtime_error;
};

/// Exit codes of the program, documented and stable.
namespace exit_code
{
constexpr int done = 0;
constexpr int bug = 1;
constexpr int command = 2;
constexpr int data = 3;
constexpr int meshing = 4;
constexpr int not_converged = 5;
constexpr int interrupted = 6;
constexpr int partial = 7;
} // namespace exit_code

/// The exit code that an input error calls for.
int exit_code_of(Fault fault);

} // namespace calcar
