#include "voxel/coarse_choice.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using calcar::voxel::begins_with_aggregates;
using calcar::voxel::CoarseChoice;

namespace
{

/// The iteration after which aggregates take over when every residual is `factor` times the one
/// before; 0: never, until 1e-6 is reached.
int takeover(double factor, int loads, double goal = 1e-6)
{
  CoarseChoice choice(goal, loads);
  double residual = 1;
  for (int iteration = 1; residual > goal && iteration < 1000; ++iteration)
  {
    residual *= factor;
    if (choice.takes_over(residual))
      return iteration;
  }
  return 0;
}

} // namespace

TEST_CASE("a V-cycle that converges in some twenty iterations is kept for any number of loads")
{
  CHECK(takeover(std::pow(1e-6, 1 / 12.0), 1) == 0);
  CHECK(takeover(std::pow(1e-6, 1 / 25.0), 1) == 0);
  CHECK(takeover(std::pow(1e-6, 1 / 25.0), 20) == 0);
}

TEST_CASE("a V-cycle that would take a hundred iterations makes way at the tenth")
{
  CHECK(takeover(std::pow(1e-6, 1 / 100.0), 1) == 10);
  CHECK(takeover(std::pow(1e-6, 1 / 100.0), 6) == 10);
}

TEST_CASE("many loads pay for the set-up where one does not")
{
  const double factor = std::pow(1e-6, 1 / 40.0);
  CHECK(takeover(factor, 1) == 0);
  CHECK(takeover(factor, 6) == 10);
}

TEST_CASE("residuals that grow or stall make way for aggregates, also late")
{
  CHECK(takeover(1.0, 1) == 10);
  CHECK(takeover(1.2, 1) == 10);
  CoarseChoice choice(1e-8, 1);
  double residual = 1;
  for (int iteration = 1; iteration <= 20; ++iteration)
    CHECK_FALSE(choice.takes_over(residual *= 0.5));
  int stalled = 0;
  while (!choice.takes_over(residual *= 0.98))
    ++stalled;
  CHECK(stalled < 7);
}

TEST_CASE("a solve at its goal is never given up")
{
  CoarseChoice choice(1e-3, 1);
  for (int iteration = 0; iteration < 30; ++iteration)
    CHECK_FALSE(choice.takes_over(1e-3));
}

TEST_CASE("large porous bodies begin with aggregates, compact and small ones with V-cycles")
{
  CHECK(begins_with_aggregates(700000, 1000000));
  CHECK_FALSE(begins_with_aggregates(800000, 1000000));
  CHECK_FALSE(begins_with_aggregates(20000, 33333));
  CHECK(begins_with_aggregates(20000, 33334));
}
