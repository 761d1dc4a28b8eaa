#pragma once

#include "lesion/lesion.hpp"

namespace calcar::lesion
{

/// The outline of a lesion: no point of it is farther from the centre than the reach.
struct Outline
{
  geometry::Solid solid;
  Vec3 centre; ///< LPS mm
  double reach_mm = 0;
};

/// Where the bone's girth is for a lesion: at its centre, about its axis and direction. Throws
/// InputError as girth_at() says.
Girth girth_of(const Lesion& lesion, const Ground& ground);

/// The shapes that follow the wall of the bone (lesion_shape.hpp says what they are).
Outline cortical_breach(const Lesion& lesion, const Ground& ground);
Outline endosteal_scalloping(const Lesion& lesion, const Ground& ground);
Outline transcortical_hole(const Lesion& lesion, const Ground& ground);
Outline biopsy_hole(const Lesion& lesion, const Ground& ground);

/// Balls of hole_diameter_mm whose centres are those seeds of a lattice (holes_per_cm3 of them)
/// that lie inside an ellipsoid.
Outline permeative(const Lesion& lesion, const Ground& ground);

} // namespace calcar::lesion
