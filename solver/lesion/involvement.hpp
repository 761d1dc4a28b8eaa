#pragma once

#include "lesion/lesion_measure.hpp"

namespace calcar::lesion
{

/// Measures the cortex that a lesion takes: fills touches_cortex, remaining_cortex_mm, axial_mm and
/// the two shares.
void measure_cortex(const PlacedLesion& placed, const Ground& ground, LesionMeasures& measures);

} // namespace calcar::lesion
