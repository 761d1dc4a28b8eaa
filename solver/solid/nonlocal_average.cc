#include "solid/nonlocal_average.hpp"

#include "solid/spread.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::solid
{
namespace
{
constexpr double deviations_reached = 3;
constexpr int most_bins_along_axis = 200;
} // namespace

NonlocalAverage::NonlocalAverage(std::vector<Vec3> points, std::vector<double> volumes,
                                 double width_mm, MPI_Comm comm)
    : comm_(comm), points_(std::move(points)), volumes_(std::move(volumes)),
      deviation_(width_mm / (2 * std::sqrt(2 * std::log(2.0)))),
      reach_(deviations_reached * deviation_)
{
  sort_into_bins();
  whole_ = sums(std::vector<double>(points_.size(), 1.0));
}

std::array<int, 3> NonlocalAverage::index_of(const Vec3& point) const
{
  std::array<int, 3> index{};
  for (std::size_t axis = 0; axis < 3; ++axis) // those of other ranks may lie outside
    index[axis] = static_cast<int>(
        std::floor(std::clamp((point[axis] - low_[axis]) / edge_, -2.0, bins_[axis] + 1.0)));
  return index;
}

std::size_t NonlocalAverage::bin_of(const std::array<int, 3>& index) const
{
  return static_cast<std::size_t>(index[0]) +
         static_cast<std::size_t>(bins_[0]) *
             (static_cast<std::size_t>(index[1]) +
              static_cast<std::size_t>(bins_[1]) * static_cast<std::size_t>(index[2]));
}

void NonlocalAverage::sort_into_bins()
{
  edge_ = reach_;
  if (!points_.empty())
  {
    Vec3 high = low_ = points_.front();
    for (const Vec3& p : points_)
      for (std::size_t axis = 0; axis < 3; ++axis)
      {
        low_[axis] = std::min(low_[axis], p[axis]);
        high[axis] = std::max(high[axis], p[axis]);
      }
    const Vec3 size = high - low_;
    edge_ = std::max(reach_, std::max({size.x, size.y, size.z}) / most_bins_along_axis);
    for (std::size_t axis = 0; axis < 3; ++axis)
      bins_[axis] = static_cast<int>(size[axis] / edge_) + 1;
  }
  first_.assign(bin_of({0, 0, bins_[2]}) + 1, 0);
  for (const Vec3& p : points_)
    ++first_[bin_of(index_of(p)) + 1];
  for (std::size_t b = 1; b < first_.size(); ++b)
    first_[b] += first_[b - 1];
  order_.resize(points_.size());
  auto next = first_;
  for (std::uint32_t n = 0; n < points_.size(); ++n)
    order_[next[bin_of(index_of(points_[n]))]++] = n;
}

/// Adds what a source gives to the points around it.
void NonlocalAverage::add(const Source& source, std::vector<double>& sums) const
{
  const double square = reach_ * reach_, rate = 1 / (2 * deviation_ * deviation_);
  const std::array<int, 3> at = index_of(source.at);
  std::array<int, 3> from{}, to{};
  for (std::size_t axis = 0; axis < 3; ++axis)
  {
    from[axis] = std::max(at[axis] - 1, 0);
    to[axis] = std::min(at[axis] + 1, bins_[axis] - 1);
  }
  for (int k = from[2]; k <= to[2]; ++k)
    for (int j = from[1]; j <= to[1]; ++j)
      for (int i = from[0]; i <= to[0]; ++i)
      {
        const std::size_t bin = bin_of({i, j, k});
        for (std::uint32_t n = first_[bin]; n < first_[bin + 1]; ++n)
        {
          const Vec3 apart = points_[order_[n]] - source.at;
          const double distance = dot(apart, apart);
          if (distance <= square)
            sums[order_[n]] += source.weight * std::exp(-rate * distance);
        }
      }
}

/// sum_n w V_n value_n about each own point.
std::vector<double> NonlocalAverage::sums(std::span<const double> values) const
{
  std::vector<Source> sources;
  for (std::size_t n = 0; n < points_.size(); ++n)
    if (values[n] != 0)
      sources.push_back({points_[n], volumes_[n] * values[n]});
  sources = gather(sources, comm_);
  broadcast_items(sources, comm_);
  std::vector<double> result(points_.size(), 0);
  for (const Source& source : sources)
    add(source, result);
  return result;
}

std::vector<double> NonlocalAverage::average(std::span<const double> values) const
{
  std::vector<double> result = sums(values);
  for (std::size_t n = 0; n < result.size(); ++n)
    result[n] /= whole_[n];
  return result;
}

} // namespace calcar::solid
