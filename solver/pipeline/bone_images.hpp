#pragma once

#include "image/acquisition.hpp"
#include "image/volume.hpp"
#include "pipeline/bone_input.hpp"
#include "report/results.hpp"

#include <optional>

namespace calcar::pipeline
{

/// The images of a bone, read and checked.
struct BoneImages
{
  image::Volume scan;
  image::Acquisition acquisition;
  image::Mask mask; ///< one piece, cavities filled; of a segment all its vertebrae
  std::optional<image::LabelMap> bones; ///< of a segment: n + 1 where its vertebra n is
  std::optional<image::Mask> growth_plates;
  std::size_t filled = 0;
  double dropped_share = 0;
  bool axes_repaired = false;
};

/// Reads CT and labels. Warnings and sources go into `results`. Throws InputError for images that
/// do not belong together, for a label that is not there and for a mask that cannot be such a bone.
BoneImages read_bone_images(const BoneInput& bone, report::Results& results);

/// The mask of a bone that is given by its surface, as cubes of `size_mm`.
image::Mask read_bone_surface(const BoneInput& bone, double size_mm, report::Results& results);

} // namespace calcar::pipeline
