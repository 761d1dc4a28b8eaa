#include "voxel/plastic_points.hpp"

#include "bodies/levels.hpp"
#include "unit/voxel/bodies.hpp"
#include "voxel/neighbourhood.hpp"
#include "voxel/product.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <random>

using namespace calcar;
using voxel::Level;
using voxel::PlasticPoints;
using voxel::Points;

namespace
{
model::VoxelYield hardening()
{
  model::VoxelYield yield;
  yield.first = 3;
  yield.slope = 100;
  yield.last = 1e6;
  yield.kind = 0;
  return yield;
}

Level block_level()
{
  return test_bodies::level_of(bodies::block({3, 4, 3}, {1, 0.8, 1.3}), MPI_COMM_SELF);
}

std::vector<double> random_displacements(const Level& level, double size)
{
  std::mt19937 random(5);
  std::uniform_real_distribution<double> any(-size, size);
  std::vector<double> u(level.nodes.values(), 0);
  for (std::size_t n = 0; n + 3 < u.size(); ++n)
    u[n] = any(random);
  return u;
}

/// The forces of the stresses at the points.
std::vector<double> forces(Level& level, PlasticPoints& points, const std::vector<double>& u)
{
  voxel::ask_law(level, u, nullptr, material::TangentKind::positive, points);
  std::vector<double> f(u.size(), 0);
  voxel::add_stress(points, level, f.data());
  voxel::product(level, u.data(), f.data(), [](std::size_t, std::size_t) {});
  return f;
}
} // namespace

TEST_CASE("The tangent at eight points is the derivative of the forces")
{
  Level level = block_level();
  PlasticPoints points = voxel::make_points(level, std::vector<model::VoxelYield>(36, hardening()),
                                            {{}}, Points::eight);
  const std::vector<double> u = random_displacements(level, 0.01);
  std::mt19937 random(9);
  std::uniform_real_distribution<float> any(-1, 1);
  std::vector<float> p(u.size(), 0);
  for (std::size_t n = 0; n + 3 < p.size(); ++n)
    p[n] = any(random);
  forces(level, points, u);
  REQUIRE(points.corrections.size() > 100);
  std::vector<double> exact(u.size(), 0);
  voxel::add_tangent(points, level, p.data(), exact.data());
  voxel::product(level, p.data(), exact.data(), [](std::size_t, std::size_t) {});
  const double h = 1e-7;
  std::vector<double> more = u, less = u;
  for (std::size_t n = 0; n < u.size(); ++n)
  {
    more[n] += h * static_cast<double>(p[n]);
    less[n] -= h * static_cast<double>(p[n]);
  }
  const auto up = forces(level, points, more), down = forces(level, points, less);
  double apart = 0, largest = 0;
  for (std::size_t n = 0; n < u.size(); ++n)
  {
    apart = std::max(apart, std::abs((up[n] - down[n]) / (2 * h) - exact[n]));
    largest = std::max(largest, std::abs(exact[n]));
  }
  CHECK(apart < 1e-4 * largest);
}

TEST_CASE("Below yield points add nothing to the product, and the moduli stay")
{
  for (const Points kind : {Points::centre, Points::eight})
  {
    Level level = block_level();
    const std::vector<float> mu = level.bricks.mu;
    PlasticPoints points =
        voxel::make_points(level, std::vector<model::VoxelYield>(36, hardening()), {{}}, kind);
    forces(level, points, random_displacements(level, 1e-5));
    CHECK(points.corrections.empty());
    CHECK(level.bricks.mu == mu);
  }
}

TEST_CASE("A uniform strain beyond yield gives the same forces with one point and with eight")
{
  // Without bending there is nothing in which the two differ.
  std::vector<double> answers[2];
  for (const Points kind : {Points::centre, Points::eight})
  {
    Level level = block_level();
    PlasticPoints points =
        voxel::make_points(level, std::vector<model::VoxelYield>(36, hardening()), {{}}, kind);
    std::vector<double> u(level.nodes.values(), 0);
    for (std::int32_t n = 0; n < level.nodes.count; ++n)
    {
      const auto at = voxel::lattice_node(level.bricks.size, voxel::lattice_id(level, n));
      const double x = at.i, y = 0.8 * at.j, z = 1.3 * at.k;
      u[3 * static_cast<std::size_t>(n)] = 0.02 * x - 0.01 * y;
      u[3 * static_cast<std::size_t>(n) + 1] = 0.005 * z - 0.012 * y;
      u[3 * static_cast<std::size_t>(n) + 2] = -0.006 * z + 0.01 * x;
    }
    answers[kind == Points::eight ? 1 : 0] = forces(level, points, u);
    CHECK(points.corrections.size() == (kind == Points::eight ? 288 : 36));
  }
  for (std::size_t n = 0; n < answers[0].size(); ++n)
    CHECK(answers[0][n] == Approx(answers[1][n]).margin(1e-4));
}

TEST_CASE(
    "Averaging keeps a uniform field, the sum far from borders, and widens as a Gaussian does")
{
  const int n = 31;
  const double edge = 0.7;
  const Level level =
      test_bodies::level_of(bodies::block({n, 5, 5}, {edge, edge, edge}), MPI_COMM_SELF);
  const auto places = voxel::active_places(level.bricks);
  const double width = 3;
  const voxel::Neighbourhood neighbourhood(level, places, width);
  REQUIRE(neighbourhood.averages());
  std::vector<double> uniform(places.size(), 0.25);
  neighbourhood.average(level, uniform);
  for (const double value : uniform)
    CHECK(value == Approx(0.25).epsilon(1e-6));

  // A plane of ones across the bar spreads along it alone.
  std::vector<double> plane;
  std::vector<int> column;
  for (const std::uint32_t place : places)
  {
    const auto brick = level.bricks.list[place / voxel::brick_voxels];
    const int i = 8 * brick.i + voxel::voxel_indices(static_cast<int>(place % 512))[0];
    column.push_back(i);
    plane.push_back(i == n / 2 ? 1 : 0);
  }
  neighbourhood.average(level, plane);
  double sum = 0, square = 0;
  for (std::size_t v = 0; v < plane.size(); ++v)
  {
    const double x = edge * (column[v] - n / 2);
    sum += plane[v];
    square += plane[v] * x * x;
  }
  CHECK(sum == Approx(25).epsilon(1e-6));
  const double deviation = width / (2 * std::sqrt(2 * std::log(2.0)));
  CHECK(std::sqrt(square / sum) == Approx(deviation).epsilon(1e-6));
}

TEST_CASE("Averaging does not reach across a gap")
{
  const Level level = test_bodies::level_of(
      bodies::body({9, 3, 3}, {1, 1, 1}, [](int i, int, int) { return i == 4 ? 0.0 : 1000.0; }),
      MPI_COMM_SELF);
  const auto places = voxel::active_places(level.bricks);
  const voxel::Neighbourhood neighbourhood(level, places, 3);
  std::vector<double> values;
  std::vector<int> column;
  for (const std::uint32_t place : places)
  {
    const auto brick = level.bricks.list[place / voxel::brick_voxels];
    column.push_back(8 * brick.i + voxel::voxel_indices(static_cast<int>(place % 512))[0]);
    values.push_back(column.back() < 4 ? 1 : 0);
  }
  neighbourhood.average(level, values);
  for (std::size_t v = 0; v < values.size(); ++v)
    CHECK(values[v] == Approx(column[v] < 4 ? 1 : 0).margin(1e-6));
}
