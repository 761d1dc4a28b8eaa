#pragma once

#include "mesh/mesh.hpp"

#include <array>
#include <cstddef>

namespace calcar::mesh
{

/**
 * How well formed a cell is.
 *
 * `shape` of a tetrahedron is its radius ratio 3 r / R of the radii of the inscribed and of the
 * circumscribed sphere (Cavendish, Field and Frey 1985, Int J Numer Methods Eng 21:329; listed by
 * Shewchuk 2002, What is a good linear finite element?): 1 for the regular one, 0 for a flat one;
 * with the sign of its volume.
 * `shape` of a hexahedron is the scaled Jacobian (Knupp 2000, Int J Numer Methods Eng 48:1165; the
 * Verdict library's definition): over the eight corners and the centre the smallest determinant of
 * the three edges (at the centre: of the three lines that join opposite faces), each made one long;
 * 1 for a brick, 0 or less where it is folded. It serves first and second order: edges are
 * straight.
 */
struct CellQuality
{
  double volume = 0;         ///< mm^3; negative when the corners run the wrong way round
  double shape = 0;          ///< at most 1
  double smallest_angle = 0; ///< between two faces at a common edge, degrees
  double largest_angle = 0;  ///< degrees
  double shortest_edge = 0;  ///< mm
  double longest_edge = 0;   ///< mm
};

CellQuality quality(const Mesh& mesh, std::size_t cell);

/**
 * From where on a cell counts as bad. A tetrahedron's stiffness holds terms l cot(angle) / 6 for
 * each edge and the angle of its faces there (Xu and Zikatanov 1999, Math Comp 68:1429): at 5
 * degrees cot is 11, 32 times that of the regular tetrahedron, and beyond it a few slivers decide
 * how many iterations a solver needs and how well their own strains are known. CGAL's optimisers
 * reach about 12 degrees; a flat square of four points has a radius ratio of about 0.1 at 5
 * degrees. The limits below are Calcar's own choice on that ground.
 */
namespace limits
{
constexpr double flat_volume = 1e-12; ///< degenerate: |volume| below this times longest edge^3
constexpr double sliver_angle =
    5; ///< sliver: an angle between faces below this, degrees (tetrahedra)
constexpr double sliver_shape = 0.05; ///< sliver: shape below this
} // namespace limits

/// What a cell is worth, from the worst to good.
enum class CellGrade
{
  inverted,   ///< volume negative, or a hexahedron folded at a corner
  degenerate, ///< no volume
  sliver,
  good
};

CellGrade grade(const CellQuality& quality, CellShape shape);

/// The quality of all cells of a mesh together.
struct QualitySummary
{
  static constexpr std::size_t bins = 10;
  std::array<std::size_t, bins> histogram =
      {};                     ///< of `shape`: [0, 0.1), ... [0.9, 1]; below 0: first
  CellQuality worst;          ///< smallest or, for largest_angle and longest_edge, largest values
  std::size_t worst_cell = 0; ///< the cell of smallest shape
  double mean_shape = 0;
  double volume = 0;     ///< of all cells, mm^3
  double edge_ratio = 0; ///< largest ratio of the longest to the shortest edge of a cell
  std::array<std::size_t, 4> cells_of_grade = {}; ///< by CellGrade
};

QualitySummary summarise_quality(const Mesh& mesh);

} // namespace calcar::mesh
