#pragma once

// CalculiX (ccx) as a second opinion and as a competitor: the same voxels as C3D8 elements.

#include "model/voxel_body.hpp"

#include <array>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace calcar::calculix
{

enum class Solver
{
  spooles,            ///< direct
  iterative_scaling,  ///< conjugate gradients, diagonal scaling
  iterative_cholesky, ///< conjugate gradients, incomplete Cholesky factor
};

/// A static problem; all in grid axes, mm, N, MPa.
struct Problem
{
  const model::VoxelBody& body;
  const model::VoxelSupports& supports; ///< fixed components only, no springs
  const std::vector<model::NodalForce>& forces;
  /// Yield stress in MPa over plastic strain, von Mises with isotropic hardening; empty: elastic.
  /// The load is then applied in fifty steps.
  std::vector<std::pair<double, double>> plastic = {};
};

/// What ccx is asked to print.
enum class Print
{
  everything,    ///< displacements of all nodes, stresses at all integration points
  displacements, ///< of all nodes
};

/**
 * Writes the problem as a ccx input file: node n + 1 is entry n of model::nodes_of, element e + 1
 * entry e of the body, one material per distinct pair of moduli. Nodes of the lattice have their
 * position in grid axes, the first at the origin. Throws std::invalid_argument when the problem has
 * springs.
 */
void write_input(const std::filesystem::path& file, const Problem& problem, Solver solver,
                 Print print, const std::string& element = "C3D8");

/**
 * Runs ccx on an input file, which must end in .inp, and waits. What it says goes into a .log file
 * beside it. Throws std::runtime_error naming scripts/setup when ccx is not installed, and the log
 * when it fails.
 */
void run(const std::filesystem::path& input, int threads = 1);

/// What ccx printed, with about seven digits.
struct Answer
{
  std::vector<Vec3> displacement;               ///< per node, mm
  std::vector<std::vector<SymTensor>> stresses; ///< [element][integration point] MPa
};

/// Reads the .dat file of a run. Throws std::runtime_error when it lacks a node.
Answer read_answer(const std::filesystem::path& dat, std::size_t nodes, std::size_t elements);

} // namespace calcar::calculix
