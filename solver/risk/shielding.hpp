#pragma once

#include "risk/fixation.hpp"

namespace calcar::risk
{

/**
 * The share of the twin's strain energy per volume that each region has lost, 1 - energy / twin's,
 * the most shielded first. Regions whose energy in the twin is less than a hundredth of that of its
 * most strained one are left out: a share of nothing says nothing. So are regions that only one of
 * both bodies has.
 */
std::vector<Shielding> shielding(const std::map<std::string, double>& energy,
                                 const std::map<std::string, double>& twin);

} // namespace calcar::risk
