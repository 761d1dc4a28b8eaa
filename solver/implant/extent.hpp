#pragma once

#include "implant/path.hpp"
#include "implant/site.hpp"

#include <optional>

namespace calcar::implant
{

/// A stretch of an implant's path, mm from its start; may lie before it or beyond its end.
struct Span
{
  double from = 0;
  double to = 0;
};

/// The stretch along which a lesion lies in the bone; nothing when no voxel of the bone is in it.
std::optional<Span> lesion_span(const Site& site, const lesion::PlacedLesion& lesion,
                                const Path& path);

/// Arc length of the place on a path, straight on beyond its ends, at the level of a point.
double level_on(const Path& path, Vec3 point);

/// Outer diameter of the bone about a point across an axis, mean of all directions, mm.
double bone_diameter(const Site& site, Vec3 point, Vec3 axis);

/// From the first to the last of all lesions' spans; nothing when none has one.
std::optional<Span> lesions_along(const Site& site, const Path& line);

} // namespace calcar::implant
