#pragma once

#include "image/volume.hpp"
#include "load/load_case.hpp"
#include "mesh/tetrahedra.hpp"

namespace calcar::mesh
{

/**
 * Puts the layers of a rig beside a body made of a mask, for the mesher: the same space as
 * model::layer_voxels fills, with the same rules and refusals, but for its staircase. That walk is
 * done on small cubes (half the mask's spacing, 0.4 to 0.8 mm, larger for large bones). In the
 * cubes it found and those around them each layer's share is measured at 3 x 3 x 3 sub-points by
 * its zone and by the bone below, and the shares of layers and of empty space are smoothed by a
 * Gaussian of one cube. Where there is no bone, a point belongs to what has most there.
 *
 * So faces of a zone stay where they are, its edges are rounded by about one cube, and where a
 * layer thins out on the bone it ends with a blunt rim instead of a feather edge. Parts that
 * smoothing separates from the bone are dropped. Layers reach to the body itself: they share its
 * surface. Throws what model::layer_voxels throws.
 */
void add_layers(LabelledSolid& solid, const image::Mask& mask, const load::Rig& rig);

} // namespace calcar::mesh
