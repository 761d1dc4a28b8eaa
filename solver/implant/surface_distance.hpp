#pragma once

#include "geometry/triangle_surface.hpp"

#include <array>
#include <cstddef>
#include <optional>
#include <vector>

namespace calcar::implant
{

/**
 * Signed distance to a closed surface of triangles, mm, negative inside; exact, to rounding.
 *
 * The sign is that of the angle-weighted normal of the nearest face, edge or corner (Baerentzen and
 * Aanaes 2005, IEEE Transactions on Visualization and Computer Graphics 11:243); the nearest
 * triangle is found by a tree of boxes, in about the logarithm of their number.
 */
class SurfaceDistance
{
public:
  /// The surface must be closed and turned outwards, as geometry::read_surface hands it out.
  explicit SurfaceDistance(geometry::TriangleSurface surface);

  double operator()(const Vec3& point) const;

  /// Where two triangles without a common edge cut one another; nothing when none do.
  std::optional<Vec3> self_cut() const;

  const geometry::TriangleSurface& surface() const { return surface_; }
  const Vec3& low() const { return boxes_.front().low; }
  const Vec3& high() const { return boxes_.front().high; }

private:
  /// A box of triangles order_[from] ... order_[to - 1]; its halves are boxes_[first] and
  /// boxes_[second], none (0) of a leaf.
  struct Box
  {
    Vec3 low, high;
    std::size_t from = 0, to = 0;
    std::size_t first = 0, second = 0;
  };
  struct Nearest
  {
    double squared = 1e300;
    Vec3 point;
    Vec3 normal;
  };

  std::size_t build(std::size_t from, std::size_t to);
  void find_normals();
  void look_at(std::uint32_t triangle, const Vec3& point, Nearest& nearest) const;
  void search(std::size_t box, const Vec3& point, Nearest& nearest) const;
  std::array<Vec3, 3> corners(std::uint32_t triangle) const;

  geometry::TriangleSurface surface_;
  std::vector<std::uint32_t> order_;
  std::vector<Box> boxes_;
  std::vector<Vec3> of_face_, of_corner_;    ///< normals
  std::vector<std::array<Vec3, 3>> of_edge_; ///< edge n of a triangle: from corner n to the next
};

} // namespace calcar::implant
