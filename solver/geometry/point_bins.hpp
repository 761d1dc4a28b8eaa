#pragma once

#include "base/vec3.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

namespace calcar::geometry
{

/**
 * Points sorted into cubes of one size, for questions about what is near. The points are copied;
 * answers are their numbers in the list given.
 */
class PointBins
{
public:
  /// Throws std::invalid_argument when `size_mm` is not positive.
  PointBins(std::vector<Vec3> points, double size_mm);

  bool empty() const { return points_.empty(); }
  const Vec3& point(std::size_t n) const { return points_[n]; }

  /// Calls `visit` for every point within `radius_mm` of a place, borders included; in no order.
  void within(const Vec3& place, double radius_mm,
              const std::function<void(std::size_t)>& visit) const;

  /// The point nearest to a place (the first of the list among equals). Throws std::logic_error
  /// when there are none.
  std::size_t nearest(const Vec3& place) const;

private:
  std::array<long, 3> bin_of(const Vec3& place) const;
  template <typename Visit>
  void visit_bin(const std::array<long, 3>& bin, const Visit& visit) const;

  std::vector<Vec3> points_;
  double size_;
  Vec3 low_;
  std::array<long, 3> bins_ = {1, 1, 1};
  std::vector<std::uint32_t> first_; ///< of each bin in `order_`, and the end
  std::vector<std::uint32_t> order_; ///< numbers of the points, bin after bin, ascending
};

} // namespace calcar::geometry
