#pragma once

#include "anatomy/bone_anatomy.hpp"
#include "image/volume.hpp"

#include <array>
#include <cstddef>
#include <vector>

namespace calcar::report
{

/// A direction to look at a bone from: unit vectors in LPS.
struct ViewAxes
{
  Vec3 right;   ///< to the right of the picture
  Vec3 up;      ///< upwards in the picture
  Vec3 towards; ///< from the bone to the eye
};

/// A bone seen from one direction without perspective: how near its surface is at each pixel.
struct DepthView
{
  ViewAxes axes;
  double pixel_mm = 1;
  double left_mm = 0, top_mm = 0; ///< of the picture's corner, along `right` and `up`
  int width = 0, height = 0;
  std::vector<float> depth; ///< mm along `towards`, row by row from the top; -infinity: no bone

  /// Where a point lies in the picture, in pixels from its corner, and how near it is.
  double column(Vec3 point) const { return (dot(point, axes.right) - left_mm) / pixel_mm; }
  double row(Vec3 point) const { return (top_mm - dot(point, axes.up)) / pixel_mm; }
  std::size_t offset(int row, int column) const
  {
    return static_cast<std::size_t>(row) * static_cast<std::size_t>(width) +
           static_cast<std::size_t>(column);
  }
  /// True when bone lies more than `slack_mm` in front of the point.
  bool hides(Vec3 point, double slack_mm) const;
};

/// The surface of a bone, taken from its mask once for all views.
struct BoneSurface
{
  std::vector<Vec3> centres; ///< LPS mm, of voxels with a face that no other voxel of it covers
  double voxel_mm = 1;       ///< the longest edge of a voxel
};

BoneSurface surface_of(const image::Mask& mask);

/// Width and height in mm of the view along `axes`, its empty edge included.
std::array<double, 2> extent_mm(const BoneSurface& bone, const ViewAxes& axes);

/// The surface as seen along a direction; smoothed over about a voxel, so that its staircase does
/// not show, but not across edges.
DepthView view_from(const BoneSurface& bone, const ViewAxes& axes, double pixel_mm);

/// Brightness of each pixel, 0 to 1, by the slope of the surface towards a light above the left
/// shoulder; -1 where no bone is.
std::vector<float> shaded(const DepthView& view);

} // namespace calcar::report
