#include "image/line_fit.hpp"

#include <cmath>
#include <cstddef>

namespace calcar::image
{

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
