#pragma once

#include "voxel/aggregate_modes.hpp"
#include "voxel/aggregation_kernels.hpp"
#include "voxel/element_matrix.hpp"
#include "voxel/level.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

namespace calcar::voxel
{

/// A 3x3 matrix by rows.
using Block3 = std::array<double, 9>;

/// R_a^T k R_b of two nodes, with R the displacement of a node in rigid motions (the first rows of
/// moved); rows and columns of components that are not free left out.
Matrix6 between(const Matrix6& at_a, std::uint8_t free_a, const Block3& k, const Matrix6& at_b,
                std::uint8_t free_b);

/// Couples of groups of a voxel's corners; a group is a set of bits. Those of free corners are made
/// once.
class Couples
{
public:
  explicit Couples(const Bricks& bricks);

  const Couple& all_free(unsigned group, unsigned other)
  {
    auto& entry = table_[256 * group + other];
    if (!entry)
      entry = std::make_unique<Couple>(sum_of_free(group, other));
    return *entry;
  }

  /// `free`: bits of the free components of each corner.
  Couple made(unsigned group, unsigned other, const std::array<std::uint8_t, 8>& free) const;

private:
  /// Of two corners, for unit lambda and unit mu.
  struct Pair
  {
    Matrix6 of_lambda, of_mu;
  };
  Pair pair(std::size_t a, std::uint8_t free_a, std::size_t b, std::uint8_t free_b) const;
  Couple sum_of_free(unsigned group, unsigned other) const;

  ElementMatrix of_lambda_, of_mu_;
  std::array<Matrix6, 8> at_{};
  std::array<Pair, 64> of_free_{}; ///< [8 a + b]
  std::vector<std::unique_ptr<Couple>> table_;
};

} // namespace calcar::voxel
