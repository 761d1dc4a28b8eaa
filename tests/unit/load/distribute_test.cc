#include "load/distribute.hpp"
#include "unit/material/scratch_file.hpp"

#include <catch2/catch.hpp>

#include <random>

using namespace calcar;
using Catch::Matchers::Contains;
using load::distribute;

namespace
{
Vec3 random_vector(std::mt19937& generator, double size)
{
  std::uniform_real_distribution<double> uniform(-size, size);
  return {uniform(generator), uniform(generator), uniform(generator)};
}

Vec3 sum(const std::vector<Vec3>& forces)
{
  Vec3 total;
  for (const Vec3& force : forces)
    total += force;
  return total;
}

Vec3 moment_about_origin(const std::vector<Vec3>& points, const std::vector<Vec3>& forces)
{
  Vec3 total;
  for (std::size_t i = 0; i < points.size(); ++i)
    total += cross(points[i], forces[i]);
  return total;
}
} // namespace

TEST_CASE("resultant and moment of distributed forces are exact on random clouds")
{
  std::mt19937 generator(5);
  for (int trial = 0; trial < 50; ++trial)
  {
    const Vec3 place = random_vector(generator, 300);
    std::vector<Vec3> points(static_cast<std::size_t>(4 + 7 * trial));
    std::vector<double> weights;
    for (Vec3& point : points)
    {
      point = place + random_vector(generator, 20);
      weights.push_back(std::uniform_real_distribution<double>(0, 3)(generator));
    }
    const Vec3 resultant = random_vector(generator, 2000);
    const Vec3 moment = cross(place, resultant) + random_vector(generator, 5000);
    const auto forces = distribute(resultant, moment, points, weights);
    CHECK(norm(sum(forces) - resultant) <= 1e-12 * norm(resultant));
    CHECK(norm(moment_about_origin(points, forces) - moment) <= 1e-12 * norm(resultant) * 600);
  }
}

TEST_CASE("a force through the middle keeps the intended pressure")
{
  const std::vector<Vec3> square{{0, 0, 0}, {2, 0, 0}, {2, 2, 0}, {0, 2, 0}};
  const Vec3 force{0, 0, -8};
  for (const Vec3& one : distribute(force, cross({1, 1, 0}, force), square, {1, 1, 1, 1}))
    CHECK(norm(one - Vec3{0, 0, -2}) < 1e-14);
  const auto weighted = distribute({8, 0, 0}, cross({1, 0.5, 0}, {8, 0, 0}), square, {3, 3, 1, 1});
  CHECK(weighted[0].x == Approx(3));
  CHECK(weighted[2].x == Approx(1));
}

TEST_CASE("points without weight get no force")
{
  const auto forces =
      distribute({0, 0, 1}, {}, {{0, 0, 0}, {1, 0, 0}, {0, 1, 0}, {5, 5, 5}}, {1, 1, 1, 0});
  CHECK(norm(forces[3]) == 0);
}

TEST_CASE("a load that cannot be distributed is refused")
{
  const std::vector<Vec3> line{{0, 0, 0}, {1, 1, 1}, {2, 2, 2}, {5, 5, 5}};
  const auto said = [](const std::vector<Vec3>& points, const std::vector<double>& weights) {
    return refusal([&] { distribute({1, 0, 0}, {}, points, weights); });
  };
  CHECK_THAT(said(line, {1, 1, 1, 1}), Contains("lie on a line") &&
                                           Contains("three or more points") &&
                                           Contains("enlarge the loaded area"));
  CHECK_THAT(said({{0, 0, 0}, {1, 0, 0}}, {1, 1}), Contains("lie on a line"));
  CHECK_THAT(said({{0, 0, 0}}, {1}), Contains("lie on a line"));
  CHECK_THAT(said(line, {0, 0, 0, 0}), Contains("no point carries weight"));
  CHECK_THAT(said({}, {}), Contains("no point carries weight"));
  CHECK_THAT(said(line, {1, -1, 1, 1}), Contains("negative weight"));
}
