#pragma once

#include "anatomy/bone_anatomy.hpp"
#include "image/volume.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace calcar::report
{

/// What stands beside the views.
struct PictureWords
{
  std::string title;              ///< "Left femur"
  std::vector<std::string> notes; ///< confidence, warnings: one line each
};

/**
 * Draws the bone from three anatomical directions (front, side, above) with its landmarks as
 * numbered dots, filled where they lie on the near side and open where bone is in front of them,
 * their names, the directions at the edges, a scale and the landmarks that are not in the image, so
 * that a person can check them. PNG of at most 1600 x 1400 pixels, written to a temporary name and
 * renamed. Throws InputError (command) when the file cannot be written.
 */
void write_landmark_picture(const std::filesystem::path& file, const image::Mask& mask,
                            const anatomy::BoneAnatomy& bone, const PictureWords& words);

/// The landmarks in the order of their numbers in the picture.
std::vector<std::string> numbered_landmarks(const anatomy::BoneAnatomy& bone);

} // namespace calcar::report
