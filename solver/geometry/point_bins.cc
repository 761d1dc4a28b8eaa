#include "geometry/point_bins.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

namespace calcar::geometry
{
namespace
{

/// Bins per point at most: a few points far apart must not fill the memory with empty bins.
constexpr double bins_per_point = 4;

} // namespace

PointBins::PointBins(std::vector<Vec3> points, double size_mm)
    : points_(std::move(points)), size_(size_mm)
{
  if (!(size_ > 0))
    throw std::invalid_argument("bins need a positive size");
  if (points_.empty())
    return;
  Vec3 high = low_ = points_.front();
  for (const Vec3& p : points_)
    for (std::size_t axis = 0; axis < 3; ++axis)
    {
      low_[axis] = std::min(low_[axis], p[axis]);
      high[axis] = std::max(high[axis], p[axis]);
    }
  const auto count = [&](std::size_t axis)
  { return std::floor((high[axis] - low_[axis]) / size_) + 1; };
  while (count(0) * count(1) * count(2) >
         bins_per_point * static_cast<double>(points_.size()) + 1000)
    size_ *= 2;
  for (std::size_t axis = 0; axis < 3; ++axis)
    bins_[axis] = static_cast<long>(count(axis));

  const auto number = [&](const Vec3& p)
  {
    const auto bin = bin_of(p);
    return static_cast<std::size_t>(bin[0] + bins_[0] * (bin[1] + bins_[1] * bin[2]));
  };
  first_.assign(static_cast<std::size_t>(bins_[0] * bins_[1] * bins_[2]) + 1, 0);
  for (const Vec3& p : points_)
    ++first_[number(p) + 1];
  for (std::size_t b = 1; b < first_.size(); ++b)
    first_[b] += first_[b - 1];
  order_.resize(points_.size());
  std::vector<std::uint32_t> next(first_.begin(), first_.end() - 1);
  for (std::size_t n = 0; n < points_.size(); ++n)
    order_[next[number(points_[n])]++] = static_cast<std::uint32_t>(n);
}

/// The bin that holds a place, or the nearest one.
std::array<long, 3> PointBins::bin_of(const Vec3& place) const
{
  std::array<long, 3> bin{};
  for (std::size_t axis = 0; axis < 3; ++axis)
    bin[axis] = static_cast<long>(std::clamp(std::floor((place[axis] - low_[axis]) / size_), 0.0,
                                             static_cast<double>(bins_[axis] - 1)));
  return bin;
}

template <typename Visit>
void PointBins::visit_bin(const std::array<long, 3>& bin, const Visit& visit) const
{
  const auto b = static_cast<std::size_t>(bin[0] + bins_[0] * (bin[1] + bins_[1] * bin[2]));
  for (std::uint32_t n = first_[b]; n < first_[b + 1]; ++n)
    visit(static_cast<std::size_t>(order_[n]));
}

void PointBins::within(const Vec3& place, double radius_mm,
                       const std::function<void(std::size_t)>& visit) const
{
  if (points_.empty())
    return;
  const Vec3 reach = {radius_mm, radius_mm, radius_mm};
  const auto low = bin_of(place - reach);
  const auto high = bin_of(place + reach);
  for (long k = low[2]; k <= high[2]; ++k)
    for (long j = low[1]; j <= high[1]; ++j)
      for (long i = low[0]; i <= high[0]; ++i)
        visit_bin({i, j, k},
                  [&](std::size_t n)
                  {
                    if (norm(points_[n] - place) <= radius_mm)
                      visit(n);
                  });
}

std::size_t PointBins::nearest(const Vec3& place) const
{
  if (points_.empty())
    throw std::logic_error("there is no nearest of no points");
  // Balls of growing radius; what lies within a ball that holds a point is seen as a whole.
  Vec3 inside = place;
  for (std::size_t axis = 0; axis < 3; ++axis)
    inside[axis] =
        std::clamp(place[axis], low_[axis], low_[axis] + size_ * static_cast<double>(bins_[axis]));
  double radius = norm(inside - place) + size_;
  while (true)
  {
    double least = std::numeric_limits<double>::infinity();
    std::size_t best = 0;
    within(place, radius,
           [&](std::size_t n)
           {
             const double distance = norm(points_[n] - place);
             if (distance < least || (distance == least && n < best))
             {
               least = distance;
               best = n;
             }
           });
    if (std::isfinite(least))
      return best;
    radius *= 2;
  }
}

} // namespace calcar::geometry
