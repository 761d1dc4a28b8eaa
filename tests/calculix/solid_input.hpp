#pragma once

// CalculiX (ccx) as a second opinion on unstructured meshes: the same mesh, as the writer of decks
// writes it.

#include "solid/body.hpp"

#include <filesystem>
#include <utility>
#include <vector>

namespace calcar::calculix
{

/// A pressure on a face, MPa, positive against the body.
struct FacePressure
{
  mesh::FaceOfCell face;
  double pressure = 0;
};

/// A static problem whose moduli are constant in each region.
struct SolidProblem
{
  const solid::SolidBody& body;    ///< moduli per cell; point and cell numbers 1, 2, 3, ...
  const solid::Supports& supports; ///< fixed components only
  std::vector<solid::NodalForce> forces;
  std::vector<FacePressure> pressures;
  /// Yield stress in MPa over plastic strain of all regions, as calculix::Problem has it.
  std::vector<std::pair<double, double>> plastic = {};
};

/// How many nodes of mesh::nodes_of, from the first on, the elements of ccx have: the middles of
/// the faces and cells of quadratic hexahedra are missing there.
std::size_t nodes_in_calculix(const mesh::Mesh& mesh);

/**
 * Writes the problem for calculix::run, with the mesh in a file beside it that it includes. Node
 * n + 1 is entry n of mesh::nodes_of, element e + 1 is cell e. Throws std::invalid_argument for
 * what cannot be said to ccx.
 */
void write_input(const std::filesystem::path& file, const SolidProblem& problem);

} // namespace calcar::calculix
