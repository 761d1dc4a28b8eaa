#include "base/large_pages.hpp"
#include "bodies/hard_cases.hpp"
#include "bodies/systems.hpp"
#include "voxel/aggregate_modes.hpp"
#include "voxel/aggregate_surroundings.hpp"
#include "voxel/aggregation_kernels.hpp"
#include "voxel/aggregation_pattern.hpp"
#include "voxel/lanczos.hpp"
#include "voxel/message_count.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <set>

using namespace calcar;
using namespace calcar::voxel;
using namespace test_bodies;

namespace
{

double number(int n, std::uint64_t seed)
{
  return 2 * hashed(n, 0, 0, seed) - 1;
}

Matrix6 some_matrix(std::uint64_t seed, bool triangular)
{
  Matrix6 m{};
  for (std::size_t i = 0; i < 6; ++i)
    for (std::size_t j = triangular ? i : 0; j < 6; ++j)
      m[6 * i + j] = number(static_cast<int>(6 * i + j), seed);
  return m;
}

/// 36 values and two more behind, which no kernel may change.
std::vector<float> values_of(const Matrix6& m)
{
  std::vector<float> values(m.begin(), m.end());
  values.insert(values.end(), {77.0F, 78.0F});
  return values;
}

double difference(const std::vector<float>& given, const Matrix6& expected)
{
  double most =
      std::abs(static_cast<double>(given[36]) - 77) + std::abs(static_cast<double>(given[37]) - 78);
  for (std::size_t q = 0; q < 36; ++q)
    most = std::max(most, std::abs(static_cast<double>(given[q]) - expected[q]));
  return most;
}

Matrix6 plus(Matrix6 a, const Matrix6& b)
{
  for (std::size_t q = 0; q < 36; ++q)
    a[q] += b[q];
  return a;
}

} // namespace

TEST_CASE("Galerkin products of blocks are right with each instruction set")
{
  const Matrix6 left = some_matrix(1, true), block = some_matrix(2, false);
  const Matrix6 right = some_matrix(3, true), before = some_matrix(4, false);
  const Matrix6 product = sandwich(left, block, right);
  const auto l = values_of(left), b = values_of(block), r = values_of(right);
  for (const InstructionSet set : instruction_sets)
  {
    if (!supported(set))
      continue;
    INFO(name_of(set));
    const AggregationKernels& kernels = aggregation_kernels(set);
    for (const bool direct : {false, true})
      for (const bool mirrored : {false, true})
      {
        auto to = values_of(before);
        const Sandwich part{l.data(), b.data(), r.data(), to.data(), direct, mirrored};
        kernels.add_sandwiches(&part, 1);
        Matrix6 expected = before;
        if (direct)
          expected = plus(expected, product);
        if (mirrored)
          expected = plus(expected, transposed(product));
        CHECK(difference(to, expected) < 1e-5);
      }
    auto in_place = values_of(block);
    const Sandwich part{l.data(), in_place.data(), r.data(), in_place.data()};
    kernels.set_sandwiches(&part, 1);
    CHECK(difference(in_place, product) < 1e-5);

    std::vector<float> two(b.begin(), b.end() - 2);
    for (const double v : before)
      two.push_back(static_cast<float>(v));
    float norms[2] = {};
    kernels.sizes(two.data(), 2, norms);
    double squares[2] = {};
    for (std::size_t q = 0; q < 36; ++q)
    {
      squares[0] += block[q] * block[q];
      squares[1] += before[q] * before[q];
    }
    CHECK(norms[0] == Approx(std::sqrt(squares[0])).epsilon(1e-6));
    CHECK(norms[1] == Approx(std::sqrt(squares[1])).epsilon(1e-6));
  }
}

TEST_CASE("a voxel's part is moved to the centres of both aggregates with each instruction set")
{
  const Matrix6 of_lambda = some_matrix(5, false), of_mu = some_matrix(6, false);
  Couple couple{};
  for (std::size_t q = 0; q < 36; ++q)
  {
    couple.of_lambda[q / 6][q % 6] = static_cast<float>(of_lambda[q]);
    couple.of_mu[q / 6][q % 6] = static_cast<float>(of_mu[q]);
  }
  const Vec3 a{0.5, -1.25, 2}, b{-0.75, 0.25, 1.5};
  const Offset left = offset_of(a), right = offset_of(b);
  Matrix6 mixed{};
  for (std::size_t q = 0; q < 36; ++q)
    mixed[q] = 3 * of_lambda[q] + 2 * of_mu[q];
  const Matrix6 before = some_matrix(7, false);
  const Matrix6 expected = plus(before, sandwich(moved(a), mixed, moved(b)));
  for (const InstructionSet set : instruction_sets)
  {
    if (!supported(set))
      continue;
    INFO(name_of(set));
    auto to = values_of(before);
    const VoxelPart part{&couple, &left, &right, to.data(), 3, 2};
    aggregation_kernels(set).add_voxels(&part, 1);
    CHECK(difference(to, expected) < 1e-4);
  }
}

