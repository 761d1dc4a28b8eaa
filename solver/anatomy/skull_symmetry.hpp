#pragma once

#include "anatomy/skull_fit.hpp"
#include "anatomy/skull_surface.hpp"

namespace calcar::anatomy
{

/**
 * The median plane by best mirror symmetry: the least mean of min(d, 6 mm)^2, d the distance along
 * its ray between the mirror image of an outer point and the outer surface. Sought over normals
 * within 45 degrees of the patient's right and 15 mm to each side of the rays' start, from a coarse
 * grid by steps that halve.
 */
MedianPlane best_symmetry(const VaultSurface& surface);

} // namespace calcar::anatomy
