#include "voxel/kernel.hpp"

#include "voxel/brick.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <random>
#include <vector>

using namespace calcar;
using namespace calcar::voxel;

namespace
{

/// Dense element matrix by 2x2x2 Gauss points: K = sum w B^T C B, unknown 3 corner + axis.
std::vector<double> gauss_matrix(Vec3 h, double lambda, double mu)
{
  std::vector<double> matrix(24 * 24, 0);
  const double point = 1 / std::sqrt(3.0);
  for (int g = 0; g < 8; ++g)
  {
    const Vec3 xi{g & 1 ? point : -point, g >> 1 & 1 ? point : -point, g >> 2 ? point : -point};
    Vec3 gradient[8];
    for (int n = 0; n < 8; ++n)
    {
      const Vec3 s{n & 1 ? 1.0 : -1.0, n >> 1 & 1 ? 1.0 : -1.0, n >> 2 ? 1.0 : -1.0};
      const double a = 1 + s.x * xi.x, b = 1 + s.y * xi.y, c = 1 + s.z * xi.z;
      gradient[n] = {s.x * b * c / (4 * h.x), a * s.y * c / (4 * h.y), a * b * s.z / (4 * h.z)};
    }
    const double weight = h.x * h.y * h.z / 8;
    for (std::size_t p = 0; p < 24; ++p)
      for (std::size_t q = 0; q < 24; ++q)
      {
        // lambda div v div u + mu grad v : (grad u + grad u^T)
        const Vec3& v = gradient[p / 3];
        const Vec3& u = gradient[q / 3];
        double entry = lambda * v[p % 3] * u[q % 3] + mu * v[q % 3] * u[p % 3];
        if (p % 3 == q % 3)
          entry += mu * dot(v, u);
        matrix[24 * p + q] += weight * entry;
      }
  }
  return matrix;
}

struct RandomBrick
{
  std::vector<std::int32_t> table = std::vector<std::int32_t>(brick_nodes);
  std::vector<float> lambda = std::vector<float>(brick_voxels, 0);
  std::vector<float> mu = std::vector<float>(brick_voxels, 0);
  std::uint64_t rows = 0;
  std::vector<double> u = std::vector<double>(3 * brick_nodes + 3, 0);

  explicit RandomBrick(double filled)
  {
    std::mt19937 generator(5);
    const auto uniform = [&] { return static_cast<double>(generator()) / 4294967296.0; };
    for (std::size_t n = 0; n < brick_nodes; ++n)
      table[n] = static_cast<std::int32_t>((n * 100) % brick_nodes); // a permutation
    for (std::size_t v = 0; v < brick_voxels; ++v)
      if (uniform() < filled)
      {
        lambda[v] = static_cast<float>(std::pow(1000, uniform()));
        mu[v] = static_cast<float>(std::pow(1000, uniform()));
        rows |= std::uint64_t{1} << v / 8;
      }
    for (std::size_t n = 0; n < 3 * brick_nodes; ++n)
      u[n] = uniform() - 0.5;
  }
  BrickView view(Vec3 spacing) const
  {
    return {1, table.data(), lambda.data(), mu.data(), &rows, spacing};
  }
  std::vector<double> reference(Vec3 spacing) const
  {
    const auto of_lambda = gauss_matrix(spacing, 1, 0), of_mu = gauss_matrix(spacing, 0, 1);
    std::vector<double> f(u.size(), 0);
    for (std::size_t v = 0; v < brick_voxels; ++v)
    {
      const auto at = voxel_indices(static_cast<int>(v));
      std::size_t unknown[24];
      for (int n = 0; n < 24; ++n)
      {
        const int corner = n / 3;
        const auto node = table[static_cast<std::size_t>(
            node_position(at[0] + (corner & 1), at[1] + (corner >> 1 & 1), at[2] + (corner >> 2)))];
        unknown[n] = static_cast<std::size_t>(3 * node + n % 3);
      }
      for (std::size_t p = 0; p < 24; ++p)
        for (std::size_t q = 0; q < 24; ++q)
          f[unknown[p]] += (static_cast<double>(lambda[v]) * of_lambda[24 * p + q] +
                            static_cast<double>(mu[v]) * of_mu[24 * p + q]) *
                           u[unknown[q]];
    }
    return f;
  }
};

template <typename T>
double relative_error(const RandomBrick& brick, Vec3 spacing)
{
  const std::vector<double> expected = brick.reference(spacing);
  const std::vector<T> u(brick.u.begin(), brick.u.end());
  std::vector<T> f(u.size(), 0);
  multiply(brick.view(spacing), u.data(), f.data());
  double error = 0, largest = 0;
  for (std::size_t n = 0; n < f.size(); ++n)
  {
    error = std::max(error, std::abs(static_cast<double>(f[n]) - expected[n]));
    largest = std::max(largest, std::abs(expected[n]));
  }
  return error / largest;
}

} // namespace

TEST_CASE("the product equals the dense element matrices of a heterogeneous brick")
{
  const auto spacing = GENERATE(Vec3{1, 1, 1}, Vec3{0.5, 0.7, 1.9}, Vec3{3, 0.2, 0.4});
  const auto filled = GENERATE(1.0, 0.5, 0.02);
  const RandomBrick brick(filled);
  CHECK(relative_error<double>(brick, spacing) < 1e-12);
  CHECK(relative_error<float>(brick, spacing) < 1e-5);
}

TEST_CASE("the product adds to what is there")
{
  const RandomBrick brick(0.3);
  std::vector<double> once(brick.u.size(), 0), twice(brick.u.size(), 0);
  multiply(brick.view({1, 1, 1}), brick.u.data(), once.data());
  multiply(brick.view({1, 1, 1}), brick.u.data(), twice.data());
  multiply(brick.view({1, 1, 1}), brick.u.data(), twice.data());
  double error = 0;
  for (std::size_t n = 0; n < once.size(); ++n)
    error = std::max(error, std::abs(twice[n] - 2 * once[n]));
  CHECK(error < 1e-9);
}

TEST_CASE("the diagonal factors are the diagonal of the element matrix")
{
  const Vec3 spacing{0.5, 0.7, 1.9};
  const auto of_lambda = gauss_matrix(spacing, 1, 0), of_mu = gauss_matrix(spacing, 0, 1);
  for (std::size_t n = 0; n < 24; ++n)
  {
    const DiagonalFactor factor = diagonal_factor(spacing, static_cast<int>(n % 3));
    CHECK(factor.of_lambda == Approx(of_lambda[25 * n]).epsilon(1e-12));
    CHECK(factor.of_mu == Approx(of_mu[25 * n]).epsilon(1e-12));
  }
}
