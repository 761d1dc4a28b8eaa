#include "image/line_fit.hpp"

#include <cmath>
#include <cstddef>

namespace calcar::image
{

namespace
{
struct Spread
{
  double mean = 0;
  double squares = 0; ///< sum of (x - mean)^2
};

Spread spread(std::span<const double> x)
{
  Spread s;
  for (const double v : x)
    s.mean += v / static_cast<double>(x.size());
  for (const double v : x)
    s.squares += (v - s.mean) * (v - s.mean);
  return s;
}

double scatter(const LineFit& fit, std::size_t points)
{
  const double n = static_cast<double>(points);
  return n * fit.residual * fit.residual / (n - 2);
}
} // namespace

double line_variance(const LineFit& fit, std::span<const double> x, double at)
{
  const Spread s = spread(x);
  return scatter(fit, x.size()) *
         (1 / static_cast<double>(x.size()) + (at - s.mean) * (at - s.mean) / s.squares);
}

double slope_variance(const LineFit& fit, std::span<const double> x)
{
  return scatter(fit, x.size()) / spread(x).squares;
}

LineFit fit_line(std::span<const double> x, std::span<const double> y)
{
  const double n = static_cast<double>(x.size());
  double mx = 0, my = 0;
  for (std::size_t i = 0; i < x.size(); ++i)
  {
    mx += x[i] / n;
    my += y[i] / n;
  }
  double xx = 0, xy = 0, yy = 0;
  for (std::size_t i = 0; i < x.size(); ++i)
  {
    xx += (x[i] - mx) * (x[i] - mx);
    xy += (x[i] - mx) * (y[i] - my);
    yy += (y[i] - my) * (y[i] - my);
  }
  LineFit fit;
  fit.slope = xy / xx;
  fit.intercept = my - fit.slope * mx;
  double squares = 0;
  for (std::size_t i = 0; i < x.size(); ++i)
    squares += std::pow(y[i] - fit.intercept - fit.slope * x[i], 2);
  fit.residual = std::sqrt(squares / n);
  fit.r_squared = yy > 0 ? 1 - squares / yy : 0;
  return fit;
}

} // namespace calcar::image
