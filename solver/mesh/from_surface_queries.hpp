#pragma once

#include "mesh/meshing.hpp"
#include "mesh/tetrahedra.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

namespace calcar::mesh
{

/// Triangles that know the labels on their two sides; 0 is outside. Together they bound solids.
struct TaggedSurface
{
  std::vector<Vec3> points;                            ///< mm
  std::vector<std::array<std::uint32_t, 3>> triangles; ///< counter-clockwise seen from the front
  struct Sides
  {
    int back = 1;
    int front = 0;
    bool operator==(const Sides&) const = default;
  };
  std::vector<Sides> sides; ///< of each triangle
};

/// The questions of a MeshingBody about surfaces, answered by a tree of boxes about the triangles.
/// The label of a point is that on the near side of the first triangle on a ray from it.
void answer_by_triangles(MeshingBody& body, const TaggedSurface& surface);

/// A place where two triangles cut each other, and how many pairs do; nothing when none do.
struct SelfIntersection
{
  Vec3 place;
  std::size_t pairs = 0;
};
std::optional<SelfIntersection> self_intersection(const TaggedSurface& surface);

/// How far the triangles of `made` lie from those of `given`, see SurfaceDistance; both have some.
SurfaceDistance distance_between(const TaggedSurface& given, const TaggedSurface& made);

} // namespace calcar::mesh
