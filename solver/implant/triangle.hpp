#pragma once

#include "geometry/triangle_surface.hpp"

#include <array>
#include <optional>

namespace calcar::implant
{

/// What of a triangle a point of it lies on.
enum class TrianglePart
{
  face,
  edge,
  corner
};

/// A point of a triangle.
struct TrianglePoint
{
  Vec3 point;
  TrianglePart part = TrianglePart::face;
  int which = 0; ///< corner; or edge, from corner `which` to the next
};

/// The point of a triangle nearest to a place, by the regions of its plane (Ericson, Real-Time
/// Collision Detection, 2005, section 5.1.5).
TrianglePoint nearest_on(const std::array<Vec3, 3>& triangle, const Vec3& place);

/// Where an edge of one of two triangles passes through the other; nothing when none does, and for
/// triangles with a common edge. Of triangles with a common corner only what does not meet it is
/// looked at.
std::optional<Vec3> cut_between(const geometry::TriangleSurface& surface, std::uint32_t first,
                                std::uint32_t second);

} // namespace calcar::implant
