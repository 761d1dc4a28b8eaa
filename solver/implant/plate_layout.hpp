#pragma once

#include "implant/plate_bed.hpp"

namespace calcar::implant
{

/// Which stretch of its line a plate covers, and where it takes screws.
struct PlateLayout
{
  int holes = 0;
  double from = 0;
  double to = 0;
  std::vector<double> at;  ///< of all holes
  std::vector<bool> taken; ///< with a screw
};

/// Hole by hole: a plate of so many holes that starts at `from`.
PlateLayout layout_of(const PlatePlan& plan, int holes, double from);

/// Leaves the holes empty that lie in lesions or too near to them.
void leave_lesions(const PlatePlan& plan, const std::optional<Span>& lesions, PlateLayout& layout);

/// The sizes to try, in this order: the one chosen; to span lesions all, the shortest first; else
/// the usual one, longer ones, then shorter ones.
std::vector<int> sizes_to_try(const Building& building, bool lesions);

/**
 * The shortest plate that reaches two diameters beyond the lesions and finds enough screws on both
 * sides of them, or, failing that, one that finds enough screws. A plate free at both ends is
 * centred on the lesions as far as the bone allows; one with an end near a joint relies there on
 * its end screws. Throws InputError (data), with what was measured, when there is none.
 */
PlateLayout choose_layout(const Building& building, const Path& line, const Path& bone);

} // namespace calcar::implant
