#pragma once

#include "image/volume.hpp"

#include <array>
#include <vector>

namespace calcar::anatomy
{

/// A point of the bone's surface (LPS mm) with its outward unit normal.
struct SurfacePoint
{
  Vec3 position;
  Vec3 normal;
};

/// One bone from a mask, ready to be measured.
struct BoneShape
{
  image::Mask mask;                  ///< one piece, cavities filled, with a rim of empty voxels
  std::vector<SurfacePoint> surface; ///< where a line of voxel centres leaves the bone
  std::array<Vec3, 2> image_corners; ///< the image as it was: outermost voxel centres, as
                                     ///< continuous index of `mask`
  double voxel_mm = 1;               ///< largest spacing
  double volume_mm3 = 0;
  double left_out =
      0; ///< fraction of the mask that hangs together with no other part of it, and was dropped
};

/**
 * Keeps the largest piece (connected by faces), fills cavities that no path of background voxels
 * leads into, and collects surface points. Throws InputError when the mask is empty or has fewer
 * than 1000 voxels.
 */
BoneShape bone_shape(const image::Mask& mask, const std::string& place);

/// The mask interpolated linearly between voxel centres, 0 to 1; the surface is at 0.5.
double value_at(const BoneShape& shape, Vec3 point);
inline bool inside(const BoneShape& shape, Vec3 point)
{
  return value_at(shape, point) >= 0.5;
}

/// Mean of the points within `depth_mm` of the farthest one along a direction. The points must not
/// be empty.
Vec3 extreme_point(const std::vector<Vec3>& points, Vec3 direction, double depth_mm);

/// True when the bone runs on past the border of the image within `radius_mm` of a point.
bool leaves_image(const BoneShape& shape, Vec3 point, double radius_mm);

/// Distance from an inside point to the surface along a unit direction, at most `limit_mm`.
double distance_to_surface(const BoneShape& shape, Vec3 from, Vec3 direction, double limit_mm);

/// A plane section, as far as it is seen from its centre (rays of a star).
struct Section
{
  Vec3 centre;     ///< centroid of the section
  double area = 0; ///< mm^2; 0 when the start point is outside the bone
  std::vector<double>
      radii; ///< distance to the surface along ray k, at angle 2 pi k / n from e1 towards e2
  Vec3 e1, e2;
  bool closed = true; ///< no ray reached the limit
};

/// The section through `point` perpendicular to `normal`, recentred on its centroid `recentre`
/// times. Ray 0 points along `towards` made perpendicular to the normal.
Section section(const BoneShape& shape, Vec3 point, Vec3 normal, Vec3 towards, double limit_mm,
                int recentre = 2, int rays = 72);

} // namespace calcar::anatomy
