#pragma once

#include <span>

namespace calcar::image
{

/// y = intercept + slope x by least squares.
struct LineFit
{
  double slope = 0;
  double intercept = 0;
  double residual = 0;  ///< root mean square of y - fit
  double r_squared = 0; ///< 1 - residual^2 / variance of y
};

/**
 * slope = sum (x - mx)(y - my) / sum (x - mx)^2, intercept = my - slope mx. The lists are equally
 * long, at least two; with all x equal the slope is not a number.
 */
LineFit fit_line(std::span<const double> x, std::span<const double> y);

} // namespace calcar::image
