#pragma once

#include "bodies/problem.hpp"

/// Shafts of long bones, along k.
namespace test_bodies
{

/**
 * A bowed tube of compact bone, outer radius 0.38 and inner 0.26 of the width, filled with spongy
 * bone, with a hole in its wall that marrow fills: a lytic lesion. A slender one (length of 400
 * voxels and more) tests that the number of iterations does not grow with the length.
 */
inline VoxelBody bone_shaft(int width, int length)
{
  return make_body({width, width, length},
                   [=](int i, int j, int k)
                   {
                     const double bow = 0.1 * width * std::sin(3.14159265 * k / length);
                     const double x = i + 0.5 - 0.5 * width - bow, y = j + 0.5 - 0.5 * width;
                     const double radius = std::hypot(x, y) / width;
                     if (radius >= 0.38)
                       return 0.0;
                     if (x > 0 && std::hypot(y, k + 0.5 - 0.5 * length) / width < 0.12)
                       return marrow;
                     return radius > 0.26 ? cortex : spongy_bone;
                   });
}

/**
 * A soft tumour (0.1 MPa) that fills a third of the shaft's length and has eaten the wall to half
 * on one side, against hard cortex (20 GPa): the largest contrast of one bone, 2e5, along a smooth
 * interface.
 */
inline VoxelBody tumour_in_shaft(int width, int length)
{
  return make_body({width, width, length},
                   [=](int i, int j, int k)
                   {
                     const double x = i + 0.5 - 0.5 * width, y = j + 0.5 - 0.5 * width;
                     const double radius = std::hypot(x, y) / width;
                     if (radius >= 0.45)
                       return 0.0;
                     const double along = std::abs(k + 0.5 - 0.5 * length) / width;
                     if (std::hypot(x / width - 0.15, y / width, along) < 0.27)
                       return 0.1;
                     return radius > 0.33 ? 20000.0 : spongy_bone;
                   });
}

/**
 * A metaphysis: a funnel whose cortex is one voxel thin (steps in the staircase surface hang
 * together by faces and edges), filled with weak spongy bone of 20 MPa.
 */
inline VoxelBody thin_cortex(int width, int length)
{
  const auto radius_at = [=](int k)
  { return 0.3 * width + 0.18 * width * std::abs(2.0 * k / length - 1); };
  return make_body({width, width, length},
                   [=](int i, int j, int k)
                   {
                     const double radius = std::hypot(i + 0.5 - 0.5 * width, j + 0.5 - 0.5 * width);
                     if (radius >= radius_at(k))
                       return 0.0;
                     return radius > radius_at(k) - 1 ? cortex : 20.0;
                   });
}

/**
 * A straight shaft whose cortex is crossed by a slit
 * one voxel wide through 80 % of the section, as a crack or a saw cut leaves it.
 */
inline VoxelBody slit_shaft(int width, int length)
{
  return make_body({width, width, length},
                   [=](int i, int j, int k)
                   {
                     const double radius =
                         std::hypot(i + 0.5 - 0.5 * width, j + 0.5 - 0.5 * width) / width;
                     if (radius >= 0.45 || (k == length / 2 && i < 0.8 * width))
                       return 0.0;
                     return radius > 0.3 ? cortex : spongy_bone;
                   });
}

} // namespace test_bodies
