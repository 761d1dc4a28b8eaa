#include "anatomy/rib_bands.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <queue>

namespace calcar::anatomy
{

namespace
{

constexpr double unreached = std::numeric_limits<double>::max();
constexpr double second_part =
    0.3; ///< of the largest part, from which on a band counts as branched

/// The voxels of the bone with their neighbours by index.
class Voxels
{
public:
  explicit Voxels(const image::Mask& mask) : grid_(mask.grid)
  {
    number_.assign(mask.values.size(), -1);
    for (int k = 0; k < grid_.size[2]; ++k)
      for (int j = 0; j < grid_.size[1]; ++j)
        for (int i = 0; i < grid_.size[0]; ++i)
          if (mask.at(i, j, k) != 0)
          {
            number_[grid_.offset(i, j, k)] = static_cast<int>(at_.size());
            at_.push_back({i, j, k});
          }
  }

  std::size_t count() const { return at_.size(); }
  Vec3 point(std::size_t n) const
  {
    return grid_.point({1.0 * at_[n][0], 1.0 * at_[n][1], 1.0 * at_[n][2]});
  }

  /// Calls visit(neighbour, distance) for the 26 neighbours that are bone.
  template <typename Visit>
  void around(std::size_t n, const Visit& visit) const
  {
    const Vec3 s = grid_.spacing;
    for (int c = -1; c <= 1; ++c)
      for (int b = -1; b <= 1; ++b)
        for (int a = -1; a <= 1; ++a)
        {
          const int i = at_[n][0] + a;
          const int j = at_[n][1] + b;
          const int k = at_[n][2] + c;
          const int other = grid_.contains(i, j, k) ? number_[grid_.offset(i, j, k)] : -1;
          if (other >= 0 && (a != 0 || b != 0 || c != 0))
          {
            visit(static_cast<std::size_t>(other), norm(Vec3{a * s.x, b * s.y, c * s.z}));
          }
        }
  }

private:
  image::Grid grid_;
  std::vector<int> number_;
  std::vector<std::array<int, 3>> at_;
};

/// Distance of every voxel from one of them, through the bone.
std::vector<double> distances(const Voxels& voxels, std::size_t start)
{
  using Entry = std::pair<double, std::size_t>;
  std::vector<double> distance(voxels.count(), unreached);
  std::priority_queue<Entry, std::vector<Entry>, std::greater<>> front;
  distance[start] = 0;
  front.push({0, start});
  while (!front.empty())
  {
    const auto [so_far, n] = front.top();
    front.pop();
    if (so_far > distance[n])
    {
      continue;
    }
    voxels.around(n,
                  [&](std::size_t other, double step)
                  {
                    if (so_far + step < distance[other] - 1e-9)
                    {
                      distance[other] = so_far + step;
                      front.push({distance[other], other});
                    }
                  });
  }
  return distance;
}

std::size_t farthest(const std::vector<double>& distance)
{
  std::size_t best = 0;
  for (std::size_t n = 1; n < distance.size(); ++n)
  {
    const bool reached = distance[n] != unreached;
    best = reached && distance[n] > distance[best] ? n : best;
  }
  return best;
}

/// The parts of one band, largest first.
std::vector<std::vector<std::size_t>> parts_of(const Voxels& voxels, const std::vector<int>& band,
                                               const std::vector<std::size_t>& members,
                                               std::vector<char>& seen)
{
  std::vector<std::vector<std::size_t>> parts;
  for (const std::size_t start : members)
  {
    if (seen[start])
    {
      continue;
    }
    std::vector<std::size_t> part = {start};
    seen[start] = 1;
    for (std::size_t next = 0; next < part.size(); ++next)
    {
      voxels.around(part[next],
                    [&](std::size_t other, double)
                    {
                      if (!seen[other] && band[other] == band[start])
                      {
                        seen[other] = 1;
                        part.push_back(other);
                      }
                    });
    }
    parts.push_back(std::move(part));
  }
  std::sort(parts.begin(), parts.end(),
            [](const auto& a, const auto& b) { return a.size() > b.size(); });
  return parts;
}

Vec3 centre_of(const Voxels& voxels, const std::vector<std::size_t>& part)
{
  Vec3 sum;
  for (const std::size_t n : part)
  {
    sum += voxels.point(n);
  }
  return sum / static_cast<double>(part.size());
}

} // namespace

RibBands rib_bands(const image::Mask& mask, double width_mm)
{
  const Voxels voxels(mask);
  const std::size_t first = farthest(distances(voxels, 0));
  const std::vector<double> distance = distances(voxels, first);
  RibBands bands;
  bands.length_mm = distance[farthest(distance)];
  const int count = std::max(2, static_cast<int>(bands.length_mm / width_mm));
  std::vector<int> band(voxels.count(), -1);
  std::vector<std::vector<std::size_t>> members(static_cast<std::size_t>(count));
  for (std::size_t n = 0; n < voxels.count(); ++n)
  {
    if (distance[n] != unreached)
    {
      band[n] = std::min(static_cast<int>(distance[n] / bands.length_mm * count), count - 1);
      members[static_cast<std::size_t>(band[n])].push_back(n);
    }
  }
  std::vector<char> seen(voxels.count(), 0);
  double branched = 0;
  for (const auto& of_band : members)
  {
    const auto parts = parts_of(voxels, band, of_band, seen);
    if (parts.empty())
    {
      continue;
    }
    const double largest = static_cast<double>(parts[0].size());
    branched += parts.size() > 1 && static_cast<double>(parts[1].size()) > second_part * largest;
    bands.centres.push_back(centre_of(voxels, parts[0]));
  }
  bands.branched = branched / count;
  return bands;
}

} // namespace calcar::anatomy
