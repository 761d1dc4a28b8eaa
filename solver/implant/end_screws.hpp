#pragma once

#include "implant/build.hpp"

namespace calcar::implant
{

/**
 * The screws at a plate's end near a joint, along its line. One that leaves the bone before it
 * reaches what it aims at, or keeps too little bone around it, is left out with a warning. Throws
 * InputError (data) when fewer are left that hold whole bone than the plate needs.
 */
std::vector<Component> place_end_screws(const Building& building, const Path& line, Vec3 side);

} // namespace calcar::implant
