#pragma once

#include "implant/fixation.hpp"
#include "lesion/lesion.hpp"
#include "report/chart.hpp"
#include "report/depth_view.hpp"

#include <array>
#include <cstdint>
#include <vector>

namespace calcar::report
{

/// What a part of an implant is drawn in, by its kind.
Colour colour_of(implant::ComponentKind kind);
constexpr Colour lesion_colour = {0.80, 0.06, 0.12};

/// Where a bone and an implant lie in a view, mm along `right` and `up`, with an empty edge.
struct ViewBounds
{
  double left = 0, right = 0, bottom = 0, top = 0;

  double width() const { return right - left; }
  double height() const { return top - bottom; }
};
ViewBounds bounds_of(const BoneSurface& bone, const implant::Fixation& fixation,
                     const ViewAxes& axes);

/// A bone that light passes through, with an implant and lesions in it, seen from one direction.
struct FixationView
{
  int columns = 0, rows = 0;                      ///< points of the picture
  std::vector<std::array<std::uint8_t, 3>> point; ///< red, green and blue, row by row from the top
  double scale = 1;                               ///< pixels of the page for one point

  double width() const { return scale * columns; } ///< pixels of the page
  double height() const { return scale * rows; }
};

/**
 * Draws bone, lesions and implant without perspective. Solids are met by marching along the eye's
 * rays by their distance; what lies in the bone shines through it, what lies before it does not.
 * `finer`: points of the picture for each pixel of the page, per direction.
 */
FixationView view_of(const BoneSurface& bone, const implant::Fixation& fixation,
                     const std::vector<lesion::PlacedLesion>& lesions, const ViewAxes& axes,
                     double pixel_mm, int finer = 2);

} // namespace calcar::report
