#pragma once

#include "geometry/file_surface.hpp"
#include "geometry/triangle_surface.hpp"

namespace calcar::geometry
{

/**
 * Cuts polygons into triangles that run the same way round: a quad along the diagonal that leaves
 * two triangles turned as the quad is (the shorter one of two such), others ear by ear. Throws
 * InputError (data), with the line where there is one, for fewer than 3 or more than 256 corners,
 * and for corners that leave their common plane by more than 5 % of the longest edge.
 */
TriangleSurface cut_polygons(const FileSurface& polygons, const std::string& file);

} // namespace calcar::geometry
