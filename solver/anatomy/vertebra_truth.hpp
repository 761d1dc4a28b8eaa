#pragma once

#include "anatomy/vertebra_shape.hpp"

namespace calcar::anatomy
{

/// What is true of a synthetic vertebra, in the coordinates it is built in.
struct VertebraTruth
{
  std::map<std::string, Vec3> landmarks;
  std::map<std::string, Measure> measures;
};

/**
 * The landmarks of anatomy/vertebra.hpp from the shape: centroids by adding up over fine grids,
 * sections of the pedicles by flooding planes, tips as the farthest points. Right to about 0.2 mm.
 */
VertebraTruth vertebra_truth(const VertebraShape& shape);

} // namespace calcar::anatomy
