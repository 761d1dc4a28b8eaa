#pragma once

#include "bodies/problem.hpp"

/// Metal in bone: nail and screws are four orders of magnitude stiffer than the marrow around them.
namespace test_bodies
{

/// A straight nail of titanium in soft marrow inside a bowed tube of compact bone: nail and bone
/// touch nowhere, or on one side only when the width is small. Contrast 1.1e4.
inline VoxelBody nail_in_marrow(int width, int length)
{
  return make_body({width, width, length},
                   [=](int i, int j, int k)
                   {
                     const double bow = 0.06 * width * std::sin(3.14159265 * k / length);
                     const double x = i + 0.5 - 0.5 * width, y = j + 0.5 - 0.5 * width;
                     if (std::hypot(x, y) < 0.1 * width)
                       return titanium;
                     const double radius = std::hypot(x - bow, y) / width;
                     if (radius >= 0.42)
                       return 0.0;
                     return radius > 0.3 ? cortex : marrow;
                   });
}

/// The same with steel in marrow of 2 MPa (contrast 1e5) and two locking screws through the bone at
/// a fifth and four fifths of the length, which tie nail and cortex together.
inline VoxelBody locked_nail(int width, int length)
{
  return make_body({width, width, length},
                   [=](int i, int j, int k)
                   {
                     const double x = i + 0.5 - 0.5 * width, y = j + 0.5 - 0.5 * width;
                     const double radius = std::hypot(x, y) / width;
                     if (radius < 0.12)
                       return steel;
                     if (radius >= 0.42)
                       return 0.0;
                     const double screw = std::max(1.0, 0.04 * width);
                     if (std::hypot(y, k + 0.5 - 0.2 * length) < screw ||
                         std::hypot(y, k + 0.5 - 0.8 * length) < screw)
                       return steel;
                     return radius > 0.3 ? cortex : 2.0;
                   });
}

} // namespace test_bodies
