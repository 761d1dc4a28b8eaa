#include "base/error.hpp"

namespace calcar
{
namespace
{
std::string join(const std::vector<Problem>& problems)
{
  std::string text;
  for (const Problem& problem : problems)
    text += (text.empty() ? "" : "\n") + to_string(problem);
  return text;
}
} // namespace

std::string to_string(const Problem& problem)
{
  std::string text = problem.place.empty() ? "" : problem.place + ": ";
  text += problem.given;
  if (!problem.allowed.empty())
    text += "; allowed: " + problem.allowed;
  if (!problem.remedy.empty())
    text += "; " + problem.remedy;
  if (!problem.excerpt.empty())
    text += "\n" + problem.excerpt;
  return text;
}

InputError::InputError(Fault fault, Problem problem)
    : InputError(fault, std::vector<Problem>{std::move(problem)})
{
}

InputError::InputError(Fault fault, std::vector<Problem> problems)
    : std::runtime_error(join(problems)), fault_(fault), problems_(std::move(problems))
{
}

int exit_code_of(Fault fault)
{
  switch (fault)
  {
  case Fault::command:
    return exit_code::command;
  case Fault::data:
    return exit_code::data;
  case Fault::meshing:
    return exit_code::meshing;
  }
  return exit_code::bug;
}

} // namespace calcar
