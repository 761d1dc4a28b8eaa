#pragma once

#include "image/rasterise.hpp"

namespace test_bodies
{

/// The voxels whose centres a closed surface encloses, with `margin` voxels of room around it.
inline calcar::image::Mask rasterised(const calcar::geometry::TriangleSurface& surface,
                                      double spacing_mm, int margin)
{
  return calcar::image::rasterise(surface, spacing_mm, margin);
}

} // namespace test_bodies
