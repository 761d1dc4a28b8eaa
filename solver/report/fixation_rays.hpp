#pragma once

#include "geometry/solid.hpp"
#include "report/depth_view.hpp"

#include <cstddef>
#include <functional>
#include <limits>
#include <vector>

namespace calcar::report
{

constexpr float no_depth = -std::numeric_limits<float>::infinity();

/// A solid with what bounds it: a line and the farthest it reaches from it.
struct RayTarget
{
  const geometry::Solid& solid;
  std::vector<Vec3> line; ///< LPS mm; one point or more
  double reach_mm = 0;
};

/**
 * Looks at a solid along the rays of a view, one through the middle of each pixel, marching by the
 * solid's distance from the eye on; of pixels between others that meet one smooth surface the depth
 * is theirs. `visit(offset, depth)` is called for each pixel at which it is met, with the depth in
 * mm along `towards` to 0.1 mm where the ray does not just graze it.
 */
void cast_rays(const RayTarget& target, const DepthView& view,
               const std::function<void(std::size_t, float)>& visit);

} // namespace calcar::report
