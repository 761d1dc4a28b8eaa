#pragma once

#include "image/volume.hpp"

namespace calcar::image
{

/// How the values of an image are spread.
struct Spread
{
  double least = 0;
  double most = 0;
  double low = 0;  ///< one voxel in a thousand lies below
  double high = 0; ///< one voxel in a thousand lies above
};

Spread spread_of(const Volume& volume);

/// Values of an image inside a mask.
struct InsideMask
{
  std::size_t voxels = 0;
  double mean = 0;
  double deviation = 0; ///< standard deviation
  double least = 0;
  double most = 0;
};

/// Both must lie on one grid; an empty mask gives zeros.
InsideMask values_inside(const Volume& volume, const Mask& mask);

/**
 * Refuses an image that cannot be what is promised; InputError (data) at its file, with the remedy.
 * The limits stand in intensity.cc. In HU air is -1000, fat -100, water 0 and dense bone up to
 * 2000; a density image has no air below -950 mg/cm3 and no bone above 3 g/cm3.
 */
void require_hounsfield(const Volume& volume);

/// `unit` is "mg/cm3" or "g/cm3".
void require_density(const Volume& volume, const std::string& unit);

} // namespace calcar::image
