#pragma once

#include "mesh/mesh.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace calcar::mesh
{

/**
 * Tetrahedra that can be exchanged and whose points can be moved. Every change leaves the mesh
 * conforming, and is made only when the worst of the cells that it touches gets better and all of
 * them have a positive volume; faces of the boundary, between regions and of named sets stay.
 */
class EditableTetrahedra
{
public:
  using Cell = std::array<std::uint32_t, 4>;

  explicit EditableTetrahedra(const Mesh& mesh);

  /**
   * How good a cell is, in terms of the limits of a sliver: the least of the sines of its six
   * angles over that of limits::sliver_angle and of its radius ratio over limits::sliver_shape. A
   * sliver has less than 1; negative when it is inverted.
   */
  double worth(const Cell& cell) const;
  double worth(std::uint32_t cell) const { return worth(cells_[cell]); }

  std::size_t cells() const { return cells_.size(); }
  bool alive(std::uint32_t cell) const { return alive_[cell]; }
  const Cell& corners(std::uint32_t cell) const { return cells_[cell]; }
  std::uint16_t region(std::uint32_t cell) const { return region_[cell]; }
  const std::vector<Vec3>& points() const { return points_; }

  /// Takes the edge a-b away: the n cells around it (3 to 8) become 2 (n - 2) others, by the best
  /// of all triangulations of the ring of points around it (Klincsek 1980; Shewchuk 2002, Two
  /// discrete optimization algorithms for the topological improvement of tetrahedral meshes).
  bool remove_edge(std::uint32_t a, std::uint32_t b);

  /// Takes the face opposite to corner `n` of a cell away: two cells become three.
  bool remove_face(std::uint32_t cell, std::size_t n);

  /// Draws a point into another: the cells around it are replaced by those from its neighbour `to`
  /// to the faces around them. The points of faces that stay are not taken away.
  bool collapse(std::uint32_t point, std::uint32_t to);

  /// Moves a point to where the worst of its cells is best, by a search in 14 directions with steps
  /// that get shorter; the points of faces that stay are not moved.
  bool move_point(std::uint32_t point);

  /// A clock that each change advances, and whether the surroundings of a cell were changed after
  /// it showed `time`: if not, nothing can be gained there that was tried before.
  std::uint32_t time() const { return time_; }
  bool changed_since(std::uint32_t cell, std::uint32_t time) const;

  std::size_t points_moved() const;
  std::size_t cells_exchanged() const { return exchanged_; }

private:
  struct Ring
  {
    std::vector<std::uint32_t> cells;
    std::vector<std::uint32_t> points; ///< around the edge, counter-clockwise seen from b
  };
  bool find_ring(std::uint32_t a, std::uint32_t b, Ring& ring) const;
  bool exchange(std::span<const std::uint32_t> old_cells, const std::vector<Cell>& new_cells);
  double cost(const Cell& cell) const;
  double cost(std::span<const std::uint32_t> cells) const;
  double cost_around(std::uint32_t point, double limit) const;
  bool is_kept(std::uint32_t a, std::uint32_t b, std::uint32_t c) const;

  std::vector<Vec3> points_;
  std::vector<Cell> cells_;
  std::vector<std::uint16_t> region_;
  std::vector<bool> alive_;
  std::vector<std::vector<std::uint32_t>> cells_of_; ///< of each point
  std::vector<bool> fixed_;                          ///< points
  std::vector<bool> moved_;                          ///< points
  std::vector<FaceKey> kept_;                        ///< inner faces of named sets, ascending
  std::vector<std::uint32_t> changed_at_;            ///< points of cells that were changed
  std::uint32_t time_ = 1;
  std::size_t exchanged_ = 0;
};

} // namespace calcar::mesh
