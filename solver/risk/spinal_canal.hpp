#pragma once

#include "risk/vertebra_form.hpp"

#include <vector>

namespace calcar::risk
{

/**
 * The canal's sections, seen by rays from its middle outwards at heights from the inferior to the
 * superior endplate. Where a ray meets no bone (beside and below the pedicles the ring is open) the
 * section ends where the narrowest other section ends in that direction. Sections without a
 * posterior wall in front are left out. Empty when the anatomy has no canal, or when some direction
 * is open at every height.
 */
std::vector<CanalSection> find_canal(const VertebraProbe& probe);

/// The bone behind the middle of the canal: pedicles and laminae.
std::vector<SurfaceHit> rear_of(const std::vector<CanalSection>& canal);

/// Area of a closed outline seen along the cranial axis, mm^2.
double area_of(const std::vector<Vec3>& outline);

} // namespace calcar::risk
