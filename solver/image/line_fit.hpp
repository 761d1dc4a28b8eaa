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

/**
 * Variance of the fitted line at `at` from the scatter of n >= 3 points about it:
 * s^2 (1 / n + (at - mx)^2 / sum (x - mx)^2), s^2 = sum of squared residuals / (n - 2).
 */
double line_variance(const LineFit& fit, std::span<const double> x, double at);

/// Variance of its slope, s^2 / sum (x - mx)^2.
double slope_variance(const LineFit& fit, std::span<const double> x);

} // namespace calcar::image
