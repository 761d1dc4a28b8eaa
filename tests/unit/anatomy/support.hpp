#pragma once

#include "anatomy/find_anatomy.hpp"
#include "anatomy/synthetic_femur.hpp"
#include "base/error.hpp"

#include <functional>
#include <string>

namespace calcar::anatomy::test
{

image::Mask femur_mask(const SyntheticFemur& femur);

/// The standard femur in 2 mm voxels.
FemurShape quick_femur(Side side);

/// The n-th of a fixed row of femora: sides, sizes and poses differ.
FemurShape varied_femur(int n);

/// The mask without the voxels whose centre does not pass `keep`.
image::Mask kept(image::Mask mask, const std::function<bool(Vec3)>& keep);

/// A mask of 2 mm voxels from a solid, in a box of +-70 x 70 x 200 mm.
image::Mask mask_of(const std::function<double(const Vec3&)>& distance);

/// What an input error says; "" when none is thrown.
std::string refusal(const std::function<void()>& work);

/// What find_anatomy says against a mask.
std::string refusal(const image::Mask& mask, const AnatomyOptions& options = {});

} // namespace calcar::anatomy::test
