#pragma once

#include "anatomy/synthetic_bone.hpp"
#include "implant/place.hpp"

#include <optional>
#include <string>
#include <vector>

/// Synthetic bones to put implants in.
namespace implant_test
{
using namespace calcar;

struct Plan
{
  anatomy::BoneKind kind = anatomy::BoneKind::femur;
  anatomy::Side side = anatomy::Side::left;
  double voxel_mm = 2;
  std::optional<double> age_years;
  Mat3 turn = identity();
  anatomy::Dimensions dimensions;
  anatomy::Crop crop;
};

/// A bone in its image; not to be copied, since sites look into it.
struct Bone
{
  explicit Bone(const Plan& plan);
  Bone(const Bone&) = delete;
  Bone& operator=(const Bone&) = delete;

  anatomy::SyntheticScan scan;
  image::Mask mask;
  std::optional<image::Mask> plates;
  lesion::Ground ground;
  implant::Site site;

  /// Adds a ball of tumour at a landmark with its offset, or about a point.
  void add_lesion(const std::string& name, Vec3 centre, double radius_mm);
};

/// The adult femur of 2 mm voxels that several tests share: read only.
const Bone& femur();

implant::Fixation placed(const Bone& bone, const std::string& name,
                         const implant::Request& request = {});

/// The message with which a placement is refused; "" when it is not.
std::string refusal(const Bone& bone, const std::string& name,
                    const implant::Request& request = {});

bool warns(const implant::Fixation& fixation, const std::string& code);

} // namespace implant_test