TEST_CASE("blocks that are noted often and in any order are kept once, also in long rows")
{
  constexpr std::size_t rows = 9;
  BlockPattern pattern(rows - 1);
  pattern.add_row();
  std::vector<std::set<std::int32_t>> expected(rows);
  for (int n = 0; n < 20000; ++n)
  {
    const auto row = static_cast<std::int32_t>(hashed(n, 0, 0, 1) * (rows - 1));
    const auto column = static_cast<std::int32_t>(hashed(n, 0, 0, 2) * 12 * (row + 1));
    pattern.note(row, column);
    expected[static_cast<std::size_t>(row)].insert(column);
  }
  pattern.sort_further();
  std::size_t longest = 0;
  for (std::size_t row = 0; row < rows; ++row)
  {
    std::vector<std::int32_t> columns = {-7};
    pattern.append_columns(row, columns);
    std::vector<std::int32_t> all = {-7};
    all.insert(all.end(), expected[row].begin(), expected[row].end());
    CHECK(columns == all);
    CHECK(pattern.count(row) == expected[row].size());
    longest = std::max(longest, expected[row].size());
  }
  CHECK(longest > 64);
  CHECK(pattern.count(rows - 1) == 0);
}

TEST_CASE("Lanczos' method finds the largest eigenvalue when it has seen all of them")
{
  CHECK(LanczosMatrix().largest_eigenvalue() == 0);
  const std::vector<double> eigenvalues = {1, 2, 3, 5, 11};
  std::vector<double> r = {1, 0.5, 2, 1, 0.25}, p(5, 0);
  LanczosMatrix lanczos;
  double rr = 0, last = 0;
  for (int step = 0; step < 5; ++step)
  {
    double next = 0, curvature = 0;
    for (const double v : r)
      next += v * v;
    const double beta = step > 0 ? next / rr : 0;
    for (std::size_t n = 0; n < 5; ++n)
    {
      p[n] = r[n] + beta * p[n];
      curvature += eigenvalues[n] * p[n] * p[n];
    }
    const double alpha = next / curvature;
    lanczos.add(alpha, beta);
    for (std::size_t n = 0; n < 5; ++n)
      r[n] -= alpha * eigenvalues[n] * p[n];
    rr = next;
    CHECK(lanczos.largest_eigenvalue() > last); // from below
    last = lanczos.largest_eigenvalue();
  }
  CHECK(last == Approx(11).epsilon(1e-10));
}

TEST_CASE("nodes and moduli around a brick are those of the lattice")
{
  const Problem problem = clamped("struts", strut_cube(24), Load::bending);
  const System system = system_of(problem, MPI_COMM_SELF);
  const Level& level = system.multigrid.finest();
  const Surroundings surroundings(level);
  std::size_t wrong = 0, found = 0;
  for (std::size_t b = 0; b < level.bricks.list.size(); ++b)
  {
    const Brick& brick = level.bricks.list[b];
    for (int k = -3; k <= 11; ++k)
      for (int j = -3; j <= 11; ++j)
        for (int i = -3; i <= 11; ++i)
        {
          const std::array<int, 3> at = {8 * brick.i + i, 8 * brick.j + j, 8 * brick.k + k};
          const bool inside = at[0] >= 0 && at[1] >= 0 && at[2] >= 0;
          const std::int32_t expected =
              inside ? find_node(level.bricks, level.nodes, at[0], at[1], at[2]) : -1;
          wrong += surroundings.node(b, {i, j, k}) != expected;
          found += expected >= 0;
        }
  }
  CHECK(wrong == 0);
  CHECK(found > 10000);

  // d_n at nodes inside a brick is the sum over the eight voxels that youngs() gives.
  const std::vector<float> around = surroundings.stiffness_around();
  double error = 0;
  for (std::size_t b = 0; b < level.bricks.list.size(); ++b)
    for (int at = -1; at <= 9; ++at)
    {
      const std::int32_t node = surroundings.node(b, {at, 4, 8});
      std::array<float, 8> voxels{};
      surroundings.youngs(b, {at - 1, 3, 7}, 2, voxels.data());
      float sum = 0;
      for (const float v : voxels)
        sum += v;
      const float expected = node >= 0 ? around[static_cast<std::size_t>(node)] : 0.0F;
      error = std::max(error, static_cast<double>(std::abs(sum - expected)) / 1e4);
    }
  CHECK(error < 1e-5);
}

TEST_CASE("a message that MPI cannot count is refused")
{
  CHECK(message_count(0) == 0);
  CHECK(message_count((std::size_t{1} << 31) - 1) == 2147483647);
  CHECK_THROWS_WITH(message_count(std::size_t{1} << 31),
                    Catch::Contains("2147483648 items") && Catch::Contains("More ranks"));
}

TEST_CASE("memory in large pages is memory as any other")
{
  std::vector<double> small, large;
  assign_on_large_pages(small, 3, 1.5);
  CHECK(small == std::vector<double>{1.5, 1.5, 1.5});
  assign_on_large_pages(large, (std::size_t{1} << 20) + 7, 2.5);
  CHECK(large.size() == (std::size_t{1} << 20) + 7);
  CHECK(large.front() == 2.5);
  CHECK(large.back() == 2.5);
}
