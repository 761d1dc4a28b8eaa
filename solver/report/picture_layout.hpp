#pragma once

#include <array>
#include <cstddef>

namespace calcar::report
{

// Sizes on the page of landmarks, in pixels.
constexpr int margin = 50; ///< around each view, for directions and numbers
constexpr int heading = 70;
constexpr int legend_width = 430;

/// Where the three views stand on the page, and the page.
struct Layout
{
  double pixel_mm = 1;
  std::array<std::array<int, 2>, 3> corners{};
  int legend_x = 0;
  int width = 0;
  int height = 0;
};

/// The arrangement, in a row or the third view below the first, and the scale with which the bone
/// is largest on a page of at most 1600 x 1400 pixels. `extents_mm`: widths and heights of the
/// views.
Layout layout_of(const std::array<std::array<double, 2>, 3>& extents_mm, std::size_t landmarks);

} // namespace calcar::report
