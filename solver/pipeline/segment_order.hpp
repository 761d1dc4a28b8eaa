#pragma once

#include "anatomy/bone_anatomy.hpp"

#include <string>
#include <vector>

namespace calcar::pipeline
{

/**
 * Refuses vertebrae that do not stand on each other as their levels say: a label that was swapped
 * or left out would give a wrong answer that looks right. Between each two neighbours the cranial
 * axes and the right-left axes differ by at most 45 degrees, the upper body lies on the cranial
 * side of the lower one, the facing endplates are apart by no more than three quarters of a body's
 * height and overlap by no more than a tenth, and the bodies are offset by no more than 60 % of
 * their depth. The bounds are the project's own: healthy neighbours differ by up to 20 degrees, and
 * are apart by up to 15 mm. Throws InputError (data) at `place`.
 */
void require_in_order(const std::vector<anatomy::BoneAnatomy>& vertebrae, const std::string& place);

} // namespace calcar::pipeline
