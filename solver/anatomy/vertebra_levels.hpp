#pragma once

#include "anatomy/synthetic_bone.hpp"

#include <string>
#include <vector>

namespace calcar::anatomy
{

/// The levels that materials/anatomy/vertebra_levels.toml tells about, cranial to caudal: T1 to L5.
const std::vector<std::string>& vertebra_levels();

/**
 * The dimensions of one level from those of L3: lengths times the ratio of the level to L3, its
 * angles added as superior_facet_deg, inferior_facet_deg, spinous_slant_deg,
 * transverse_backward_deg and disc_wedge_deg (of the disc below, positive when higher in front). An
 * empty level is L3. Throws InputError (command) for an unknown level, listing the known ones.
 */
Dimensions at_level(const Dimensions& of_l3, const std::string& level);

} // namespace calcar::anatomy
