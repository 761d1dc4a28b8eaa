#pragma once

#include "voxel/level.hpp"

#include <vector>

namespace calcar::voxel
{

/// f = K u with the level's springs, summed over sharing ranks; fixed components are not masked. u
/// must be consistent.
void apply(const Level& level, const std::vector<float>& u, std::vector<float>& f);
void apply(const Level& level, const std::vector<double>& u, std::vector<double>& f);

/// f = K u of the voxels alone, pressed contact with them, without springs.
void apply_voxels(const Level& level, const std::vector<double>& u, std::vector<double>& f);

/// Sets the fixed components to zero.
template <typename T>
void mask(const Constraints& constraints, std::vector<T>& values)
{
  for (const std::size_t component : constraints.fixed)
    values[component] = 0;
}

/// The diagonal of K with springs, summed over sharing ranks, N/mm. The spare node's entries are 0.
std::vector<float> diagonal(const Level& level);

/// Largest eigenvalue of D^-1 K in the free components, estimated from below by `steps` steps of
/// Lanczos' method. Needs inverse_diagonal.
double estimate_largest_eigenvalue(const Level& level, int steps, MPI_Comm comm);

/// Dot product over all ranks, each node counted once.
double dot(const Nodes& nodes, const std::vector<double>& a, const std::vector<double>& b,
           MPI_Comm comm);
double dot(const Nodes& nodes, const std::vector<float>& a, const std::vector<double>& b,
           MPI_Comm comm);
double dot(const Nodes& nodes, const std::vector<float>& a, const std::vector<float>& b,
           MPI_Comm comm);

} // namespace calcar::voxel
