#pragma once

#include "base/symmetric_tensor.hpp"
#include "base/vec3.hpp"
#include "mesh/mesh.hpp"
#include "solid/loads.hpp"

#include <mpi.h>

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

namespace calcar::solid
{

/// Young's modulus, MPa, and Poisson's ratio at a place.
struct Moduli
{
  double youngs = 0;
  double poisson = 0;
};

/// Prescribed displacement of each component of a boundary node, mm; nothing where it is free.
using FixedAt = std::array<std::optional<double>, 3>;

/**
 * An elastic body whose mesh follows from the error. The mesh is given on rank 0; the functions are
 * called on every rank, and answer the same for the same place.
 */
struct AdaptiveBody
{
  mesh::Mesh coarse; ///< hexahedra of degree 1 or 2, one connected part
  std::function<Moduli(Vec3 point)> moduli;
  std::function<FixedAt(Vec3 point, Vec3 normal)> fixed; ///< asked at nodes of the boundary
  Traction traction;                                     ///< on the boundary, MPa; may be empty
  BodyForce body_force;                                  ///< N/mm^3; may be empty
};

struct AdaptiveOptions
{
  double tolerance = 0.05; ///< of the relative error in the energy norm
  int most_meshes = 12;    ///< the coarse one included
  double share = 0.5;      ///< cells with this share of the squared error are refined
  bool everywhere = false; ///< refine all cells (to compare)
  std::uint64_t most_unknowns = 3'000'000; ///< no refinement of a mesh with more
  double relative_residual = 1e-8;
  int max_iterations = 1000;
};

/// A cell of the last mesh.
struct AdaptiveCell
{
  std::array<Vec3, 8> corners;      ///< mm, in the order of mesh/cell.hpp
  std::array<Vec3, 8> displacement; ///< mm
  SymTensor strain;                 ///< its mean
  /// How uncertain the strain is here: root of the mean square of |recovered - computed strain|
  /// (Frobenius norm), and that as a share of the recovered one ("strain here is uncertain by 8
  /// %").
  double strain_error = 0;
  double uncertainty = 0;
  double energy_error = 0; ///< the cell's part of the estimate: root of energy, (N mm)^(1/2)
};

/// One mesh on the way.
struct AdaptiveStep
{
  std::uint64_t cells = 0;
  std::uint64_t unknowns = 0; ///< three per node, hanging and fixed ones included
  double energy = 0;          ///< 1/2 integral of stress : strain, N mm
  double error = 0;           ///< estimate of the error in the energy norm, (N mm)^(1/2)
  double relative_error = 0;  ///< error / root of (2 energy + error^2)
  int iterations = 0;
};

struct AdaptiveSolution
{
  std::vector<AdaptiveStep> steps; ///< on every rank
  bool reached_tolerance = false;  ///< else the limits of the options ended it
  std::vector<AdaptiveCell> cells; ///< of the last mesh, on rank 0; empty elsewhere
};

/**
 * Solves on meshes that are refined where the error is large, until the estimate is below the
 * tolerance: p4est's octrees over the coarse hexahedra, hanging nodes tied to their neighbours.
 *
 * The estimate recovers a continuous stress s* = sum N_n s_n with the means
 * s_n = integral of N_n s_h / integral of N_n (the projection with lumped matrix) and takes it for
 * the exact one:
 *
 *   error^2 = integral of (s* - s_h) : C^-1 (s* - s_h),   s_h the computed stress:
 *
 * Zienkiewicz and Zhu (1987), Int. J. Numer. Methods Eng. 24, 337-357,
 * doi:10.1002/nme.1620240206. Where Young's modulus jumps the true stress is not continuous, and
 * the estimate is too large there rather than too small. Cells are chosen such that those with the
 * largest errors make up `share` of error^2.
 *
 * Throws InputError (data) for other than sound hexahedra, several parts, moduli out of range, and
 * supports that leave a rigid motion free; SolveError when a mesh's equations do not converge.
 * Collective.
 */
AdaptiveSolution solve_adaptively(const AdaptiveBody& body, MPI_Comm comm,
                                  const AdaptiveOptions& options = {});

} // namespace calcar::solid
