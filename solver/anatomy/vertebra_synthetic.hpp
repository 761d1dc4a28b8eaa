#pragma once

#include "anatomy/synthetic_segment.hpp"
#include "anatomy/vertebra_shape.hpp"

#include <memory>

namespace calcar::anatomy
{

/// A synthetic vertebra in the coordinates of its frame, without neighbours.
struct FramedVertebra
{
  SyntheticBody body;
  Placement frame; ///< in the coordinates the shape is built in
};

/// The vertebra of this shape: densities, cortex, landmarks, and a child's growth plates.
FramedVertebra framed_vertebra(const std::shared_ptr<const VertebraShape>& shape,
                               const SyntheticPerson& person, const std::string& level);

} // namespace calcar::anatomy
