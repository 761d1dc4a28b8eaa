#pragma once

#include "anatomy/find_anatomy.hpp"
#include "anatomy/synthetic_bone.hpp"

#include <string>
#include <vector>

namespace calcar::benchmark
{

/// One synthetic bone in one pose: everything that is drawn at random, the same for the same
/// number and seed.
struct LandmarkTrial
{
  anatomy::BoneKind kind = anatomy::BoneKind::femur;
  int number = 0;
  anatomy::SyntheticPerson person;
  std::string piece; ///< empty: the whole bone
  anatomy::ScanSettings settings;
  anatomy::AnatomyOptions options;
};

/**
 * The n-th trial of a bone in the row of a seed. Every third is a piece of it. Rotations are of any
 * size where a bone's shape tells its directions, up to 35 degrees of a rib, a skull and a
 * vertebral body alone, none of their pieces, whose headers say why; bones turned further than that
 * are specimens, since no patient lies so.
 */
LandmarkTrial landmark_trial(anatomy::BoneKind kind, int number, int seed);

/// "female 11 years osteopenic left L3, turned 123 degrees, size 1.04, voxels 1.8 mm"
std::string words_of(const LandmarkTrial& trial);

/// How far a landmark was found from its true place.
struct LandmarkError
{
  std::string name;
  double distance_mm = 0;
};

/// What became of a trial.
struct LandmarkOutcome
{
  std::string refusal; ///< empty: found
  bool wrong_side = false;
  bool needed_side = false; ///< refused until the side was told, as every case file tells it
  std::vector<LandmarkError> errors;
  std::vector<std::string> missing; ///< true landmarks well inside the image that were not found
  double axis_error_deg = 0;        ///< the largest of the three axes
};

/**
 * Makes the bone, finds its landmarks and compares, the side not being told unless it is refused
 * without. The isthmus counts across the shaft only: along
 * a shaft that is nearly a tube its place is not sharp. The axes of a rib piece are not compared:
 * they are the piece's own.
 */
LandmarkOutcome try_landmarks(const LandmarkTrial& trial);

} // namespace calcar::benchmark
