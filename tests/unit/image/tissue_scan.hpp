#pragma once

#include "image/volume.hpp"

namespace calcar::image::test
{

/// A scan made for the histogram: air around a limb of fat with muscle and a bone inside.
struct TissueScan
{
  double air = -1000, fat = -100, muscle = 55, marrow = 150, cortex = 1500; ///< HU
  double noise = 15; ///< standard deviation, HU
  double blur = 1;   ///< passes of a box of three voxels: partial volume
  bool air_there = true;
  int size = 48; ///< voxels of 2 mm along each axis
};

struct TissueImages
{
  Volume ct;
  Mask bone;
  LabelMap
      tissues; ///< 1 air, 2 fat, 3 muscle, 4 cortical bone, without noise and blur, edges left out
};

TissueImages make_tissue_scan(const TissueScan& settings = {});

} // namespace calcar::image::test
