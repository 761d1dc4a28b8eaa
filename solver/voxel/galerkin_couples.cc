#include "voxel/galerkin_couples.hpp"

#include "voxel/aggregates.hpp"

namespace calcar::voxel
{
namespace
{

constexpr std::uint8_t all_components = 7;

Block3 corner_block(const ElementMatrix& element, std::size_t a, std::size_t b)
{
  Block3 k{};
  for (std::size_t r = 0; r < 3; ++r)
    for (std::size_t s = 0; s < 3; ++s)
      k[3 * r + s] = element[24 * (3 * a + r) + 3 * b + s];
  return k;
}

void add(Matrix6& sum, const Matrix6& part)
{
  for (std::size_t q = 0; q < 36; ++q)
    sum[q] += part[q];
}

Couple couple_of(const Matrix6& of_lambda, const Matrix6& of_mu)
{
  Couple couple{};
  for (std::size_t r = 0; r < 6; ++r)
    for (std::size_t c = 0; c < 6; ++c)
    {
      couple.of_lambda[r][c] = static_cast<float>(of_lambda[6 * r + c]);
      couple.of_mu[r][c] = static_cast<float>(of_mu[6 * r + c]);
    }
  return couple;
}

template <typename Visit>
void for_corners(unsigned group, unsigned other, Visit&& visit)
{
  for (std::size_t a = 0; a < 8; ++a)
    for (std::size_t b = 0; b < 8; ++b)
      if ((group >> a & 1) && (other >> b & 1))
        visit(a, b);
}

} // namespace

Matrix6 between(const Matrix6& at_a, std::uint8_t free_a, const Block3& k, const Matrix6& at_b,
                std::uint8_t free_b)
{
  Matrix6 m{};
  for (std::size_t r = 0; r < 3; ++r)
    for (std::size_t s = 0; s < 3; ++s)
      if ((free_a >> r & 1) && (free_b >> s & 1) && k[3 * r + s] != 0)
        for (std::size_t i = 0; i < 6; ++i)
          for (std::size_t j = 0; j < 6; ++j)
            m[6 * i + j] += at_a[6 * r + i] * k[3 * r + s] * at_b[6 * s + j];
  return m;
}

Couples::Couples(const Bricks& bricks)
    : of_lambda_(element_matrix(bricks.spacing, 1, 0)),
      of_mu_(element_matrix(bricks.spacing, 0, 1)), table_(256 * 256)
{
  const Vec3 half = bricks.spacing / (2 * mean_edge(bricks));
  for (std::size_t c = 0; c < 8; ++c)
    at_[c] = moved({c & 1 ? half.x : -half.x, c & 2 ? half.y : -half.y, c & 4 ? half.z : -half.z});
  for (std::size_t a = 0; a < 8; ++a)
    for (std::size_t b = 0; b < 8; ++b)
      of_free_[8 * a + b] = pair(a, all_components, b, all_components);
}

Couples::Pair Couples::pair(std::size_t a, std::uint8_t free_a, std::size_t b,
                            std::uint8_t free_b) const
{
  return {between(at_[a], free_a, corner_block(of_lambda_, a, b), at_[b], free_b),
          between(at_[a], free_a, corner_block(of_mu_, a, b), at_[b], free_b)};
}

Couple Couples::sum_of_free(unsigned group, unsigned other) const
{
  Matrix6 of_lambda{}, of_mu{};
  for_corners(group, other,
              [&](std::size_t a, std::size_t b)
              {
                add(of_lambda, of_free_[8 * a + b].of_lambda);
                add(of_mu, of_free_[8 * a + b].of_mu);
              });
  return couple_of(of_lambda, of_mu);
}

Couple Couples::made(unsigned group, unsigned other, const std::array<std::uint8_t, 8>& free) const
{
  Matrix6 of_lambda{}, of_mu{};
  for_corners(group, other,
              [&](std::size_t a, std::size_t b)
              {
                const Pair part = pair(a, free[a], b, free[b]);
                add(of_lambda, part.of_lambda);
                add(of_mu, part.of_mu);
              });
  return couple_of(of_lambda, of_mu);
}

} // namespace calcar::voxel
