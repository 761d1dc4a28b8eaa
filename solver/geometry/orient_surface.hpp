#pragma once

#include "geometry/read_surface.hpp"

namespace calcar::geometry
{

/**
 * Turns the triangles of a closed surface the same way round, part by part (the lesser number of a
 * part is turned), then each outermost part with all that lies inside it so that its outside is
 * out, with warnings. Throws InputError (data) at the surface's file for a part with one side only
 * or that encloses nothing (less than 1e-12 of the cube of the diagonal).
 */
ReadSurface orient_outwards(TriangleSurface surface);

} // namespace calcar::geometry
