#pragma once

#include "base/vec3.hpp"

#include <vector>

namespace calcar::implant
{

/// A polyline by its arc length, mm.
class Path
{
public:
  explicit Path(std::vector<Vec3> points);

  const std::vector<Vec3>& points() const { return points_; }
  double length() const { return at_.empty() ? 0 : at_.back(); }
  /// The point at an arc length; before the start and beyond the end along the end's direction.
  Vec3 point(double s) const;
  /// Unit direction there, averaged over 10 mm to either side as far as the path goes; that of the
  /// end beyond it.
  Vec3 tangent(double s) const;
  /// Arc length of the nearest point of the path.
  double nearest(Vec3 place) const;
  /// The stretch between two arc lengths, with the path's own points between.
  std::vector<Vec3> stretch(double from, double to) const;

private:
  std::vector<Vec3> points_;
  std::vector<double> at_; ///< arc length of each point
};

/// Each point replaced by the mean of the line through the points within `reach_mm` (by least
/// squares over arc length): ends stay where they are to first order.
std::vector<Vec3> smoothed(const std::vector<Vec3>& points, double reach_mm);

} // namespace calcar::implant
