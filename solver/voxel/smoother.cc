#include "voxel/smoother.hpp"

#include "voxel/operator.hpp"

namespace calcar::voxel
{
namespace
{

/// d = old * d + new * D^-1 (b - t); x += d. With `from_zero`, b - t is b and x and d start at
/// zero.
void step(const Level& level, float old_part, float new_part, CycleVectors& v)
{
  const float* inverse = level.inverse_diagonal.data();
  const float* b = v.b.data();
  const float* t = v.t.data();
  float* d = v.d.data();
  float* x = v.x.data();
  const std::size_t count = level.nodes.values();
  for (std::size_t n = 0; n < count; ++n)
  {
    d[n] = old_part * d[n] + new_part * inverse[n] * (b[n] - t[n]);
    x[n] += d[n];
  }
}

} // namespace

void smooth(const Level& level, const Smoothing& smoothing, CycleVectors& v, bool from_zero)
{
  const double top = 1.1 * level.largest_eigenvalue, bottom = top / smoothing.ratio;
  const double centre = (top + bottom) / 2, radius = (top - bottom) / 2;
  const double sigma = centre / radius;
  double rho = 1 / sigma;
  const std::size_t count = level.nodes.values();
  if (from_zero)
  {
    v.x.resize(count);
    v.d.resize(count);
    const auto factor = static_cast<float>(1 / centre);
    for (std::size_t n = 0; n < count; ++n)
      v.x[n] = v.d[n] = factor * level.inverse_diagonal[n] * v.b[n];
  }
  else
  {
    apply(level, v.x, v.t);
    step(level, 0, static_cast<float>(1 / centre), v);
  }
  for (int k = 1; k < smoothing.degree; ++k)
  {
    const double next = 1 / (2 * sigma - rho);
    apply(level, v.x, v.t);
    step(level, static_cast<float>(next * rho), static_cast<float>(2 * next / radius), v);
    rho = next;
  }
}

} // namespace calcar::voxel
