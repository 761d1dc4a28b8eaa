#pragma once

#include "anatomy/bone_anatomy.hpp"
#include "anatomy/skull_surface.hpp"

#include <optional>

namespace calcar::anatomy
{

/**
 * The point of the outer surface farthest in a direction: the top of the paraboloid fitted to the
 * surface within 30 mm around the first guess. Nothing when the surface ends around it, so that the
 * farthest point may lie beyond what is seen.
 */
std::optional<Vec3> farthest_on_vault(const std::vector<Vec3>& outer, Vec3 centre, Vec3 direction);

/// Adds landmarks, thickness and the middle of the lower end to a bone whose frame is built.
void add_skull_landmarks(const VaultSurface& surface, BoneAnatomy& bone);

} // namespace calcar::anatomy
