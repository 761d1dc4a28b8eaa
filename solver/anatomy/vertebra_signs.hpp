#pragma once

#include "anatomy/femur_side.hpp"
#include "anatomy/vertebra_parts.hpp"

#include <optional>
#include <string>
#include <vector>

namespace calcar::anatomy
{

/**
 * What the shape says about up and down, the parts being measured along axes whose cranial
 * direction is a guess: positive speaks for the guess, negative against it. Pedicles spring from
 * the upper half of the body, the posterior elements hang down behind it, the spinous process
 * points down, the pillars of the joints slant backwards from top to bottom, the superior joints
 * lie further apart than the inferior ones, the inferior endplate is the larger one.
 */
std::vector<SideSign> cranial_signs(const BoneShape& shape, const VertebraParts& parts);

/// What the shape says about front and back, likewise: the canal and most of what is not body lie
/// behind it, and its posterior wall is hollow.
std::vector<SideSign> anterior_signs(const BoneShape& shape, const ThickPart& part,
                                     const VertebraParts& parts);

/// What the image says about a direction that is guessed to be `towards` in the patient (LPS,
/// unit); nothing when it lies more than 45 degrees off that line.
std::optional<SideSign> sign_from_image(Vec3 guessed, Vec3 towards);

/// The directions to be told apart, in words: "cranial" with "up and down".
struct Doubt
{
  std::string direction;
  std::string both;
};

/**
 * How sure the guess is, -1 to 1, negative when it is to be turned round; InputError (data) when
 * shape and image tell nothing, when the shape contradicts itself, or when it contradicts the image
 * of a patient, naming the signs.
 */
double decide_direction(const std::vector<SideSign>& shape_signs,
                        const std::optional<SideSign>& image_sign, Orientation orientation,
                        const Doubt& doubt, const std::string& place);

} // namespace calcar::anatomy
