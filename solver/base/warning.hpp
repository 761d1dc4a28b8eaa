#pragma once

#include <string>
#include <vector>

namespace calcar
{

/// A doubt that travels with the result to the report. `code` is stable ("short_shaft"), `place`
/// the input it concerns.
struct Warning
{
  std::string code;
  std::string text;
  std::string place;
};

using Warnings = std::vector<Warning>;

/// Appends the warnings of one stage to those of the run.
inline void append(Warnings& to, const Warnings& from)
{
  to.insert(to.end(), from.begin(), from.end());
}

} // namespace calcar
