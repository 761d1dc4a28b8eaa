#pragma once

#include <array>
#include <vector>

namespace calcar::image
{

/// A closed contour in a plane of pixels: continuous indices, (0, 0) the centre of the first pixel.
using Contour = std::vector<std::array<double, 2>>;

/**
 * The share of each pixel that lies inside contours by the even-odd rule: a contour within another
 * is a hole, and a keyhole cut counts for nothing. Each row of pixels is crossed by `lines`
 * scan lines; along a line the length inside is exact, so that the area of a smooth shape is met to
 * the second order of the distance of the lines. Pixel (i, j) of nx * ny is at i + nx j.
 */
std::vector<float> inside_share(const std::vector<Contour>& contours, int nx, int ny,
                                int lines = 8);

} // namespace calcar::image
