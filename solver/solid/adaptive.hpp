#pragma once

#include "base/symmetric_tensor.hpp"
#include "base/vec3.hpp"
#include "mesh/mesh.hpp"
#include "solid/adaptive_grid.hpp"
#include "solid/loads.hpp"

#include <mpi.h>

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

namespace calcar::solid
{

/// When to stop refining, and how much to refine at a time.
struct RefinementOptions
{
  double tolerance = 0.05; ///< of the relative error in the energy norm
  int most_meshes = 12;    ///< the coarse one included
  double share = 0.5;      ///< cells with this share of the squared error are refined
  bool everywhere = false; ///< refine all cells (to compare)
  std::uint64_t most_unknowns = 3'000'000; ///< a refined mesh with more is not solved
};

/// What ended the refinement.
enum class RefinementEnd
{
  tolerance,     ///< it was reached
  most_meshes,   ///< so many were solved
  most_unknowns, ///< the next mesh would have more
  not_allowed    ///< the caller did not want the next mesh
};

/// The error on a mesh; on rank 0.
struct MeshErrors
{
  std::vector<double> squared; ///< of each cell, in any unit
  double relative_error = 0;
};

/**
 * Solves on one mesh after the other until the error is small: solve(mesh) answers with the error
 * of each, and the cells with the largest ones are refined. `allowed` is asked before a refined
 * mesh is solved; the mesh that was solved last is the one to keep. Both are called on every rank
 * and read on rank 0. Collective.
 */
RefinementEnd refine_until(AdaptiveGrid& grid, const RefinementOptions& options,
                           const std::function<MeshErrors(const RefinedMesh&)>& solve,
                           const std::function<bool(const RefinedMesh&)>& allowed, MPI_Comm comm);

/// Young's modulus, MPa, and Poisson's ratio at a place.
struct Moduli
{
  double youngs = 0;
  double poisson = 0;
};

/// Prescribed displacement of each component of a boundary node, mm; nothing where it is free.
using FixedAt = std::array<std::optional<double>, 3>;

/**
 * An elastic body whose mesh follows from the error. Everything is given, and asked, on rank 0; the
 * functions answer the same for the same place.
 */
struct AdaptiveBody
{
  mesh::Mesh coarse;                        ///< hexahedra of degree 1 or 2
  std::function<Moduli(Vec3 point)> moduli; ///< asked at integration points
  /// Asked at the nodes of each face of the boundary; the normal is the mean one of the face.
  std::function<FixedAt(Vec3 point, Vec3 normal)> fixed;
  Traction traction;    ///< on the boundary, MPa; may be empty
  BodyForce body_force; ///< N/mm^3; may be empty
};

struct AdaptiveOptions : RefinementOptions
{
  double relative_residual = 1e-8;
  int max_iterations = 1000;
};

/// A cell of the last mesh.
struct AdaptiveCell
{
  std::array<Vec3, 8> corners;      ///< mm, in the order of mesh/cell.hpp
  std::array<Vec3, 8> displacement; ///< mm
  SymTensor strain;                 ///< its mean
  double strain_error = 0;          ///< as ErrorEstimate has them
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
  int iterations = 0;         ///< 0 where the equations were factored
};

struct AdaptiveSolution
{
  std::vector<AdaptiveStep> steps; ///< on every rank
  bool reached_tolerance = false;  ///< else the limits of the options ended it
  std::vector<AdaptiveCell> cells; ///< of the last mesh, on rank 0; empty elsewhere
};

/**
 * Solves on meshes that are refined where ErrorEstimate is large, until it is below the tolerance:
 * octrees over the coarse hexahedra, hanging nodes tied to their neighbours.
 *
 * Throws InputError (data) for other than sound hexahedra, moduli out of range, and supports that
 * leave a rigid motion free; SolveError when a mesh's equations do not converge. Collective.
 */
AdaptiveSolution solve_adaptively(const AdaptiveBody& body, MPI_Comm comm,
                                  const AdaptiveOptions& options = {});

} // namespace calcar::solid
