#pragma once

#include "geometry/triangle_surface.hpp"

#include <cstdint>
#include <vector>

namespace calcar::geometry
{

/// Use of an edge by a triangle; `low` < `high` are its points, `forward` when the triangle runs it
/// from low to high.
struct EdgeUse
{
  std::uint32_t low;
  std::uint32_t high;
  std::uint32_t triangle;
  bool forward;
};

/// The three edges of all triangles, ascending by their points and then by triangle.
std::vector<EdgeUse> sorted_edges(const TriangleSurface& surface);

/// What keeps a surface from bounding a solid, and what makes a poor one.
struct SurfaceDefects
{
  std::size_t open_edges = 0;     ///< of one triangle only: a hole's rim
  std::size_t crowded_edges = 0;  ///< of more than two triangles
  std::size_t turned_edges = 0;   ///< of two triangles that run it the same way
  std::size_t pinched_points = 0; ///< where fans of triangles meet at a point alone
  std::size_t flat_triangles = 0; ///< area below 1e-10 of the longest edge squared
  std::size_t parts = 0;          ///< connected by edges
  Vec3 open_at;                   ///< middle of the first open edge, mm
  Vec3 crowded_at;                ///< middle of the first crowded edge
  Vec3 pinched_at;                ///< the first pinched point

  bool closed() const { return open_edges == 0 && crowded_edges == 0 && pinched_points == 0; }
};

SurfaceDefects find_defects(const TriangleSurface& surface);

/// Number of the part of each triangle, from 0 in order of appearance; parts hang together by
/// edges.
std::vector<std::uint32_t> parts_of(const TriangleSurface& surface);

/// mm^2
double area(const TriangleSurface& surface);

/// Volume enclosed, mm^3, by the divergence theorem; negative when the outside is in. Means nothing
/// for an open surface.
double volume(const TriangleSurface& surface);

} // namespace calcar::geometry
