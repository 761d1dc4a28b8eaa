#pragma once

#include "base/warning.hpp"
#include "mesh/mesh.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace calcar::mesh
{

/// What kinds of elements a file may hold that matter here; nodes in VTK's order.
enum class ElementKind : std::uint8_t
{
  tet4,
  tet10,
  hex8,
  hex20,
  hex27,
  triangle, ///< its three corners: a piece of a named surface
  quad      ///< its four corners: the same
};

/// How many nodes an ElementBlock lists for an element of this kind.
std::size_t node_count(ElementKind kind);

/// "10-node tetrahedra"
std::string to_string(ElementKind kind);

/// Is it a cell of the body (else a piece of a surface)?
bool is_cell(ElementKind kind);

/// Elements of one kind in the order of the file.
struct ElementBlock
{
  ElementKind kind = ElementKind::tet4;
  std::vector<std::uint64_t> tags;   ///< numbers of the elements
  std::vector<std::uint64_t> nodes;  ///< their nodes' numbers, element after element
  std::vector<std::uint16_t> region; ///< of each element, index into FileMesh::regions
};

/// A set of nodes or of element faces by the file's numbers.
struct FileNodeSet
{
  std::string name;
  std::vector<std::uint64_t> nodes;
};
struct FileFaceSet
{
  std::string name;
  std::vector<std::pair<std::uint64_t, std::uint8_t>> faces; ///< element, face as in cell.hpp
};

/**
 * A mesh as a file has it, by the file's own numbers and of any mixture of elements. Readers fill
 * it, `assemble` makes a Mesh of it: what is the same for all formats stands there once.
 */
struct FileMesh
{
  std::vector<std::uint64_t> node_tags;
  std::vector<Vec3> points; ///< mm
  std::vector<ElementBlock> blocks;
  std::vector<std::string> regions;
  std::vector<FileNodeSet> node_sets;
  std::vector<FileFaceSet> face_sets;
  std::vector<std::string> ignored; ///< what was left out, in words: "12 lines (Gmsh type 1)"
  Warnings warnings;                ///< of the reader
  std::vector<Source> included;     ///< further files that the file draws in (*INCLUDE)
};

/// Names of regions while a file is read, each once.
class RegionNames
{
public:
  /// Index of a name, which is added when it is new. Throws InputError (data) at `place` when a
  /// file has more than 65 535 regions.
  std::uint16_t index(const std::string& name, const std::string& place);
  std::vector<std::string> names() && { return std::move(names_); }

private:
  std::vector<std::string> names_;
  std::unordered_map<std::string, std::uint16_t> known_;
};

/// A mesh with what is to be told about how it was read.
struct ReadMesh
{
  Mesh mesh;
  Warnings warnings;
  std::vector<Source> included; ///< files that the mesh came from beside mesh.source
};

/**
 * Makes a Mesh of what a file holds. Cells keep the order of the file, points too; regions that no
 * cell has are given up. Triangles and quads become face sets named by their region, each face of
 * the cell whose side it is; between two cells it is the face of the first one (with a warning).
 * Mid-edge nodes of second-order elements are checked to lie on straight edges, then given up for
 * `degree` 2. Nodes that no cell uses are given up (with a warning when they are not mid-edge
 * nodes); node sets keep their corners, and sets without any are given up (with a warning). Which
 * way round the corners run is not looked at.
 *
 * Throws InputError (data) at `file`, naming nodes and elements by the file's numbers: no cells,
 * tetrahedra mixed with hexahedra, first mixed with second order, numbers given twice, nodes that
 * are not there, a node listed twice by one element, a node that is a corner of one element and a
 * mid-edge node of another, two elements with the same corners, coordinates that are not finite, a
 * mid-edge node farther from the middle than 1 % of its edge (a curved edge; the middles of faces
 * and cells of 27-node hexahedra likewise by 1 % of a diagonal), surfaces with faces that belong to
 * no cell, sets with elements or nodes that are not there.
 */
ReadMesh assemble(FileMesh file_mesh, const Source& file);

} // namespace calcar::mesh
