#include "pelvis_support.hpp"

#include <algorithm>

namespace calcar::anatomy::test
{

image::Mask labelled(const image::LabelMap& labels, const std::vector<int>& wanted)
{
  image::Mask mask;
  mask.grid = labels.grid;
  for (const int label : labels.values)
  {
    mask.values.push_back(std::count(wanted.begin(), wanted.end(), label) > 0 ? 1 : 0);
  }
  return mask;
}

SyntheticPerson person(Side side, double size)
{
  SyntheticPerson p;
  p.side = side;
  p.size = size;
  return p;
}

SyntheticBody alone(const SyntheticPerson& p, const Dimensions& given)
{
  SyntheticBody body = synthetic_bone(BoneKind::pelvis, p, given);
  body.neighbours.clear();
  return body;
}

Scan scanned(const SyntheticBody& body, const ScanSettings& settings)
{
  const SyntheticScan scan = make_scan(body, settings);
  return {labelled(scan.labels, {1, 2}), scan.truth};
}

ScanSettings coarse(double voxel_mm)
{
  ScanSettings settings;
  settings.voxel_mm = voxel_mm;
  return settings;
}

} // namespace calcar::anatomy::test
