#include "lesion/seeds.hpp"

#include <cmath>
#include <limits>

namespace calcar::lesion
{
namespace
{
/// The finaliser of SplitMix64 (Steele, Lea, Flood 2014): every bit of the result depends on every
/// bit given.
std::uint64_t mixed(std::uint64_t x)
{
  x += 0x9e3779b97f4a7c15ULL;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
  return x ^ (x >> 31);
}

/// Number `which` of a cube, 0 to 1.
double number(const Seeds::Cell& cell, std::uint64_t seed, std::uint64_t which)
{
  std::uint64_t x = mixed(seed * 4 + which);
  for (const std::int64_t c : cell)
    x = mixed(x ^ static_cast<std::uint64_t>(c));
  return static_cast<double>(x >> 11) * 0x1.0p-53;
}
} // namespace

Seeds::Cell Seeds::cell_at(Vec3 place) const
{
  const Vec3 local = (axes * (place - origin)) / cell_mm;
  return {static_cast<std::int64_t>(std::floor(local.x)),
          static_cast<std::int64_t>(std::floor(local.y)),
          static_cast<std::int64_t>(std::floor(local.z))};
}

Vec3 Seeds::point(const Cell& cell) const
{
  Vec3 local;
  for (std::size_t a = 0; a < 3; ++a)
    local[a] = static_cast<double>(cell[a]) + 0.25 + 0.5 * number(cell, seed, a);
  return origin + transpose(axes) * (cell_mm * local);
}

double Seeds::value(const Cell& cell) const
{
  return number(cell, seed, 3);
}

Seeds::Cell Seeds::nearest(Vec3 place) const
{
  const Cell middle = cell_at(place);
  Cell best = middle;
  double least = std::numeric_limits<double>::infinity();
  for (std::int64_t k = -1; k <= 1; ++k)
    for (std::int64_t j = -1; j <= 1; ++j)
      for (std::int64_t i = -1; i <= 1; ++i)
      {
        const Cell cell{middle[0] + i, middle[1] + j, middle[2] + k};
        const Vec3 apart = point(cell) - place;
        if (dot(apart, apart) < least)
        {
          least = dot(apart, apart);
          best = cell;
        }
      }
  return best;
}

} // namespace calcar::lesion
