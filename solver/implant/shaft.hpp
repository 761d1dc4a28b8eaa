#pragma once

#include "implant/site.hpp"

#include <vector>

namespace calcar::implant
{

/**
 * Centres of the shaft's sections every 10 mm, proximal to distal: those of the anatomy, and of a
 * bone that is not whole as far beyond them as its mask goes on as a shaft (a stump extended by
 * anatomy::extend_shaft). Of a femur cut off so short that none were found, from below the lesser
 * trochanter on. Empty when there is no shaft.
 */
std::vector<Vec3> shaft_centres(const Site& site);

} // namespace calcar::implant
