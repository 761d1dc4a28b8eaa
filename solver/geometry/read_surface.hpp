#pragma once

#include "base/warning.hpp"
#include "geometry/triangle_surface.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace calcar::geometry
{

/// A surface with what is to be told about how it was read.
struct ReadSurface
{
  TriangleSurface surface;
  Warnings warnings;
};

/**
 * Reads the closed surface of a body; the extension chooses the format: .stl (ASCII and binary),
 * .ply (ASCII and binary), .obj, .vtp. Coordinates are multiplied by `mm_per_unit` (1000 for a file
 * in metres).
 *
 * Of `read_triangles` it takes what bounds a solid: every edge belongs to two triangles and no fans
 * of triangles meet at a point alone. Triangles turned against their neighbours are turned back,
 * and a part whose outside is in is turned as a whole, with all that lies inside it; both with a
 * warning. Parts inside others are kept as they are turned: outside in is a cavity. That the
 * surface does not cut itself is for the mesher to find out.
 *
 * Throws InputError (data) with place and remedy, also for a surface that is open, branches, has
 * one side only (as a Moebius strip) or encloses nothing.
 */
ReadSurface read_surface(const std::filesystem::path& file, double mm_per_unit = 1);

/**
 * The triangles of a file, closed or not, as they are turned there. Polygons are cut into triangles
 * when their corners leave their common plane by no more than 5 % of the longest edge, else
 * refused.
 *
 * Points in the same place are joined in formats without common points (STL), in the others when
 * the surface is not closed otherwise. If it is still open, points within 1e-6 of the diagonal are
 * joined, with a warning, when that closes it. Triangles with two corners in one point are given
 * up.
 *
 * Throws InputError (data) with file and line (in text) for what cannot be read: an unknown
 * extension, a file cut off, corners that are not there, coordinates that are not finite, no
 * triangles.
 */
ReadSurface read_triangles(const std::filesystem::path& file, double mm_per_unit = 1);

/// The extensions that can be read: ".obj", ".ply", ...
const std::vector<std::string>& surface_extensions();

} // namespace calcar::geometry
