#include "image/distance.hpp"

#include "image/box.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace calcar::image
{
namespace
{
constexpr double far = std::numeric_limits<double>::infinity();

/// One line of the transform: out[q] = min over p of (h (q - p))^2 + in[p].
class LineTransform
{
public:
  explicit LineTransform(std::size_t longest) : site_(longest), bound_(longest + 1), in_(longest) {}

  void run(double* line, std::size_t stride, std::size_t count, double h)
  {
    for (std::size_t q = 0; q < count; ++q)
      in_[q] = line[q * stride];
    const std::size_t parabolas = build(count, h);
    if (parabolas == 0)
      return; // nothing on this line yet
    std::size_t k = 0;
    for (std::size_t q = 0; q < count; ++q)
    {
      const double x = h * static_cast<double>(q);
      while (k + 1 < parabolas && bound_[k + 1] < x)
        ++k;
      const double d = x - h * static_cast<double>(site_[k]);
      line[q * stride] = d * d + in_[site_[k]];
    }
  }

private:
  /// The parabolas of the lower envelope: their sites and where each begins.
  std::size_t build(std::size_t count, double h)
  {
    std::size_t n = 0;
    for (std::size_t q = 0; q < count; ++q)
    {
      if (in_[q] == far)
        continue;
      double from = -far;
      while (n > 0 && (from = crossing(site_[n - 1], q, h)) <= bound_[n - 1])
        --n;
      site_[n] = q;
      bound_[n] = n == 0 ? -far : from;
      ++n;
    }
    return n;
  }

  double crossing(std::size_t p, std::size_t q, double h) const
  {
    const double xp = h * static_cast<double>(p), xq = h * static_cast<double>(q);
    return ((in_[q] + xq * xq) - (in_[p] + xp * xp)) / (2 * (xq - xp));
  }

  std::vector<std::size_t> site_;
  std::vector<double> bound_;
  std::vector<double> in_;
};

Mask padded(const Mask& mask, const std::array<int, 3>& margin)
{
  Mask result{mask.grid, {}, mask.source};
  for (std::size_t a = 0; a < 3; ++a)
    result.grid.size[a] += 2 * margin[a];
  result.grid.origin = mask.grid.point({-1.0 * margin[0], -1.0 * margin[1], -1.0 * margin[2]});
  result.values.assign(result.grid.voxels(), 0);
  for (int k = 0; k < mask.grid.size[2]; ++k)
    for (int j = 0; j < mask.grid.size[1]; ++j)
      for (int i = 0; i < mask.grid.size[0]; ++i)
        result.at(i + margin[0], j + margin[1], k + margin[2]) = mask.at(i, j, k);
  return result;
}

Mask beyond(const Volume& distance, double radius_mm)
{
  Mask result{distance.grid, std::vector<std::uint8_t>(distance.values.size()), distance.source};
  std::ranges::transform(distance.values, result.values.begin(),
                         [radius_mm](float d) { return d > radius_mm + 1e-4 ? 1 : 0; });
  return result;
}
} // namespace

Volume distance_to(const Mask& mask)
{
  const auto nx = static_cast<std::size_t>(mask.grid.size[0]);
  const auto ny = static_cast<std::size_t>(mask.grid.size[1]);
  const auto nz = static_cast<std::size_t>(mask.grid.size[2]);
  std::vector<double> square(mask.values.size());
  std::ranges::transform(mask.values, square.begin(), [](auto v) { return v ? 0.0 : far; });
  LineTransform line(std::max({nx, ny, nz}));
  for (std::size_t row = 0; row < ny * nz; ++row)
    line.run(&square[row * nx], 1, nx, mask.grid.spacing.x);
  for (std::size_t k = 0; k < nz; ++k)
    for (std::size_t i = 0; i < nx; ++i)
      line.run(&square[i + k * nx * ny], nx, ny, mask.grid.spacing.y);
  for (std::size_t column = 0; column < nx * ny; ++column)
    line.run(&square[column], nx * ny, nz, mask.grid.spacing.z);
  Volume result{mask.grid, std::vector<float>(square.size()), mask.source};
  std::ranges::transform(square, result.values.begin(),
                         [](double s) { return static_cast<float>(std::sqrt(s)); });
  return result;
}

Mask dilate(const Mask& mask, double radius_mm)
{
  Mask result = mask;
  if (std::ranges::none_of(mask.values, [](std::uint8_t v) { return v != 0; }))
    return result;
  const Box box =
      grown(bounding_box(mask), mask.grid, radius_mm + 1e-3); // a whole CT takes much memory
  const Mask outside = beyond(distance_to(crop(mask, box)), radius_mm);
  std::size_t voxel = 0;
  for (int k = box.low[2]; k <= box.high[2]; ++k)
    for (int j = box.low[1]; j <= box.high[1]; ++j)
      for (int i = box.low[0]; i <= box.high[0]; ++i, ++voxel)
        result.at(i, j, k) = outside.values[voxel] ? 0 : 1;
  return result;
}

Mask close(const Mask& mask, double radius_mm)
{
  std::array<int, 3> margin;
  for (std::size_t a = 0; a < 3; ++a)
    margin[a] = static_cast<int>(std::ceil(radius_mm / mask.grid.spacing[a])) + 1;
  const Mask outside = beyond(distance_to(padded(mask, margin)), radius_mm);
  const Mask closed = beyond(distance_to(outside), radius_mm);
  Mask result = mask;
  for (int k = 0; k < mask.grid.size[2]; ++k)
    for (int j = 0; j < mask.grid.size[1]; ++j)
      for (int i = 0; i < mask.grid.size[0]; ++i)
        if (closed.at(i + margin[0], j + margin[1], k + margin[2]))
          result.at(i, j, k) = 1;
  return result;
}

} // namespace calcar::image
