#pragma once

#include "base/provenance.hpp"
#include "base/vec3.hpp"

#include <array>
#include <cstdint>
#include <vector>

namespace calcar::geometry
{

/// A surface of triangles, corners counter-clockwise seen from outside; mm. Each corner is a point
/// once: formats that repeat points for every triangle (STL) are joined when read.
struct TriangleSurface
{
  std::vector<Vec3> points;
  std::vector<std::array<std::uint32_t, 3>> triangles;
  Source source; ///< the file; empty for a surface made here
};

} // namespace calcar::geometry
