#pragma once

#include "base/vec3.hpp"

#include <array>
#include <cstddef>

namespace calcar::voxel
{

/// A 6x6 matrix by rows.
using Matrix6 = std::array<double, 36>;

Matrix6 operator*(const Matrix6& a, const Matrix6& b);
Matrix6 transposed(const Matrix6& a);
/// a^T m b.
Matrix6 sandwich(const Matrix6& a, const Matrix6& m, const Matrix6& b);

/**
 * Moves the centre of rigid motions. A motion u(x) = t + w x (x - c) has the coordinates (t, w)
 * about c; about c + d they are (t + w x d, w) = moved(d) (t, w).
 */
Matrix6 moved(Vec3 d);

/**
 * The six rigid motions of an aggregate in its free components, made orthonormal. With B the
 * columns (translations, rotations about `centre`) of the aggregate's nodes, zero in fixed
 * components, the modes are Q = B from_modes and B = Q to_modes; Q^T Q is one, but zero for modes
 * that the aggregate does not have (rotation of a single node, translation of held nodes).
 */
struct RigidModes
{
  Vec3 centre;          ///< in mean voxel edges
  Matrix6 from_modes{}; ///< upper triangle
  Matrix6 to_modes{};   ///< upper triangle
};

/**
 * Orthonormal modes from the Gram matrix B^T B (lengths in mean voxel edges), by Cholesky's method.
 * A mode whose part across the earlier ones has a squared length below `smallest` is left out.
 */
RigidModes rigid_modes(Vec3 centre, const Matrix6& gram, double smallest = 0.3);

/// B^T B of one node at `r` from the centre; `is_free` says which components may move.
Matrix6 gram_of_node(Vec3 r, std::array<bool, 3> is_free);

} // namespace calcar::voxel
