#pragma once

#include "base/provenance.hpp"
#include "base/vec3.hpp"
#include "mesh/cell.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace calcar::mesh
{

/// A named set of points.
struct PointSet
{
  std::string name;
  std::vector<std::uint32_t> points; ///< ascending, each once
};

/// A face of a cell: number of the cell, and of the face in its reference cell.
struct FaceOfCell
{
  std::uint32_t cell = 0;
  std::uint8_t face = 0;
  auto operator<=>(const FaceOfCell&) const = default;
};

/// A named set of faces.
struct FaceSet
{
  std::string name;
  std::vector<FaceOfCell> faces; ///< ascending, each once
};

/**
 * A conforming mesh of tetrahedra or hexahedra with straight edges. Everything that reads or makes
 * a mesh hands out this type, and everything else takes it. Lives on rank 0.
 *
 * Points are the corners of cells, in mm, LPS for a bone in its scan. `degree` 2 asks for quadratic
 * displacements (P2 on tetrahedra, Q2 on hexahedra); their further nodes lie in the middle of
 * edges, faces and cells and are not stored (mesh/nodes.hpp numbers them). Files of second order
 * with curved edges are refused when read.
 *
 * Every cell belongs to one region; regions are what files call physical volumes, element sets or
 * materials, and what the mesher makes of labels.
 */
struct Mesh
{
  CellShape shape = CellShape::tetrahedron;
  int degree = 1;
  std::vector<Vec3> points;
  std::vector<std::uint32_t> corners;    ///< of cell after cell, in the order of cell.hpp
  std::vector<std::uint16_t> region;     ///< of each cell, index into `regions`
  std::vector<std::string> regions;      ///< names; at least one when there are cells
  std::vector<PointSet> point_sets;      ///< named in the file
  std::vector<FaceSet> face_sets;        ///< named in the file
  std::vector<std::uint64_t> point_tags; ///< numbers of the file; empty: 1, 2, 3, ...
  std::vector<std::uint64_t> cell_tags;  ///< numbers of the file; empty: 1, 2, 3, ...
  Source source;                         ///< the file; empty for a mesh made here

  std::size_t cells() const { return region.size(); }
  std::span<const std::uint32_t> cell(std::size_t c) const
  {
    const auto n = static_cast<std::size_t>(reference_cell(shape).corners);
    return {corners.data() + n * c, n};
  }
  /// The number by which the file, and so the user, knows a point or a cell.
  std::uint64_t point_tag(std::size_t p) const
  {
    return point_tags.empty() ? p + 1 : point_tags[p];
  }
  std::uint64_t cell_tag(std::size_t c) const { return cell_tags.empty() ? c + 1 : cell_tags[c]; }
};

/**
 * Volume of a cell, mm^3: exact for tetrahedra and for trilinear hexahedra (2 x 2 x 2 points
 * integrate their Jacobian exactly). Negative where the corners run the wrong way round.
 */
double volume(const Mesh& mesh, std::size_t cell);

/// Mean of a cell's corners, mm.
Vec3 centre(const Mesh& mesh, std::size_t cell);

/// The smallest box along the axes that holds all points.
struct Box
{
  Vec3 low;
  Vec3 high;
};
Box box(const Mesh& mesh);

/// A face by its corners, ascending, so that the cells beside it find each other; a triangle's last
/// entry is `no_corner`.
using FaceKey = std::array<std::uint32_t, 4>;
constexpr std::uint32_t no_corner = 0xffffffff;
FaceKey face_key(const Mesh& mesh, FaceOfCell face);

/// All faces of all cells, ascending by key and then by cell: equal keys stand side by side.
std::vector<std::pair<FaceKey, FaceOfCell>> sorted_faces(const Mesh& mesh);

/**
 * Faces that belong to one cell only, ascending: the boundary, with outward corners by
 * reference_cell(). (Faces between regions are not part of it.)
 */
std::vector<FaceOfCell> boundary_faces(const Mesh& mesh);

/// The corners of a face, counter-clockwise seen from outside the cell; 3 or 4.
std::vector<std::uint32_t> face_corners(const Mesh& mesh, FaceOfCell face);

} // namespace calcar::mesh
