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

  /// `scattered`: no two neighbours of a line follow each other in the vectors.
  explicit RandomBrick(double filled, bool scattered = true)
  {
    std::mt19937 generator(5);
    const auto uniform = [&] { return static_cast<double>(generator()) / 4294967296.0; };
    for (std::size_t n = 0; n < brick_nodes; ++n)
      table[n] = static_cast<std::int32_t>(scattered ? n * 100 % brick_nodes : n); // permuted
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

/// Largest error of the product in the precision of T with u in the precision of In.
template <typename In, typename T>
double relative_error(const Kernels::Multiply<In, T>& multiply, const RandomBrick& brick,
                      Vec3 spacing)
{
  const std::vector<double> expected = brick.reference(spacing);
  const std::vector<In> u(brick.u.begin(), brick.u.end());
  std::vector<T> f(u.size(), 0);
  multiply(brick.view(spacing), 0, 1, u.data(), f.data());
  double error = 0, largest = 0;
  for (std::size_t n = 0; n < f.size(); ++n)
  {
    error = std::max(error, std::abs(static_cast<double>(f[n]) - expected[n]));
    largest = std::max(largest, std::abs(expected[n]));
  }
  return error / largest;
}

/// One instruction set per section; those that this processor lacks are left out, the plain one
/// never is.
InstructionSet one_of_the_sets()
{
  const InstructionSet set = GENERATE(from_range(instruction_sets));
  return supported(set) ? set : InstructionSet::sse2;
}

} // namespace

TEST_CASE("the product equals the dense element matrices of a heterogeneous brick")
{
  const auto spacing = GENERATE(Vec3{1, 1, 1}, Vec3{0.5, 0.7, 1.9}, Vec3{3, 0.2, 0.4});
  const auto filled = GENERATE(1.0, 0.5, 0.02);
  const auto scattered = GENERATE(true, false);
  const InstructionSet set = one_of_the_sets();
  CAPTURE(name_of(set));
  const RandomBrick brick(filled, scattered);
  const Kernels& k = kernels(set);
  CHECK(relative_error<double, double>(k.full, brick, spacing) < 1e-12);
  CHECK(relative_error<float, float>(k.single, brick, spacing) < 1e-5);
  // Displacements rounded to single precision, everything else in double precision.
  RandomBrick rounded = brick;
  for (double& value : rounded.u)
    value = static_cast<double>(static_cast<float>(value));
  CHECK(relative_error<float, double>(k.mixed, rounded, spacing) < 1e-12);
}

TEST_CASE("bricks may be worked on in any order and in parts")
{
  // Bricks with nodes of their own; moduli differ by powers of two, which do not round.
  const RandomBrick one(0.6, false);
  constexpr std::size_t count = 7;
  std::vector<std::int32_t> table;
  std::vector<float> lambda, mu;
  std::vector<std::uint64_t> rows;
  std::vector<double> u;
  for (std::size_t b = 0; b < count; ++b)
  {
    for (const std::int32_t node : one.table)
      table.push_back(node + static_cast<std::int32_t>(b * brick_nodes));
    for (std::size_t v = 0; v < brick_voxels; ++v)
    {
      lambda.push_back(static_cast<float>(1 << b) * one.lambda[v]);
      mu.push_back(static_cast<float>(1 << b) * one.mu[v]);
    }
    rows.push_back(one.rows);
    u.insert(u.end(), one.u.begin(), one.u.end() - 3);
  }
  const std::vector<std::int32_t> turn = {4, 0, 6, 1, 3, 5, 2};
  const BrickView view{count,       table.data(), lambda.data(), mu.data(),
                       rows.data(), {1, 1, 1},    turn.data()};
  std::vector<double> parts(u.size(), 0);
  for (const std::size_t first : {0, 2, 3})
    kernels().full(view, first, first == 0 ? 2 : first == 2 ? 3 : count, u.data(), parts.data());
  const std::vector<double> expected = one.reference({1, 1, 1});
  double error = 0;
  for (std::size_t b = 0; b < count; ++b)
    for (std::size_t n = 0; n < 3 * brick_nodes; ++n)
      error = std::max(error, std::abs(parts[3 * b * brick_nodes + n] -
                                       static_cast<double>(1 << b) * expected[n]));
  CHECK(error < 1e-8);
}

TEST_CASE("a relaxation is a Chebyshev step and leaves the product at zero")
{
  const InstructionSet set = one_of_the_sets();
  constexpr std::size_t count = 37;
  std::vector<float> inverse(count), b(count), t(count), d(count), x(count);
  for (std::size_t n = 0; n < count; ++n)
  {
    const auto value = static_cast<float>(n);
    inverse[n] = n == 20 ? 0 : 1 / (1 + value);
    b[n] = 3 - value;
    t[n] = 0.5F * value;
    d[n] = n == 20 ? 0 : 0.25F;
    x[n] = value;
  }
  kernels(set).relax({0.5F, 2, inverse.data(), b.data(), t.data(), d.data(), x.data()}, 5, 30);
  for (std::size_t n = 0; n < count; ++n)
  {
    const auto value = static_cast<float>(n);
    const bool within = n >= 5 && n < 30;
    const float step = n == 20 ? 0 : 0.125F + 2 / (1 + value) * (3 - 1.5F * value);
    CHECK(x[n] == Approx(value + (within ? step : 0)).epsilon(1e-6).margin(1e-6));
    CHECK(t[n] == (within ? 0 : 0.5F * value));
  }
}

TEST_CASE("strains of a linear displacement are its symmetric gradient")
{
  const InstructionSet set = one_of_the_sets();
  const Vec3 h{0.5, 0.7, 1.9};
  RandomBrick brick(0.4, false);
  const double gradient[3][3] = {{1, 2, 3}, {-4, 5, 6}, {7, -8, 9}};
  for (int n = 0; n < brick_nodes; ++n)
  {
    const auto at = node_indices(n);
    for (std::size_t c = 0; c < 3; ++c)
      brick.u[3 * static_cast<std::size_t>(n) + c] = gradient[c][0] * at[0] * h.x +
                                                     gradient[c][1] * at[1] * h.y +
                                                     gradient[c][2] * at[2] * h.z;
  }
  std::vector<double> strains(6 * brick_voxels, 0);
  kernels(set).strains(brick.view(h), 0, brick.u.data(), strains.data());
  const double expected[6] = {1, 5, 9, -1, 5, -1}; // xx yy zz yz zx xy
  for (std::size_t v = 0; v < brick_voxels; ++v)
    if (brick.mu[v] > 0)
      for (std::size_t c = 0; c < 6; ++c)
        CHECK(strains[c * brick_voxels + v] == Approx(expected[c]).epsilon(1e-12));
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
