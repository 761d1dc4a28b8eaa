#pragma once

#include "base/warning.hpp"
#include "mesh/defects.hpp"
#include "mesh/length_unit.hpp"
#include "mesh/mesh.hpp"
#include "mesh/quality.hpp"

#include <string>
#include <vector>

namespace calcar::mesh
{

/// A region of a mesh.
struct RegionSummary
{
  std::string name;
  std::size_t cells = 0;
  double volume = 0; ///< mm^3
};

/// A named set of points or faces.
struct SetSummary
{
  std::string name;
  std::size_t members = 0;
  double area = 0; ///< of a face set, mm^2
};

/// What is in a mesh, in numbers: what `calcar info` prints of it.
struct MeshSummary
{
  CellShape shape = CellShape::tetrahedron;
  int degree = 1;
  std::size_t points = 0;
  std::size_t cells = 0;
  std::size_t boundary_faces = 0;
  Box box;           ///< mm
  double volume = 0; ///< mm^3
  double area = 0;   ///< of the boundary, mm^2
  std::vector<RegionSummary> regions;
  std::vector<SetSummary> point_sets;
  std::vector<SetSummary> face_sets;
  QualitySummary quality;
  std::vector<DefectLine> defects;
  UnitGuess unit; ///< of the numbers in the file
};

/// `mm_per_unit` is what the mesh was read with: the unit is guessed from the numbers of the file.
MeshSummary summarise(const Mesh& mesh, double mm_per_unit = 1);

/// Area of a face, mm^2: of a quadrilateral that of the four triangles to its middle.
double area(const Mesh& mesh, FaceOfCell face);

/// What the shape of a cell is called: "radius ratio" or "scaled Jacobian".
std::string shape_words(CellShape shape);

} // namespace calcar::mesh
