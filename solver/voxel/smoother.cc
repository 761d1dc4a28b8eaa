#include "voxel/smoother.hpp"

#include "voxel/product.hpp"

#include <algorithm>

namespace calcar::voxel
{
namespace
{

/// One Chebyshev step. t = K x is needed only where it is used up at once, and is zero before and
/// after.
void step(const Level& level, double old_part, double new_part, CycleVectors& v)
{
  const Relaxation relaxation{static_cast<float>(old_part),
                              static_cast<float>(new_part),
                              level.inverse_diagonal.data(),
                              v.b.data(),
                              v.t(),
                              v.d(),
                              v.x.data()};
  const auto relax = kernels().relax;
  product(level, v.x.data(), v.t(),
          [&](std::size_t first, std::size_t last) { relax(relaxation, first, last); });
}

/// x = d = factor D^-1 b, the first step from x = 0.
void start(const Level& level, float factor, CycleVectors& v)
{
  const std::size_t count = level.nodes.values();
  float* d = v.d();
  for (std::size_t n = 0; n < count; ++n)
    v.x[n] = d[n] = factor * level.inverse_diagonal[n] * v.b[n];
}

} // namespace

void smooth(const Level& level, const Smoothing& smoothing, CycleVectors& v, bool from_zero)
{
  const double top = 1.1 * level.largest_eigenvalue, bottom = top / smoothing.ratio;
  const double centre = (top + bottom) / 2, radius = (top - bottom) / 2;
  const double sigma = centre / radius;
  double rho = 1 / sigma;
  std::fill_n(v.t(), level.nodes.values(), 0.0F);
  if (from_zero)
    start(level, static_cast<float>(1 / centre), v);
  else
    step(level, 0, 1 / centre, v);
  for (int k = 1; k < smoothing.degree; ++k)
  {
    const double next = 1 / (2 * sigma - rho);
    step(level, next * rho, 2 * next / radius, v);
    rho = next;
  }
}

void residual(const Level& level, CycleVectors& v)
{
  float* t = v.t();
  std::fill_n(t, level.nodes.values(), 0.0F);
  const float* b = v.b.data();
  product(level, v.x.data(), t,
          [&](std::size_t first, std::size_t last)
          {
            for (std::size_t n = first; n < last; ++n)
              t[n] = b[n] - t[n];
          });
  for (const std::size_t component : level.constraints.fixed)
    t[component] = 0;
}

} // namespace calcar::voxel
