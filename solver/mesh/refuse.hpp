#pragma once

#include "base/error.hpp"

#include <string>

namespace calcar::mesh
{

/// Throws the InputError (data) of a mesh file.
[[noreturn]] inline void refuse(const std::string& place, const std::string& given,
                                const std::string& allowed, const std::string& remedy,
                                const std::string& excerpt = "")
{
  throw InputError(Fault::data, {place, given, allowed, remedy, excerpt});
}

} // namespace calcar::mesh
