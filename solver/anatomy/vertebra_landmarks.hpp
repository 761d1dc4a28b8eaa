#pragma once

#include "anatomy/bone_anatomy.hpp"
#include "anatomy/vertebra_parts.hpp"

namespace calcar::anatomy
{

/// The landmarks that the parts hold themselves: body, endplates, walls, pedicles, canal; LPS.
std::map<std::string, Vec3> landmarks_of(const VertebraParts& parts);

/**
 * Facets, transverse and spinous processes, as far as they are there and the image does not end at
 * them, LPS. The facets are looked for at the joints' pillars: above the pedicles facing backwards,
 * at the lower ends facing forwards; the tips of the processes are the points farthest from the
 * centres of pedicle and canal.
 */
void add_processes(const BoneShape& shape, const VertebraParts& parts,
                   std::map<std::string, Vec3>& landmarks);

/// Heights, widths, areas and the wedge angle (positive: lower in front).
std::map<std::string, Measure> measures_of(const VertebraParts& parts);

} // namespace calcar::anatomy
