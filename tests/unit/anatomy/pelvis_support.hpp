#pragma once

#include "anatomy/find_anatomy.hpp"
#include "anatomy/synthetic_bone.hpp"

#include <vector>

namespace calcar::anatomy::test
{

/// The voxels of the labels given.
image::Mask labelled(const image::LabelMap& labels, const std::vector<int>& wanted);

SyntheticPerson person(Side side, double size = 1);

/// A hip bone alone: its neighbours take time and are looked at elsewhere.
SyntheticBody alone(const SyntheticPerson& p, const Dimensions& given = {});

/// A bone's mask and what is true of it.
struct Scan
{
  image::Mask mask;
  BoneAnatomy truth;
};

Scan scanned(const SyntheticBody& body, const ScanSettings& settings);

ScanSettings coarse(double voxel_mm);

} // namespace calcar::anatomy::test
