#pragma once

#include "material/protocol.hpp"

namespace calcar::material
{

/// What a protocol makes of one density.
struct PointProperties
{
  double ash = 0;        ///< g/cm3, between 0 and the cortical ceiling
  double youngs = 0;     ///< MPa
  double poisson = 0;    ///< 1
  double strength_c = 0; ///< MPa, compression, positive; of the strength law also where soft
  double strength_t = 0; ///< MPa, tension, positive
  bool soft = false;     ///< marrow or the like: never judged by a criterion
  bool tested = false;   ///< the density lies where the law was measured
};

/**
 * Properties at a point from its phantom-equivalent density in g/cm3 (of the image's phantom; a
 * conversion of the protocol is applied). Pure and free of look-ups by name: made to be called for
 * every voxel. NaN density gives NaN properties.
 */
PointProperties properties_at(const Protocol& protocol, double phantom_density);

/// The same from ash density, for tissue that is painted in: never soft.
PointProperties properties_of_ash(const Protocol& protocol, double ash_density);

/// Ash density in g/cm3 of a phantom-equivalent density, clamped as in properties_at.
double ash_density(const Protocol& protocol, double phantom_density);

} // namespace calcar::material
