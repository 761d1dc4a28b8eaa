#pragma once

#include "image/volume.hpp"
#include "mesh/tetrahedra.hpp"

#include <optional>
#include <vector>

namespace calcar::mesh
{

/// mm that a point lies inside a cut; negative beyond it.
inline double height_inside(const CutPlane& cut, Vec3 point)
{
  return -dot(point - cut.point, cut.normal);
}

/// mm from corner to corner of a voxel: what is nearer to a plane may be of its staircase.
inline double diagonal(const image::Grid& grid)
{
  return norm(grid.spacing);
}

/**
 * The planes in which a mask is cut off along the axes of its image: sides on which it touches the
 * border, and flat ends inside (a crop that was padded again): the outermost layer has at least 0.5
 * cm^2 and, inside, 70 % of the area 4 mm further in. The plane lies on the outer faces of the
 * outermost voxels. Largest first; a plane that meets a larger one within the mask is left out.
 */
std::vector<CutPlane> flat_cuts(const image::Mask& mask);

/**
 * The plane in which a mask is cut off obliquely to its axes near a point: fitted to where rays
 * along `outward` leave the mask for good, within 8 mm of the point. Nothing when the end is no
 * plane (points off by more than 0.6 voxel, root mean square).
 */
std::optional<CutPlane> oblique_cut(const image::Mask& mask, Vec3 centre, Vec3 outward);

} // namespace calcar::mesh
