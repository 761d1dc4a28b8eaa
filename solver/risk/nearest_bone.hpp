#pragma once

#include <numbers>

namespace calcar::risk
{

/**
 * How fields are averaged around a place: over the bone in a ball of the domain's diameter; where
 * less than half of the ball is bone (an edge, a thin wall, the rim of a hole) over the bone
 * nearest to the place that fills half a ball, up to twice as far. So the mean is over as much bone
 * at an edge as on a flat surface, and does not follow how sharp an edge the elements can draw. The
 * rule is our own.
 */
struct Ball
{
  explicit Ball(double diameter_mm)
      : radius(diameter_mm / 2 + 1e-9), farthest(diameter_mm + 1e-9),
        least_volume(std::numbers::pi * diameter_mm * diameter_mm * diameter_mm / 12)
  {
  }
  double radius;       ///< mm; points on the border count, whatever rounding makes of them
  double farthest;     ///< mm; no bone beyond counts
  double least_volume; ///< mm^3
};

/// What counts about one place, told of pieces of bone from near to far.
class BallShare
{
public:
  explicit BallShare(const Ball& ball) : ball_(ball) {}

  /// Whether bone at this distance counts.
  bool takes(double distance_mm) const
  {
    return distance_mm <= ball_.radius ||
           (distance_mm <= ball_.farthest && volume_ < ball_.least_volume);
  }

  /// Takes pieces at one distance, of this volume in all (mm^3), and returns the share of it that
  /// counts: beyond the ball no more than is missing.
  double add(double distance_mm, double volume)
  {
    const double missing = ball_.least_volume - volume_;
    const double share = distance_mm <= ball_.radius || volume <= missing ? 1 : missing / volume;
    volume_ += share * volume;
    return share;
  }

  /// That counts so far, mm^3.
  double volume() const { return volume_; }

private:
  const Ball& ball_;
  double volume_ = 0;
};

} // namespace calcar::risk
