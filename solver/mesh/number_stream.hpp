#pragma once

#include "geometry/number_stream.hpp"

// Files of surfaces and of meshes hold their numbers alike.

namespace calcar::mesh
{

using geometry::bytes_of;
using geometry::NumberStream;
using geometry::NumberType;
using geometry::printable;

} // namespace calcar::mesh
