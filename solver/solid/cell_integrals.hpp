#pragma once

#include "base/symmetric_tensor.hpp"
#include "solid/constitutive.hpp"
#include "solid/elements.hpp"

#include <span>
#include <vector>

namespace calcar::solid
{

/// Strain at a point: sum over nodes of the symmetric part of u_n (x) grad N_n.
SymTensor strain_of(std::span<const Vec3> gradients, std::span<const Vec3> displacements);

/// Adds volume * B^T stress: forces[n] += volume * stress . grad N_n.
void add_forces(std::span<const Vec3> gradients, double volume, const SymTensor& stress,
                std::span<Vec3> forces);

/// Adds volume * B^T tangent B to the upper half of a cell's matrix: 3 n rows, row after row,
/// component fastest. `mirror` fills the lower half when all points have been added.
void add_stiffness(std::span<const Vec3> gradients, double volume, const Tangent& tangent,
                   std::vector<double>& matrix);
void mirror(std::size_t rows, std::vector<double>& matrix);

} // namespace calcar::solid
