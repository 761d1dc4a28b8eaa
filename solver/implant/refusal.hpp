#pragma once

#include "base/error.hpp"

#include <string>

namespace calcar::implant
{

/// Throws InputError (data): an implant that cannot be placed in this bone, and why.
[[noreturn]] inline void refuse(const std::string& place, const std::string& given,
                                const std::string& allowed, const std::string& remedy)
{
  throw InputError(Fault::data, {place, given, allowed, remedy, ""});
}

} // namespace calcar::implant
