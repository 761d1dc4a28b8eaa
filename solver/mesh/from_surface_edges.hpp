#pragma once

#include "mesh/from_surface_queries.hpp"

#include <vector>

namespace calcar::mesh
{

/**
 * The sharp edges of a surface as polylines that meet at their ends only; closed ones begin and end
 * in the same point. Edges between triangles of one patch are sharp when their normals differ by
 * more than `sharp_deg`; chains of them shorter than `least_mm` are left out. Edges where patches
 * meet are always kept.
 */
std::vector<std::vector<Vec3>> sharp_edges(const TaggedSurface& surface, double sharp_deg,
                                           double least_mm);

/// The middle of an edge that one triangle alone has; nothing when the surface is closed.
std::optional<Vec3> open_edge(const TaggedSurface& surface);

} // namespace calcar::mesh
