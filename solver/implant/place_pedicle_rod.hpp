#pragma once

#include "implant/build.hpp"

#include <string>
#include <vector>

namespace calcar::implant
{

constexpr double rod_clear_mm = 0.2; ///< between rod and bone

/// A rod through the heads (axis[0]) of screws on one side, straight between them or bent
/// backwards, like a sine, as far as it must be to clear the bone; added to the fixation. Throws
/// InputError (data) when that is more than a rod may be bent. Returns its name.
std::string build_rod(const Building& building, const std::vector<Component>& screws,
                      const std::string& name);

} // namespace calcar::implant
