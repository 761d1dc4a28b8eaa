#include "report/picture_layout.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::report
{
namespace
{
constexpr int most_width = 1600;
constexpr int most_height = 1400;
constexpr int caption = 75; ///< below each view

/// How the views stand beside and below each other, for views of these sizes in pixels.
Layout arranged(const std::array<std::array<int, 2>, 3>& size, bool in_a_row, std::size_t landmarks)
{
  Layout layout;
  const int first = margin;
  const int second = first + size[0][0] + 2 * margin;
  const int third = second + size[1][0] + 2 * margin;
  const int top = heading + margin;
  const int upper = std::max(size[0][1], size[1][1]);
  const int below = top + upper + caption + margin;
  layout.corners = {std::array<int, 2>{first, top}, std::array<int, 2>{second, top},
                    in_a_row ? std::array<int, 2>{third, top} : std::array<int, 2>{first, below}};
  const int right =
      in_a_row ? third + size[2][0] : std::max(second + size[1][0], first + size[2][0]);
  const int bottom = in_a_row ? top + std::max(upper, size[2][1]) : below + size[2][1];
  layout.legend_x = right + 2 * margin;
  layout.width = layout.legend_x + legend_width;
  const int legend = top + 23 * static_cast<int>(landmarks) + 350;
  layout.height = std::max(bottom + caption, legend);
  return layout;
}

} // namespace

Layout layout_of(const std::array<std::array<double, 2>, 3>& extents_mm, std::size_t landmarks)
{
  Layout best;
  best.pixel_mm = 1e30;
  for (const bool in_a_row : {true, false})
    for (double pixel_mm = 0.1; pixel_mm < best.pixel_mm; pixel_mm *= 1.02)
    {
      std::array<std::array<int, 2>, 3> size{};
      for (std::size_t n = 0; n < 3; ++n)
        size[n] = {static_cast<int>(std::ceil(extents_mm[n][0] / pixel_mm)),
                   static_cast<int>(std::ceil(extents_mm[n][1] / pixel_mm))};
      Layout layout = arranged(size, in_a_row, landmarks);
      if (layout.width > most_width || layout.height > most_height)
        continue;
      best = layout;
      best.pixel_mm = pixel_mm;
      break;
    }
  return best;
}

} // namespace calcar::report
