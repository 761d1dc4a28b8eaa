#pragma once

#include "mesh/meshing.hpp"
#include "mesh/quality.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace calcar::mesh
{

/**
 * Cells along sharp edges, given to the side that they lie on. CGAL takes a cell for part of a
 * region when its circumcentre lies there. Where two faces meet in an edge the circumcentre of a
 * cell between them may lie outside: the edge has a nick. Cells flat to rounding at the boundary
 * are taken away for the same reason: they belong to neither side.
 *
 * Complex is CGAL's Mesh_complex_3_in_triangulation_3; a template so that one file alone compiles
 * the mesher.
 */
template <typename Complex>
class EdgeCells
{
public:
  EdgeCells(Complex& complex, const MeshingBody& body) : complex_(complex), body_(body) {}

  /// Cells that changed sides.
  std::size_t settle()
  {
    std::size_t changed = 0;
    for (int sweep = 0; sweep < most_sweeps; ++sweep)
    {
      std::size_t now = 0;
      for (const Cell cell : complex_.triangulation().finite_cell_handles())
        now += settle(cell) ? 1 : 0;
      changed += now;
      if (now == 0)
        break;
    }
    return changed;
  }

private:
  using Cell = typename Complex::Cell_handle;
  using Vertex = typename Complex::Vertex_handle;

  /// A cell may open the way for its neighbour; the last sweep finds nothing.
  static constexpr int most_sweeps = 4;
  /// A cell thinner than this is not put back, as the mesher would have mended it.
  static constexpr double least_angle_deg = 12;
  /// Cells with less volume than this times the cube of their longest edge are flat to rounding.
  static constexpr double flat_share = 1e-9;

  static Vec3 at(Vertex vertex)
  {
    const auto& p = vertex->point();
    return {p.x(), p.y(), p.z()};
  }

  int label_of(Cell cell) const
  {
    return complex_.is_in_complex(cell) ? complex_.subdomain_index(cell) : 0;
  }

  static Mesh alone(Cell cell)
  {
    Mesh mesh;
    for (int n = 0; n < 4; ++n)
    {
      mesh.points.push_back(at(cell->vertex(n)));
      mesh.corners.push_back(static_cast<std::uint32_t>(n));
    }
    mesh.region = {0};
    mesh.regions = {"cell"};
    return mesh;
  }

  static bool flat(Cell cell)
  {
    const Mesh mesh = alone(cell);
    double longest = 0;
    for (std::size_t a = 0; a < 4; ++a)
      for (std::size_t b = a + 1; b < 4; ++b)
        longest = std::max(longest, norm(mesh.points[a] - mesh.points[b]));
    return std::abs(volume(mesh, 0)) < flat_share * longest * longest * longest;
  }

  /// Whether all corners lie on the surface and one edge is a piece of a sharp one.
  bool holds_sharp_edge(Cell cell) const
  {
    bool sharp = false;
    for (int a = 0; a < 4; ++a)
    {
      const int dimension = complex_.in_dimension(cell->vertex(a));
      if (dimension < 0 || dimension > 2)
        return false;
      for (int b = a + 1; b < 4; ++b)
        sharp = sharp || complex_.is_in_complex(cell->vertex(a), cell->vertex(b));
    }
    return sharp;
  }

  /// Whether a label could take a cell without touching itself in an edge or point alone: the cell
  /// lies at it with three faces, or with two whose opposite edge it does not have yet.
  bool can_take(int label, Cell cell) const
  {
    std::vector<int> away;
    for (int n = 0; n < 4; ++n)
      if (label_of(cell->neighbor(n)) != label)
        away.push_back(n);
    if (away.size() != 2)
      return away.size() < 2;
    // Face n has all corners but n: the faces `away` share the edge of the other two corners.
    std::vector<int> edge;
    for (int n = 0; n < 4; ++n)
      if (n != away[0] && n != away[1])
        edge.push_back(n);
    auto around = complex_.triangulation().incident_cells(cell, edge[0], edge[1]);
    const auto first = around;
    do
    {
      const Cell neighbour = around;
      if (neighbour != cell && label_of(neighbour) == label)
        return false;
    } while (++around != first);
    return true;
  }

  void give(Cell cell, int label)
  {
    if (complex_.is_in_complex(cell))
      complex_.remove_from_complex(cell);
    if (label > 0)
      complex_.add_to_complex(cell, label);
    for (int n = 0; n < 4; ++n)
    {
      const typename Complex::Facet facet(cell, n);
      if (complex_.is_in_complex(facet))
        complex_.remove_from_complex(facet);
      const int other = label_of(cell->neighbor(n));
      if (other != label)
        complex_.add_to_complex(facet, Patch(std::min(label, other), std::max(label, other)));
    }
  }

  bool settle(Cell cell)
  {
    const int label = label_of(cell);
    if (label > 0 && flat(cell))
    {
      if (!can_take(0, cell))
        return false;
      give(cell, 0);
      return true;
    }
    if (!holds_sharp_edge(cell))
      return false;
    const Mesh mesh = alone(cell);
    const int inside = std::max(0, body_.label(centre(mesh, 0)));
    if (inside == label || !can_take(inside, cell))
      return false;
    if (inside > 0 && quality(mesh, 0).smallest_angle < least_angle_deg)
      return false;
    give(cell, inside);
    return true;
  }

  Complex& complex_;
  const MeshingBody& body_;
};

} // namespace calcar::mesh
