#include "implant/path.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace calcar::implant
{

Path::Path(std::vector<Vec3> points) : points_(std::move(points))
{
  for (std::size_t n = 0; n < points_.size(); ++n)
    at_.push_back(n == 0 ? 0 : at_[n - 1] + norm(points_[n] - points_[n - 1]));
}

Vec3 Path::point(double s) const
{
  if (points_.size() < 2)
    return points_.empty() ? Vec3{} : points_[0];
  const auto above = std::lower_bound(at_.begin() + 1, at_.end() - 1, s);
  const auto n = static_cast<std::size_t>(above - at_.begin());
  const double share = (s - at_[n - 1]) / (at_[n] - at_[n - 1]);
  return points_[n - 1] + share * (points_[n] - points_[n - 1]);
}

Vec3 Path::tangent(double s) const
{
  constexpr double reach_mm = 10;
  const double at = std::clamp(s, 0.0, length());
  const double low = std::max(at - reach_mm, 0.0);
  const double high = std::min(at + reach_mm, length());
  return normalized(point(high) - point(low));
}

double Path::nearest(Vec3 place) const
{
  double best = 0;
  double least = std::numeric_limits<double>::infinity();
  for (std::size_t n = 1; n < points_.size(); ++n)
  {
    const Vec3 along = points_[n] - points_[n - 1];
    const double share = std::clamp(dot(place - points_[n - 1], along) / dot(along, along), 0., 1.);
    const double apart = norm(place - points_[n - 1] - share * along);
    if (apart < least)
    {
      least = apart;
      best = at_[n - 1] + share * (at_[n] - at_[n - 1]);
    }
  }
  return best;
}

std::vector<Vec3> Path::stretch(double from, double to) const
{
  std::vector<Vec3> result{point(from)};
  for (std::size_t n = 0; n < points_.size(); ++n)
    if (at_[n] > from + 1e-6 && at_[n] < to - 1e-6)
      result.push_back(points_[n]);
  result.push_back(point(to));
  return result;
}

std::vector<Vec3> smoothed(const std::vector<Vec3>& points, double reach_mm)
{
  std::vector<double> at{0};
  for (std::size_t n = 1; n < points.size(); ++n)
    at.push_back(at.back() + norm(points[n] - points[n - 1]));
  std::vector<Vec3> result;
  for (std::size_t n = 0; n < points.size(); ++n)
  {
    double weight = 0, first = 0, second = 0;
    Vec3 sum, moment;
    for (std::size_t m = 0; m < points.size(); ++m)
    {
      const double s = at[m] - at[n];
      if (std::abs(s) > reach_mm)
        continue;
      weight += 1;
      first += s;
      second += s * s;
      sum += points[m];
      moment += s * points[m];
    }
    const double spread = weight * second - first * first;
    result.push_back(spread > 1e-9 ? (second * sum - first * moment) / spread : sum / weight);
  }
  return result;
}

} // namespace calcar::implant
