#pragma once

#include "implant/site.hpp"

#include <string>

namespace calcar::implant
{

/**
 * The joint ("hip", "knee", "ankle", "shoulder", "elbow") on whose surface a place of the bone's
 * surface lies; empty where there is none. By landmarks and the way the surface faces: balls of
 * femur and humerus to 1.2 of their radius on the side away from neck or shaft; of condyles,
 * plateau, plafond and elbow what does not face medial or lateral within 10 to 35 mm of the joint.
 * A choice of this project, on the wide side: a capsule reaches farther than the cartilage.
 */
std::string joint_at(const Site& site, Vec3 place);

/// Unit normal of the bone's surface near a place, outwards, felt over 2 mm.
Vec3 outwards_at(const Site& site, Vec3 place);

} // namespace calcar::implant
