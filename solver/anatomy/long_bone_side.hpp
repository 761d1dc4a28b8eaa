#pragma once

#include "anatomy/bone_kind.hpp"
#include "base/vec3.hpp"

#include <optional>
#include <string>
#include <vector>

namespace calcar::anatomy
{

/// One sign of the side: positive speaks for a left bone, negative for a right one; 1 is as clear
/// as it gets.
struct SideSign
{
  std::string words; ///< "the lesser trochanter"
  double weight = 0;
};

/// How the image lies.
enum class Orientation
{
  patient, ///< the image's axes are the patient's: they must agree with the shape
  specimen ///< scanned in a tube or on a table: only the shape tells the side
};

/// A sign of the side from two directions of the bone that were found apart from each other:
/// (medial, anterior, proximal) is right-handed in a left bone. `weight` 0 to 1.
SideSign handed_sign(const std::string& words, Vec3 medial, Vec3 anterior, Vec3 proximal,
                     double weight);

/**
 * What the image says of a limb bone: with the shaft within 45 degrees of the patient's superior
 * direction, medial points to the patient's midline. Nothing when the shaft lies otherwise or
 * medial is not mostly left to right.
 */
std::optional<SideSign> medial_sign_from_image(const std::string& words, Vec3 medial,
                                               Vec3 proximal);

/// What a decision about the side is made of.
struct SideQuestion
{
  BoneKind kind = BoneKind::humerus;
  std::vector<SideSign> shape; ///< independent signs, positive for left
  std::optional<SideSign> image;
  Orientation orientation = Orientation::patient;
  std::optional<Side> expected;
  std::string place;
  std::string needed; ///< what must be seen for the side to be told
};

/**
 * The side, or InputError: when the signs of the shape are weak (their sum below 0.4), when one of
 * 0.35 or more contradicts the others, when the image contradicts the shape, or when the side is
 * not the expected one.
 */
Side decide_limb_side(const SideQuestion& question);

} // namespace calcar::anatomy
