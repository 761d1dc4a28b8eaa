#pragma once

#include "anatomy/bone_anatomy.hpp"
#include "image/volume.hpp"

#include <memory>
#include <optional>
#include <string>

namespace calcar::lesion
{

/// What lesions are placed in and measured on. The images are on one grid and outlive it.
struct Ground
{
  const anatomy::BoneAnatomy& bone;
  const image::Mask& mask;      ///< the bone with its cavities filled
  const image::Volume& density; ///< g/cm^3 of the scan's phantom
  std::optional<std::string> frame_of_reference = std::nullopt; ///< of the CT, when DICOM told
};

/// What counts as cortex (materials/lesions/cortex.toml).
struct CortexRule
{
  double from_g_cm3 = 0;
  double thickest_mm = 0;
  double involved_from_share = 0; ///< of its thickness
};
const CortexRule& cortex_rule();

/// Direction of the bone's own axis at a point, towards proximal: of the neck in head and neck of a
/// femur, of the line of shaft centres at their height, elsewhere the frame's.
Vec3 local_axis(const anatomy::BoneAnatomy& bone, Vec3 point);

/**
 * Depth below the surface of a mask in mm, negative outside: the distance of each voxel's centre to
 * the nearest centre on the other side, less half a voxel where the wall runs along the grid and a
 * quarter where it does not: exact for walls along the grid, within a tenth of a voxel for others.
 * At most 1000 mm either way.
 */
image::Volume signed_depth(const image::Mask& mask);

/// Depth below the outer surface of a bone near a place, linear between the voxels. A flat end at
/// the border of the image is no surface.
class Depth
{
public:
  Depth(const image::Mask& mask, Vec3 centre, double reach_mm);
  double operator()(Vec3 point) const; ///< far outside where it is not known
  const image::Volume& values() const { return *values_; }

private:
  std::shared_ptr<const image::Volume> values_;
};

/// The bone's girth at a place: its middle, its axis, and a direction on it.
struct Girth
{
  Vec3 centre;            ///< centroid of the section across the axis, LPS mm
  Vec3 axis;              ///< unit
  Vec3 towards;           ///< unit, across the axis
  double radius_mm = 0;   ///< to the surface along `towards`
  double farthest_mm = 0; ///< to the surface, over all directions
};

/**
 * The girth at the level of a point. `direction` may be zero: it is then from the middle to the
 * point itself. Throws InputError (data) at `place` when no bone lies at that level near the
 * point, or when the direction runs along the axis or cannot be told.
 */
Girth girth_at(const Ground& ground, Vec3 point, Vec3 axis, Vec3 direction,
               const std::string& place);

/// A stretch of a ray, mm from its start.
struct Stretch
{
  double from = 0;
  double to = 0;
  double length() const { return to - from; }
};

/**
 * Cortex along a ray that runs inwards from the outer surface: from the first point as dense as
 * cortex, which must lie in the first 3 mm, to the first that is less dense. Empty when there is
 * none. The start is the surface itself (0): what the scanner blurs there is cortex.
 */
Stretch cortex_along(const image::Volume& density, Vec3 surface, Vec3 inwards);

} // namespace calcar::lesion
