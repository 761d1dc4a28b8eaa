#pragma once

#include "geometry/vtk_numbers.hpp"
#include "mesh/number_stream.hpp"

namespace calcar::mesh
{

using geometry::NumberTypeName;
using geometry::save_again;
using geometry::type_named;

} // namespace calcar::mesh
